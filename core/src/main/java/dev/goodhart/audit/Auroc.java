package dev.goodhart.audit;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The area under the ROC curve: how often a good item scores above a bad one, over all such pairs;
 * a tie in scores counts half. 0.5 is chance, 1 perfect.
 *
 * <pre>
 * {@code (R - g (g + 1) / 2) / (g b)}   with R the sum of the g good items' mid-ranks among all g + b
 * </pre>
 *
 * <p>A label between 0 and 1 counts as good above one half, as bad below, and is left out at
 * exactly one half.
 */
public final class Auroc {
  /**
   * @param scores NaN for an item to leave out
   * @param labels the probability that the item is good, NaN for an item to leave out
   * @return NaN where there are no good items or no bad ones
   */
  public static double of(double[] scores, double[] labels, int[] items) {
    int[] known =
        Arrays.stream(items)
            .filter(i -> !Double.isNaN(scores[i]) && !Double.isNaN(labels[i]) && labels[i] != 0.5)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double ranks = 0;
    double good = 0;
    for (int from = 0; from < known.length; ) {
      int to = from;
      int goodHere = 0;
      while (to < known.length && scores[known[to]] == scores[known[from]]) {
        goodHere += labels[known[to++]] > 0.5 ? 1 : 0;
      }
      ranks += goodHere * (from + 1 + to) / 2.0;
      good += goodHere;
      from = to;
    }
    return (ranks - good * (good + 1) / 2) / (good * (known.length - good));
  }

  private Auroc() {}
}
