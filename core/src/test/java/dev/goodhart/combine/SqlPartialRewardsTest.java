package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.SqlPartialRewards.Guard;
import dev.goodhart.combine.SqlPartialRewards.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SqlPartialRewardsTest {
  private static final SqlPartialRewards ALL = of(Weights.PUBLISHED, true, true, Guard.OFF);

  private static SqlPartialRewards of(Weights weights, boolean format, boolean judge, Guard guard) {
    return new SqlPartialRewards(
        "query",
        format ? Optional.of("tags") : Optional.empty(),
        judge ? Optional.of("opinion") : Optional.empty(),
        weights,
        guard);
  }

  private static Map<String, Reward> parts(
      double match, double schema, double bigrams, double runs, double tags, Reward opinion) {
    Reward query =
        Reward.of(match)
            .withParts(
                Map.of(
                    "schema", Reward.of(schema),
                    "bigrams", Reward.of(bigrams),
                    "executes", Reward.of(runs)));
    return Map.of("query", query, "tags", Reward.of(tags), "opinion", opinion);
  }

  private static double value(Reward reward) {
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }

  @Test
  void sixPartsByTheirPublishedWeights() {
    // 3 + 0.5 + 0.25 + 1 + 1; a right query needs no opinion
    assertEquals(5.75, value(ALL.of(parts(1, 0.5, 0.25, 1, 1, Reward.of(1)))), 1e-15);
    assertEquals(5.75, value(ALL.of(parts(1, 0.5, 0.25, 1, 1, Reward.unscored("limit")))), 1e-15);
    // 2 * 0.5 + 0.5 + 0.25 + 1 + 0
    assertEquals(2.75, value(ALL.of(parts(0, 0.5, 0.25, 1, 0, Reward.of(0.5)))), 1e-15);
    assertEquals(0, value(ALL.of(parts(0, 0, 0, 0, 0, Reward.of(0)))), 0);
  }

  @Test
  void theMatchIsReadFromThePartsWhereTheSignalGivesSomethingElse() {
    var query =
        Reward.of(0.9)
            .withParts(
                Map.of(
                    "match", Reward.of(0),
                    "schema", Reward.of(1),
                    "bigrams", Reward.of(1),
                    "executes", Reward.of(1)));
    var plain = of(Weights.PUBLISHED, false, false, Guard.OFF);
    assertEquals(3, value(plain.of(Map.of("query", query))), 1e-15);
  }

  @Test
  void whatIsUnscoredStaysSo() {
    Reward asked = ALL.of(parts(0, 1, 1, 1, 1, Reward.unscored("limit: 3 calls")));
    assertEquals("limit: 3 calls", assertInstanceOf(Unscored.class, asked).reason());
    Map<String, Reward> none =
        Map.of("query", Reward.unscored("database"), "tags", Reward.of(1), "opinion", Reward.of(1));
    assertEquals("database", assertInstanceOf(Unscored.class, ALL.of(none)).reason());
  }

  @Test
  void aJudgeOnAnotherScaleAndAnotherKindOfSignalAreRefused() {
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> ALL.of(parts(0, 1, 1, 1, 1, Reward.of(7))))
            .getMessage()
            .contains("outside 0 to 1"));
    assertThrows(
        GoodhartException.class,
        () -> of(Weights.PUBLISHED, false, false, Guard.OFF).of(Map.of("query", Reward.of(1))));
  }

  /** 3 against 1 + 1, with the format 1 more, with the judge 2 more. */
  @Test
  void theBoundOfThePublishedWeights() {
    assertEquals(1, of(Weights.PUBLISHED, false, false, Guard.REFUSE).margin());
    assertEquals(0, of(Weights.PUBLISHED, true, false, Guard.REFUSE).margin());
    assertEquals(-1, of(Weights.PUBLISHED, false, true, Guard.OFF).margin());
    assertEquals(-2, ALL.margin());
    String says =
        assertThrows(
                IllegalArgumentException.class,
                () -> of(Weights.PUBLISHED, true, true, Guard.REFUSE))
            .getMessage();
    assertTrue(says.contains("up to 2.000 more") && says.contains("5.000"), says);
    assertEquals(0, of(new Weights(5, 2, 1, 1, 1, 1), true, true, Guard.REFUSE).margin());
  }

  @Test
  void aWrongQueryAboveARightOneUnderThePublishedWeights() {
    double right = value(ALL.of(parts(1, 0, 0, 1, 0, Reward.of(0))));
    double wrong = value(ALL.of(parts(0, 1, 1, 1, 1, Reward.of(1))));
    assertEquals(-ALL.margin(), wrong - right, 1e-15);
  }

  /** Whatever the weights: the margin is the worst case, and it is reached. */
  @Property(tries = 300)
  void noWrongQueryIsFurtherAboveARightOneThanTheMarginSays(
      @ForAll @Size(6) List<@DoubleRange(min = 0, max = 5) Double> w,
      @ForAll @Size(9) List<@DoubleRange(min = 0, max = 1) Double> v) {
    var rewards =
        of(
            new Weights(w.get(0), w.get(1), w.get(2), w.get(3), w.get(4), w.get(5)),
            true,
            true,
            Guard.OFF);
    double right =
        value(rewards.of(parts(1, v.get(0), v.get(1), 1, v.get(2), Reward.of(v.get(3)))));
    double wrong =
        value(
            rewards.of(
                parts(0, v.get(4), v.get(5), Math.rint(v.get(8)), v.get(6), Reward.of(v.get(7)))));
    assertTrue(right - wrong >= rewards.margin() - 1e-9);
  }

  @Test
  void weightsAreAtLeastZero() {
    assertThrows(IllegalArgumentException.class, () -> new Weights(3, -1, 1, 1, 1, 1));
    assertEquals(Set.of("query", "tags", "opinion"), ALL.parts());
  }
}
