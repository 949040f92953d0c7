package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static int[] each(int n) {
    return IntStream.range(0, n).toArray();
  }

  /** {@code ones} ones among n. */
  private static double[] hits(int ones, int n) {
    return IntStream.range(0, n).mapToDouble(i -> i < ones ? 1 : 0).toArray();
  }

  @Test
  void aShareOfIndependentItemsIsBinomial() {
    // Redrawing 400 items of which 280 are ones is a binomial draw: its exact quantiles are the
    // interval.
    BinomialDistribution exact = new BinomialDistribution(400, 0.7);
    Interval interval = Bootstrap.of(1).share(each(400), hits(280, 400));
    assertEquals(0.7, interval.estimate(), 1e-12);
    assertEquals(exact.inverseCumulativeProbability(0.025) / 400.0, interval.low(), 0.006);
    assertEquals(exact.inverseCumulativeProbability(0.975) / 400.0, interval.high(), 0.006);
  }

  @Test
  void itemsOfOneClusterCountOnce() {
    // 100 clusters of four equal items are as uncertain as 100 items, not as 400: the standard
    // error doubles.
    int[] four = IntStream.range(0, 400).map(i -> i / 4).toArray();
    double[] equal = IntStream.range(0, 400).mapToDouble(i -> i / 4 < 70 ? 1 : 0).toArray();
    Interval clustered = Bootstrap.of(1).share(four, equal);
    BinomialDistribution exact = new BinomialDistribution(100, 0.7);
    assertEquals(exact.inverseCumulativeProbability(0.025) / 100.0, clustered.low(), 0.011);
    assertEquals(exact.inverseCumulativeProbability(0.975) / 100.0, clustered.high(), 0.011);
  }

  @Test
  void aPairedDifferenceIsSharperThanTwoIntervals() {
    // The second is right wherever the first is, and on 20 of 400 items more: both vary, their
    // difference hardly does.
    double[] one = hits(200, 400);
    double[] two = hits(220, 400);
    Interval difference =
        Bootstrap.of(1)
            .of(each(400), items -> Bootstrap.mean(two, items) - Bootstrap.mean(one, items));
    assertEquals(0.05, difference.estimate(), 1e-12);
    assertTrue(difference.isAbove(0.02) && difference.isBelow(0.08), difference.toString());
  }

  @Test
  void theSeedDecidesAndTheNumberOfThreadsDoesNot() throws Exception {
    double[] values =
        IntStream.range(0, 300).mapToDouble(i -> Math.sin(i * 12.9898) * 43758.5453 % 1).toArray();
    Interval parallel = Bootstrap.of(5).share(each(300), values);
    try (ForkJoinPool single = new ForkJoinPool(1)) {
      assertEquals(parallel, single.submit(() -> Bootstrap.of(5).share(each(300), values)).get());
    }
    assertNotEquals(parallel, Bootstrap.of(6).share(each(300), values));
  }

  @Test
  void oneClusterHasNoInterval() {
    Interval interval = Bootstrap.of(1).share(new int[] {7, 7, 7}, new double[] {0, 1, 1});
    assertEquals(2 / 3.0, interval.estimate(), 1e-12);
    assertFalse(interval.isBounded());
    assertFalse(interval.isAbove(0) || interval.isBelow(1), "an unknown interval excludes nothing");
  }

  @Test
  void nothingIsKnownOfNoItems() {
    assertFalse(Bootstrap.of(1).share(new int[0], new double[0]).isKnown());
  }

  @Test
  void whatIsNotKnownIsLeftOutOfAMean() {
    assertEquals(2, Bootstrap.mean(new double[] {1, Double.NaN, 3}, each(3)));
    assertEquals(Double.NaN, Bootstrap.mean(new double[] {Double.NaN}, each(1)));
  }

  @Test
  void quantilesInterpolate() {
    double[] sorted = {10, 20, 30, 40, 50};
    assertEquals(10, Bootstrap.quantile(sorted, 0));
    assertEquals(30, Bootstrap.quantile(sorted, 0.5));
    assertEquals(44, Bootstrap.quantile(sorted, 0.85), 1e-12); // 3.4 steps of 10 above 10
  }

  @Test
  void aConstantHasAnIntervalOfNoWidth() {
    double[] same = new double[50];
    Arrays.fill(same, 0.25);
    assertEquals(new Interval(0.25, 0.25, 0.25), Bootstrap.of(3).share(each(50), same));
  }

  @Test
  void parametersAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new Bootstrap(0, 0.95, 1));
    assertThrows(IllegalArgumentException.class, () -> new Bootstrap(10, 1, 1));
  }

  @Test
  void allHitsAreNotCertainty() {
    // The exact two-sided 95 % bound for 20 of 20: 0.025^(1/20) = 0.8316.
    Interval all = Bootstrap.of(1).share(each(20), hits(20, 20));
    assertEquals(1, all.estimate());
    assertEquals(0.8316, all.low(), 1e-4);
    assertEquals(1, all.high());
    Interval none = Bootstrap.of(1).share(each(20), hits(0, 20));
    assertEquals(0.1684, none.high(), 1e-4);
  }

  @Test
  void aShareLeavesOutWhatIsNotKnown() {
    double nan = Double.NaN;
    Interval share = Bootstrap.of(1).share(each(6), new double[] {1, 0, nan, 1, nan, 1});
    assertEquals(0.75, share.estimate());
    assertTrue(share.isBounded());
  }
}
