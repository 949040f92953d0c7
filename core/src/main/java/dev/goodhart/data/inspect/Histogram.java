package dev.goodhart.data.inspect;

import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.List;

/**
 * How often each whole number from 0 up was seen: exact below 65,536, to 1 in 1,024 above, with the
 * exact largest and mean. Half a megabyte, whatever the file.
 */
public final class Histogram {
  private static final int EXACT = 1 << 16;
  private static final int WIDTH = 1 << 10;

  private final long[] exact = new long[EXACT];
  private final long[] coarse = new long[(int) ((1L << 31) / WIDTH)];
  private long count;
  private double sum;
  private int least = Integer.MAX_VALUE;
  private int largest;

  void add(int value) {
    if (value < EXACT) {
      exact[value]++;
    } else {
      coarse[value / WIDTH]++;
    }
    count++;
    sum += value;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }

  long count() {
    return count;
  }

  double mean() {
    return sum / count;
  }

  int least() {
    return least;
  }

  int largest() {
    return largest;
  }

  /** The smallest value that at least this share of all lies at or below. */
  int quantile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int value = 0; value < EXACT; value++) {
      seen += exact[value];
      if (seen >= wanted) {
        return value;
      }
    }
    for (int i = 0; i < coarse.length; i++) {
      seen += coarse[i];
      if (seen >= wanted) {
        return Math.min(largest, i * WIDTH + WIDTH / 2);
      }
    }
    return largest;
  }

  /** How many lie at or above a value. */
  long atLeast(int value) {
    long below = 0;
    for (int v = 0; v < Math.min(value, EXACT); v++) {
      below += exact[v];
    }
    for (int i = EXACT / WIDTH; i < value / WIDTH; i++) {
      below += coarse[i];
    }
    return count - below;
  }

  /**
   * The probability that a value of this is larger than one of the other, half of the ties
   * included: the area under the ROC curve when the values of this are those of the good.
   */
  double above(Histogram other) {
    double sum = 0;
    double below = 0;
    for (int v = 0; v < EXACT; v++) {
      sum += exact[v] * (below + other.exact[v] / 2.0);
      below += other.exact[v];
    }
    for (int i = 0; i < coarse.length; i++) {
      sum += coarse[i] * (below + other.coarse[i] / 2.0);
      below += other.coarse[i];
    }
    return sum / ((double) count * other.count);
  }

  /** Bars over ranges that double: {@code 64 ████████ 1,234}. */
  List<String> bars(int width) {
    List<String> lines = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    for (long start = 0; start <= largest; start = start == 0 ? 1 : 2 * start) {
      long end = start == 0 ? 1 : 2 * start;
      starts.add((int) start);
      counts.add(atLeast((int) start) - (end > largest ? 0 : atLeast((int) end)));
    }
    int first = 0;
    while (first < counts.size() - 1 && counts.get(first) == 0) {
      first++;
    }
    long most = counts.stream().mapToLong(c -> c).max().orElse(1);
    for (int i = first; i < counts.size(); i++) {
      int bar = (int) Math.round((double) width * counts.get(i) / Math.max(1, most));
      lines.add(
          "%9s ".formatted(Figure.count(starts.get(i)))
              + "█".repeat(counts.get(i) > 0 ? Math.max(1, bar) : 0)
              + " "
              + Figure.count(counts.get(i)));
    }
    return lines;
  }
}
