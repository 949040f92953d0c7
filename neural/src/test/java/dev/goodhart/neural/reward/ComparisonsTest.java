package dev.goodhart.neural.reward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.signal.fit.Judgement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ComparisonsTest {
  private static final int[][] IDS = {{1, 2}, {3}, {4, 5, 6}, {7}, {8, 9}};

  private static Judgement pair(int prompt, int first, int second) {
    return new Judgement(prompt, first, second, 1, 0, 1);
  }

  @Test
  void aResponseInSeveralComparisonsGoesThroughTheModelOnce() {
    List<Comparisons> all =
        Comparisons.of(List.of(pair(0, 0, 1), pair(1, 3, 4), pair(0, 2, 1)), IDS, 100);
    assertEquals(2, all.size());
    Comparisons first = all.getFirst();
    assertArrayEquals(new int[] {0, 1, 2}, first.responses());
    assertEquals(List.of(pair(0, 0, 1), pair(0, 2, 1)), first.judgements());
    assertEquals(6, first.tokens());
    assertEquals(2, first.weight());
    assertArrayEquals(new int[] {3, 4}, all.get(1).responses());
    assertEquals(List.of(pair(1, 0, 1)), all.get(1).judgements());
  }

  @Test
  void aLabelIsOfOneResponse() {
    Judgement label = new Judgement(0, 2, Judgement.NONE, 0.25, 0, 2);
    Comparisons only = Comparisons.of(List.of(label), IDS, 100).getFirst();
    assertArrayEquals(new int[] {2}, only.responses());
    assertEquals(List.of(new Judgement(0, 0, Judgement.NONE, 0.25, 0, 2)), only.judgements());
  }

  @Property(tries = 100)
  void noJudgementIsLostAndNoPartIsLargerThanItMust(
      @ForAll @IntRange(min = 1, max = 12) int most,
      @ForAll List<@IntRange(min = 0, max = 24) Integer> couples) {
    List<Judgement> judgements = new ArrayList<>();
    for (int c : couples) judgements.add(pair(0, c / 5, c % 5));
    List<Judgement> back = new ArrayList<>();
    for (Comparisons part : Comparisons.of(judgements, IDS, most)) {
      assertTrue(part.tokens() <= most || part.judgements().size() == 1, part.toString());
      for (Judgement j : part.judgements()) {
        back.add(pair(0, part.responses()[j.first()], part.responses()[j.second()]));
        assertArrayEquals(IDS[part.responses()[j.first()]], part.sequences().get(j.first()));
      }
    }
    Comparator<Judgement> order =
        Comparator.comparingInt(Judgement::first).thenComparingInt(Judgement::second);
    judgements.sort(order);
    back.sort(order);
    assertEquals(judgements, back);
  }
}
