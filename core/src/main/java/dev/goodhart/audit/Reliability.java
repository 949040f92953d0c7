package dev.goodhart.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Whether a stated probability is what happens: items are sorted by their prediction and cut into
 * bins of equal size; in each the mean prediction is held against the share of hits.
 *
 * <pre>{@code ECE = sum_b n_b / n |mean prediction_b - mean outcome_b|}</pre>
 *
 * <p>A bin never cuts through equal predictions, so the result does not depend on their order; bins
 * may then differ in size. The ECE of few items is above zero even for perfect predictions: hold it
 * against that of outcomes drawn from them.
 */
public final class Reliability {
  /**
   * @param predicted probabilities; NaN for an item to leave out
   * @param outcome what happened, in [0, 1]; NaN for an item to leave out
   * @param count of bins, at most; fewer when there are fewer distinct predictions
   * @return the items of each bin, the lowest predictions first
   */
  public static List<int[]> bins(double[] predicted, double[] outcome, int[] items, int count) {
    int[] order =
        Arrays.stream(items)
            .filter(i -> !Double.isNaN(predicted[i]) && !Double.isNaN(outcome[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> predicted[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> bins = new ArrayList<>();
    int from = 0;
    for (int b = 1; b <= count && from < order.length; b++) {
      int to = (int) Math.round((double) b * order.length / count);
      if (to <= from) {
        continue;
      }
      while (to < order.length && predicted[order[to]] == predicted[order[to - 1]]) {
        to++;
      }
      bins.add(Arrays.copyOfRange(order, from, to));
      from = to;
    }
    return bins;
  }

  /** The expected calibration error, in [0, 1]; NaN of no items. */
  public static double ece(double[] predicted, double[] outcome, int[] items, int count) {
    double error = 0;
    int all = 0;
    for (int[] bin : bins(predicted, outcome, items, count)) {
      error += bin.length * Math.abs(Bootstrap.mean(predicted, bin) - Bootstrap.mean(outcome, bin));
      all += bin.length;
    }
    return error / all;
  }

  private Reliability() {}
}
