package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LabelAccuracyTest {
  private static int[] all(int n) {
    return IntStream.range(0, n).toArray();
  }

  @Test
  void theThresholdStandsBetweenBadAndGood() {
    assertEquals(
        2.5, LabelAccuracy.threshold(new double[] {1, 2, 3, 4}, new double[] {0, 0, 1, 1}, all(4)));
    // One bad response at the top cannot be had without losing two good ones.
    assertEquals(
        1.5, LabelAccuracy.threshold(new double[] {1, 2, 3, 4}, new double[] {0, 1, 1, 0}, all(4)));
    assertEquals(
        Double.NEGATIVE_INFINITY,
        LabelAccuracy.threshold(new double[] {1, 2}, new double[] {1, 1}, all(2)));
  }

  @Property
  void noOtherThresholdIsBetter(
      @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 0, max = 6) Integer> drawn,
      @ForAll long random) {
    int[] values = drawn.stream().mapToInt(Integer::intValue).toArray();
    double[] scores = IntStream.of(values).asDoubleStream().toArray();
    double[] labels =
        IntStream.range(0, values.length).mapToDouble(i -> (random >>> i) & 1).toArray();
    int best = 0;
    for (double t = -0.5; t < 7; t++) {
      best = Math.max(best, right(scores, labels, t));
    }
    assertEquals(
        best, right(scores, labels, LabelAccuracy.threshold(scores, labels, all(values.length))));
  }

  private static int right(double[] scores, double[] labels, double threshold) {
    return (int)
        IntStream.range(0, scores.length)
            .filter(i -> scores[i] > threshold == labels[i] > 0.5)
            .count();
  }

  @Test
  void goodResponsesAreToldFromBadOnes() {
    // Even prompts and odd prompts are separable at the same place, so the crossed thresholds are
    // right everywhere.
    AuditSet set = Sets.labelled(new int[] {0, 0, 1, 1, 2, 2, 3, 3}, 1, 0, 1, 0, 1, 0, 1, 0);
    LabelAccuracy labels =
        LabelAccuracy.of(set, Scores.of("r", 5, 1, 5, 1, 5, 1, 5, 1), Sets.bootstrap());
    assertEquals(1, labels.auroc().estimate());
    assertEquals(1, labels.accuracy().estimate());
    assertEquals(0.5, labels.good());
    assertEquals(4, set.comparisons().size(), "one pair a prompt");
  }

  @Test
  void anUnscoredResponseIsCounted() {
    AuditSet set = Sets.labelled(new int[] {0, 1, 2}, 1, 0, 1);
    LabelAccuracy labels = LabelAccuracy.of(set, Scores.of("r", 1, 0, Sets.NONE), Sets.bootstrap());
    assertEquals(1, labels.unscored());
    assertEquals(2, labels.responses());
    assertEquals(0, set.comparisons().size());
  }
}
