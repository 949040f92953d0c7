package dev.goodhart.data.inspect;

import dev.goodhart.Preference;
import dev.goodhart.audit.Finding.Level;
import dev.goodhart.data.Example;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The same two responses to the same prompt compared more than once, or the same response labelled
 * more than once: do the verdicts agree? Where there are enough of them they say how noisy a label
 * is. If each label is wrong with probability e, independently of the other, two of them differ
 * with probability {@code d = 2e(1-e)}, so
 *
 * <pre>{@code e = (1 - √(1 - 2d)) / 2}</pre>
 *
 * with the interval of d carried over; a d of one half or more is coin tossing, e = 0.5.
 */
final class Contradictions implements Look {
  /** Fewer repeats than this are shown but no estimate is made of them. */
  private static final int ENOUGH = 20;

  private static final int COUNT_BITS = 16;
  private static final int MOST = (1 << COUNT_BITS) - 1;

  private final int show;

  /**
   * By unordered pair: the first line (32 bits), how often the one side won, how often the other.
   */
  private final LongMap verdicts;

  private final List<Shown> shown = new ArrayList<>();
  private long judged;

  Contradictions(int limit, int show) {
    this.verdicts = new LongMap(limit);
    this.show = show;
  }

  @Override
  public void see(Item item) {
    for (Example.Pair pair : item.pairs()) {
      Preference p = pair.preference();
      if (!p.isTie()) {
        see(item, p);
      }
    }
    if (item.example() instanceof Example.Labelled(var sample, var label) && label != 0.5) {
      long key = Hash.join(item.promptHash(), Hash.of(sample.response()));
      see(key, label > 0.5, item.line(), line -> Shown.of(item.line(), line, sample.response()));
    }
  }

  private void see(Item item, Preference p) {
    long chosen = Hash.of(p.probability() > 0.5 ? p.chosen() : p.rejected());
    long rejected = Hash.of(p.probability() > 0.5 ? p.rejected() : p.chosen());
    long key = Hash.join(item.promptHash(), Math.min(chosen, rejected), Math.max(chosen, rejected));
    see(key, chosen < rejected, item.line(), line -> Shown.of(item.line(), line, p));
  }

  /**
   * Counts a verdict.
   *
   * @param key of what it is about
   * @param yes which of the two verdicts it is
   * @param row how the row is shown when an earlier one, at a line, says the contrary
   */
  private void see(long key, boolean yes, long line, LongFunction<Shown> row) {
    judged++;
    long before = verdicts.get(key);
    long first = before == 0 ? Math.min(line, Integer.MAX_VALUE) : before >>> (2 * COUNT_BITS);
    long one = (before >>> COUNT_BITS) & MOST;
    long other = before & MOST;
    if ((yes ? other : one) > 0 && shown.size() < show) {
      shown.add(row.apply(first));
    }
    one = Math.min(MOST, one + (yes ? 1 : 0));
    other = Math.min(MOST, other + (yes ? 0 : 1));
    verdicts.put(key, (first << (2 * COUNT_BITS)) | (one << COUNT_BITS) | other);
  }

  @Override
  public List<Observation> observations() {
    if (judged == 0) {
      return List.of();
    }
    long[] sums =
        new long[4]; // contradictory pairs, couples of verdicts that differ, couples, repeats
    verdicts
        .values()
        .forEach(
            v -> {
              long one = (v >>> COUNT_BITS) & MOST;
              long other = v & MOST;
              long n = one + other;
              sums[0] += one > 0 && other > 0 ? 1 : 0;
              sums[1] += one * other;
              sums[2] += n * (n - 1) / 2;
              sums[3] += n - 1;
            });
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("contradictory", (double) sums[0]);
    figures.put("repeats", (double) sums[3]);
    figures.put("of", (double) judged);
    String says =
        sums[3] == 0
            ? "Nothing is judged twice."
            : sums[0] == 0
                ? Figure.count(sums[3]) + " repeated verdicts, none contradicts another."
                : Figure.count(sums[0])
                    + " of "
                    + Figure.count(verdicts.size())
                    + " things that were judged have verdicts both ways (A over B and B over A;"
                    + " good and bad).";
    Level level =
        sums[0] == 0 ? Level.FINE : 100 * sums[0] > verdicts.size() ? Level.ALARM : Level.NOTE;
    List<Observation> all = new ArrayList<>();
    all.add(Observation.of(level, "contradictions", says, figures).showing(shown));
    // Without a single contradiction nothing tells labels that were given again from rows that were
    // copied.
    if (sums[0] > 0 && sums[3] >= ENOUGH) {
      all.add(noise(sums[1], sums[2], sums[3]));
    }
    return all;
  }

  /**
   * The repeats, not the couples among them, count as cases: three verdicts are two repeats, but
   * three couples.
   */
  private static Observation noise(long differ, long couples, long repeats) {
    Share share = new Share((double) differ / couples * repeats, repeats);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("noise", flips(share.value()));
    figures.put("noise-low", flips(share.low()));
    figures.put("noise-high", flips(share.high()));
    figures.put("disagreement", share.value());
    figures.put("repeats", (double) repeats);
    return Observation.of(
        flips(share.low()) > 0.1 ? Level.ALARM : Level.NOTE,
        "label-noise-by-repeats",
        "About "
            + Figure.percent(flips(share.value()))
            + " ["
            + Figure.fixed(100 * flips(share.low()), 1)
            + ", "
            + Figure.fixed(100 * flips(share.high()), 1)
            + "] of the labels are wrong, judged by "
            + Figure.count(repeats)
            + " repeated verdicts of which "
            + Figure.percent(share.value())
            + " disagree; assumes that they were judged again, not copied, and err independently at"
            + " one rate.",
        figures);
  }

  /** The error rate of labels of which a share of couples disagrees. */
  static double flips(double disagreement) {
    return disagreement >= 0.5 ? 0.5 : (1 - Math.sqrt(1 - 2 * disagreement)) / 2;
  }
}
