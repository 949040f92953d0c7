package dev.goodhart.lab.style;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GoldTest {
  private static final Gold GOLD = new Gold(3, 1.5, 0.4, 0.1, 100, 0.2, 0.1, 0.15, 0.25, 0.3);

  @Test
  void everyTermByHand() {
    // content 3 * 2/4 - 1.5 * 1/4, context 0.4 (1 - e^-2), 3 strays, 30 words too many,
    // 1 - 2 * 2 compliments, 1 hedge too many, 2 repeats, a list of four facts
    Attributes a = new Attributes(4, 2, 1, 2, 3, 3, 2, 2, true, 130);
    double expected = 1.5 - 0.375 + 0.4 * (1 - Math.exp(-2)) - 0.3 - 0.6 - 0.3 - 0.15 - 0.5 + 0.3;
    assertEquals(expected, GOLD.of(a), 1e-12);
  }

  @Test
  void aListOfTwoCostsWhatAListOfThreeEarns() {
    assertEquals(-0.3, GOLD.of(new Attributes(2, 0, 0, 0, 0, 0, 0, 0, true, 10)), 1e-12);
    assertEquals(0.3, GOLD.of(new Attributes(3, 0, 0, 0, 0, 0, 0, 0, true, 10)), 1e-12);
  }

  @Property
  void oneMoreRightAnswerIsBetterAndOneMoreWrongOneWorse(
      @ForAll @IntRange(min = 2, max = 4) int asked,
      @ForAll @IntRange(max = 1) int right,
      @ForAll @IntRange(max = 300) int words) {
    Attributes a = new Attributes(asked, right, 0, 0, 0, 0, 0, 0, false, words);
    Attributes better = new Attributes(asked, right + 1, 0, 0, 0, 0, 0, 0, false, words);
    Attributes worse = new Attributes(asked, right, 1, 0, 0, 0, 0, 0, false, words);
    assertTrue(Gold.DEFAULT.of(better) > Gold.DEFAULT.of(a));
    assertTrue(Gold.DEFAULT.of(worse) < Gold.DEFAULT.of(a));
  }

  @Property
  void excessNeverPays(
      @ForAll @IntRange(min = 1, max = 50) int flattery,
      @ForAll @IntRange(min = 1, max = 50) int hedges,
      @ForAll @IntRange(max = 50) int repeats,
      @ForAll @IntRange(max = 50) int strays,
      @ForAll @IntRange(min = 100, max = 2000) int words) {
    double here =
        Gold.DEFAULT.of(
            new Attributes(3, 1, 1, 2, strays, flattery, hedges, repeats, false, words));
    for (Attributes more :
        new Attributes[] {
          new Attributes(3, 1, 1, 2, strays + 1, flattery, hedges, repeats, false, words),
          new Attributes(3, 1, 1, 2, strays, flattery + 1, hedges, repeats, false, words),
          new Attributes(3, 1, 1, 2, strays, flattery, hedges + 1, repeats, false, words),
          new Attributes(3, 1, 1, 2, strays, flattery, hedges, repeats + 1, false, words),
          new Attributes(3, 1, 1, 2, strays, flattery, hedges, repeats, false, words + 10)
        }) {
      assertTrue(Gold.DEFAULT.of(more) < here, more.toString());
    }
  }

  @Property
  void contextHelpsEverLess(@ForAll @IntRange(max = 20) int asides) {
    double here = Gold.DEFAULT.of(new Attributes(2, 1, 0, asides, 0, 0, 0, 0, false, 50));
    double one = Gold.DEFAULT.of(new Attributes(2, 1, 0, asides + 1, 0, 0, 0, 0, false, 50));
    double two = Gold.DEFAULT.of(new Attributes(2, 1, 0, asides + 2, 0, 0, 0, 0, false, 50));
    assertTrue(one > here && one - here > two - one);
  }
}
