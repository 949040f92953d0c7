package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegularisedRelevanceTest {
  private static final RegularisedRelevance OPEN = new RegularisedRelevance("n", "fit", "new");
  private static final RegularisedRelevance BOTH =
      new RegularisedRelevance(
          "n", "fit", "new", Optional.of("exact"), Optional.of("answer"), 3.5, 512);

  private static Map<String, Reward> parts(
      double n, double fit, double distinct, double exact, double answer) {
    return Map.of(
        "n", Reward.of(n),
        "fit", Reward.of(fit),
        "new", Reward.of(distinct),
        "exact", Reward.of(exact),
        "answer", Reward.of(answer));
  }

  private static double value(Reward reward) {
    return ((Scored) reward).value();
  }

  @Test
  void anOpenQuestionMultipliesLengthRelevanceAndNovelty() {
    assertEquals(2 * 1.5 * 0.5, value(OPEN.of(parts(200, 1.5, 0.5, 1, 9))), 1e-12);
    assertEquals(2 * 1.5 * 0.5, value(BOTH.of(parts(200, 1.5, 0.5, 0.4, 9))), 1e-12);
    assertEquals(0, value(OPEN.of(parts(200, -1.5, 0.5, 0, 0))), 0); // no penalty on length
  }

  @Test
  void aConstrainedQuestionPaysForTheAnswerAndNotForLength() {
    assertEquals(5.12 * 0.5, value(BOTH.of(parts(10, 9, 0.5, 1, 3.5))), 1e-12);
    assertEquals(2.56 * 0.5, value(BOTH.of(parts(10_000, 9, 0.5, 1, 1.75))), 1e-12);
  }

  @Test
  void onlyThePartsOfItsBranchNeedAReward() {
    Reward missing = Reward.unscored("no answer: none");
    Map<String, Reward> open =
        Map.of(
            "n", Reward.of(100),
            "fit", Reward.of(1),
            "new", Reward.of(1),
            "exact", Reward.of(0),
            "answer", missing);
    assertEquals(1, value(BOTH.of(open)), 1e-12);
    Map<String, Reward> constrained =
        Map.of(
            "n", missing,
            "fit", missing,
            "new", Reward.of(1),
            "exact", Reward.of(1),
            "answer", Reward.of(3.5));
    assertEquals(5.12, value(BOTH.of(constrained)), 1e-12);
    assertEquals(new Unscored("no answer: none"), OPEN.of(constrained));
    assertEquals(Set.of("n", "fit", "new", "exact", "answer"), BOTH.parts());
  }

  @Test
  void aTypeWithoutAnAnswerIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new RegularisedRelevance(
                "n", "fit", "new", Optional.of("exact"), Optional.empty(), 3.5, 512));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new RegularisedRelevance(
                "n", "fit", "new", Optional.empty(), Optional.empty(), 0, 512));
  }
}
