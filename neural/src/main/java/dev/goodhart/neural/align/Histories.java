package dev.goodhart.neural.align;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.explore.Explore.History;
import java.util.HashMap;
import java.util.Map;

/** What is known of each prompt from the roll-outs so far. */
final class Histories {
  /** Running count, mean and sum of squared deviations (Welford). */
  private static final class Moments {
    private int n;
    private double mean;
    private double squares;

    void add(double value) {
      n++;
      double off = value - mean;
      mean += off / n;
      squares += off * (value - mean);
    }
  }

  private final Map<String, Moments> byPrompt = new HashMap<>();

  void add(String prompt, Reward reward) {
    if (reward instanceof Scored scored) {
      byPrompt.computeIfAbsent(prompt, p -> new Moments()).add(scored.value());
    }
  }

  History of(Sample prompt) {
    Moments m = byPrompt.get(prompt.id());
    if (m == null) return History.NONE;
    return new History(m.n, m.mean, m.n < 2 ? 0 : Math.sqrt(m.squares / (m.n - 1)));
  }
}
