package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.audit.hack.Exploit;
import dev.goodhart.audit.hack.Force;
import dev.goodhart.audit.hack.Level;
import dev.goodhart.audit.hack.Trait;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Names how a reward is probably being hacked, from what moved in a run, and what is done about
 * that. For the moment after the alarm: monitors say that something is wrong, this says where to
 * look first.
 *
 * <p>The account behind it: what is truly wanted depends on rich features z of a response, the
 * evaluator sees a compression of them, e = C(z), and pays h(e). Three forces drive the two apart:
 * compression (responses that differ look alike), amplification (search finds what is overrated)
 * and co-adaptation (policy and evaluator share their blind spots). An {@link Exploit} sits at one
 * of four levels: feature, representation, evaluator, environment.
 *
 * <pre>{@code
 * move of a trait    = (mean now - mean before) / sqrt(var now / n + var before / m + 1/n² + 1/m²)
 * exploit            = among those with a signal of at least threshold, the deepest level;
 *                      of one level, the largest signal
 * force              = amplification if over-optimisation was found, co-adaptation if a fresh
 *                      evaluator disagrees ("fresh-evaluator"), else the exploit's own
 * }</pre>
 *
 * <p>The deepest level goes first, because an exploit moves shallower signals too: a response that
 * talks to the judge is longer. What comes out is a hypothesis with its evidence, several of them,
 * or none.
 *
 * <p>Source: arXiv 2604.13602 (the account and its levels); the rule is this project's own.
 *
 * @param threshold in standard errors, above 0; a finding that is an alarm counts as twice that, a
 *     note as half
 */
@Method(id = 83, source = "arXiv 2604.13602")
public record ProxyCompression(@Default("3.5") double threshold) {
  public ProxyCompression {
    if (!(threshold > 0 && Double.isFinite(threshold))) {
      throw new IllegalArgumentException("threshold must be finite and above 0, not " + threshold);
    }
  }

  /**
   * A guess at what is going on.
   *
   * @param evidence the signals that speak for it and how strongly
   */
  public record Hypothesis(Exploit exploit, Force force, Map<String, Double> evidence) {
    public Level level() {
      return exploit.level();
    }

    /** What to do, the exploit's own remedy first. */
    public List<String> remedies() {
      List<String> all = new ArrayList<>();
      all.add(exploit.remedy());
      all.addAll(force.remedies());
      return all;
    }

    private double strongest() {
      return evidence.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /** In one sentence, a note: a hypothesis is no alarm of its own. */
    public Finding finding() {
      List<String> shown = new ArrayList<>();
      evidence.forEach((name, value) -> shown.add(name + " " + Figure.of(value)));
      return new Finding(
          "proxy-compression",
          Finding.Level.NOTE,
          "Probably %s, at the level of the %s, by %s; seen in %s. First: %s."
              .formatted(
                  words(exploit),
                  words(level()),
                  words(force),
                  String.join(", ", shown),
                  exploit.remedy()),
          evidence);
    }
  }

  /** How every {@link Trait} moved, in standard errors, by its name in kebab case. */
  public static Map<String, Double> moves(List<String> before, List<String> now) {
    if (before.size() < 2 || now.size() < 2) {
      throw new IllegalArgumentException(
          "a move needs two responses before and two now, not %d and %d"
              .formatted(before.size(), now.size()));
    }
    Map<String, Double> moves = new LinkedHashMap<>();
    for (Trait trait : Trait.values()) {
      double[] was = before.stream().mapToDouble(trait::of).toArray();
      double[] is = now.stream().mapToDouble(trait::of).toArray();
      double n = is.length;
      double m = was.length;
      // 1/n² keeps one response of many that never did it before from being infinitely sure
      double variance = variance(is) / n + variance(was) / m + 1 / (n * n) + 1 / (m * m);
      moves.put(kebab(trait), (mean(is) - mean(was)) / Math.sqrt(variance));
    }
    return moves;
  }

  /** What monitors and audits found, as signals. */
  public Map<String, Double> signals(List<Finding> findings) {
    Map<String, Double> signals = new LinkedHashMap<>();
    for (Finding finding : findings) {
      double strength =
          switch (finding.level()) {
            case ALARM -> 2 * threshold;
            case NOTE -> threshold / 2;
            case FINE -> 0;
          };
      signals.merge(finding.name(), strength, Math::max);
    }
    return signals;
  }

  /**
   * All that speaks clearly enough, the most probable first; empty where nothing does.
   *
   * @param signals by name, in standard errors
   */
  public List<Hypothesis> explain(Map<String, Double> signals) {
    List<Hypothesis> hypotheses = new ArrayList<>();
    for (Exploit exploit : Exploit.values()) {
      Map<String, Double> evidence = new TreeMap<>();
      for (String name : exploit.signals()) {
        double value = signals.getOrDefault(name, 0.0);
        if (value >= threshold) {
          evidence.put(name, value);
        }
      }
      if (!evidence.isEmpty()) {
        hypotheses.add(new Hypothesis(exploit, force(exploit, signals), evidence));
      }
    }
    hypotheses.sort(
        Comparator.comparing(Hypothesis::level)
            .thenComparingDouble(Hypothesis::strongest)
            .reversed());
    return hypotheses;
  }

  /** The most probable one. */
  public Optional<Hypothesis> first(Map<String, Double> signals) {
    return explain(signals).stream().findFirst();
  }

  private Force force(Exploit exploit, Map<String, Double> signals) {
    if (signals.getOrDefault("fresh-evaluator", 0.0) >= threshold) {
      return Force.CO_ADAPTATION;
    }
    boolean past =
        signals.getOrDefault("over-optimisation", 0.0) >= threshold
            || signals.getOrDefault("over-optimisation-law", 0.0) >= threshold;
    return past ? Force.AMPLIFICATION : exploit.force();
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum / (values.length - 1);
  }

  private static String kebab(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
