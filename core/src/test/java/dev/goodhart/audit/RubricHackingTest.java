package dev.goodhart.audit;

import static dev.goodhart.audit.WatchedRun.alarms;
import static dev.goodhart.audit.WatchedRun.steps;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.audit.WatchedRun.Step;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RubricHackingTest {
  private static final boolean T = true;
  private static final boolean F = false;

  @Test
  void newCreditThatTheWholePanelRefusesIsExploitation() {
    double[] weights = {3, 2, -1};
    boolean[][] before = {{F, T, T}, {F, F, T}};
    boolean[][] now = {{T, T, F}, {T, T, T}};
    boolean[][][] panel = {
      {{F, F, F}, {T, F, T}},
      {{F, F, T}, {F, F, F}}
    };
    // New: sample 1 criterion 1 (3) and the unwanted criterion that is gone (1); sample 2 criteria
    // 1 (3) and 2 (2): 9. Refused by both judges: 3 of sample 1, 2 of sample 2: 5. The unwanted
    // one's absence is affirmed by the first judge.
    ExploitationRate rate = ExploitationRate.of(weights, before, now, panel);
    assertEquals(9, rate.credited());
    assertEquals(5, rate.wrongly());
    assertEquals(5 / 9.0, rate.rate().orElseThrow(), 1e-15);
  }

  @Test
  void withoutNewCreditThereIsNoRate() {
    boolean[][] same = {{T, F}};
    ExploitationRate rate =
        ExploitationRate.of(new double[] {1, 1}, same, same, new boolean[][][] {same});
    assertEquals(OptionalDouble.empty(), rate.rate());
  }

  @Test
  void theRatioOfSumsKeepsItsSignWhereTheMeanOfMeansLosesIt() {
    // Two responses, of 1 and of 100 tokens; with the rubric probabilities 0.1 and 0.9, without
    // 0.9 and 0.1. As often as they come: one short and nine long.
    double[] plain = new double[10];
    double[] rubric = new double[10];
    double[] lengths = new double[10];
    for (int i = 0; i < 10; i++) {
      plain[i] = Math.log(i == 0 ? 0.9 : 0.1);
      rubric[i] = Math.log(i == 0 ? 0.1 : 0.9);
      lengths[i] = i == 0 ? 1 : 100;
    }
    double log9 = Math.log(9);
    assertEquals((log9 - 9 * log9) / 901, InternalisationGap.of(plain, rubric, lengths), 1e-15);
    assertEquals(
        (log9 - 9 * log9 / 100) / 10,
        InternalisationGap.meanOfMeans(plain, rubric, lengths),
        1e-15);
    assertTrue(InternalisationGap.of(plain, rubric, lengths) < 0);
    assertTrue(InternalisationGap.meanOfMeans(plain, rubric, lengths) > 0.19);
  }

  @Test
  void aGapThatOpensAgainIsTold() {
    var told =
        alarms(
            new InternalisationGap(0.02, 5),
            60,
            t -> {
              double gap = -0.3 + 0.01 * Math.min(t, 30) - 0.02 * Math.max(0, t - 30);
              Map<String, Object> columns =
                  Map.of("log_prob", -20 + 10 * gap, "log_prob_rubric", -20.0, "tokens", 10);
              Sample sample = new Sample("", Prompt.of("x"), "y", null, columns);
              return new Step(List.of(sample), List.of(Reward.of(1)));
            });
    assertEquals(1, told.size());
    // Best at step 31 or 32; three errors of steps that differ by 0.01 to 0.02 come after.
    assertTrue(steps(told).getFirst() > 31 && steps(told).getFirst() < 40, told.toString());
  }

  @Test
  void samplesWithoutLogProbabilitiesArePassedOver() {
    assertEquals(
        List.of(),
        alarms(new InternalisationGap(0.02, 5), 40, t -> Step.responses(List.of("a", "b"))));
  }
}
