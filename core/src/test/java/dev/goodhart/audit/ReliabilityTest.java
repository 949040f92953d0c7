package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
  private static int[] all(int n) {
    return IntStream.range(0, n).toArray();
  }

  @Test
  void twoBinsByHand() {
    double[] predicted = {0.9, 0.6, 0.7, 0.8};
    double[] outcome = {1, 1, 0, 0};
    // Bins {0.6, 0.7} with mean 0.65 and half right, {0.8, 0.9} with mean 0.85 and half right.
    List<int[]> bins = Reliability.bins(predicted, outcome, all(4), 2);
    assertArrayEquals(new int[] {1, 2}, bins.get(0));
    assertArrayEquals(new int[] {3, 0}, bins.get(1));
    assertEquals((0.15 + 0.35) / 2, Reliability.ece(predicted, outcome, all(4), 2), 1e-12);
  }

  @Test
  void binsWeighByTheirSize() {
    // One bin of 3 (mean 0.5, observed 1/3) and, because equal predictions stay together, one of 1
    // (0.9, observed 1).
    double[] predicted = {0.5, 0.5, 0.5, 0.9};
    double[] outcome = {1, 0, 0, 1};
    assertEquals(
        0.75 * (0.5 - 1 / 3.0) + 0.25 * 0.1, Reliability.ece(predicted, outcome, all(4), 2), 1e-12);
  }

  @Test
  void perfectPredictionsHaveNoError() {
    double[] predicted = {0, 0, 1, 1};
    assertEquals(0, Reliability.ece(predicted, new double[] {0, 0, 1, 1}, all(4), 10));
  }

  @Test
  void ofNothingNothingIsKnown() {
    assertEquals(
        Double.NaN, Reliability.ece(new double[] {Double.NaN}, new double[] {1}, all(1), 10));
  }

  @Property
  void everyKnownItemIsInOneBinAndBinsAreInOrder(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 20) Integer> drawn,
      @ForAll @IntRange(min = 1, max = 12) int count) {
    int[] values = drawn.stream().mapToInt(Integer::intValue).toArray();
    double[] predicted = IntStream.of(values).mapToDouble(v -> v / 20.0).toArray();
    List<int[]> bins = Reliability.bins(predicted, predicted, all(values.length), count);
    assertArrayEquals(
        all(values.length), bins.stream().flatMapToInt(IntStream::of).sorted().toArray());
    for (int b = 1; b < bins.size(); b++) {
      int[] before = bins.get(b - 1);
      assertEquals(true, predicted[before[before.length - 1]] < predicted[bins.get(b)[0]]);
    }
    assertEquals(0, Reliability.ece(predicted, predicted, all(values.length), count), 1e-12);
  }
}
