package dev.goodhart.audit;

import dev.goodhart.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The utilities that a chooser acts as if it had: a random-utility model fitted to its forced
 * choices between outcomes. For a judge, a reward model or a policy whose values you want to read
 * in one table, test for coherence ({@link ValueAudit}) and turn into exchange rates ({@link
 * LogUtility}).
 *
 * <pre>{@code
 * U(o) ~ N(mu_o, v_o)         P(a over b) = Phi((mu_a - mu_b) / sqrt(v_a + v_b + 1e-5))
 * fit: the least sum over choices of  -p log P - (1 - p) log(1 - P),  p the share that took a
 * }</pre>
 *
 * <p>By Adam on mu and log v, all choices at once. Only differences over deviations are seen, so mu
 * is brought to mean 0 and variance 1 after every step and v divided by the same variance: without
 * it the scale drifts away. (Published is the same within the step; the loss does not change under
 * the move but for the 1e-5, so the two take the same direction.) It begins at the shares that each
 * option won. Where the choices on an option are all one-sided, likelihood alone has no maximum:
 * one v grows, its mu with it, and all others are squeezed together. Hence the {@code pull}, which
 * is not in the published method: without it the error of mu is 1.4 times as large on 60 options
 * with 700 pairs.
 *
 * <p>Source: arXiv 2502.08640, github.com/centerforaisafety/emergent-values.
 *
 * @param means mu, {@code [option]}, of mean 0 and variance 1
 * @param variances v, {@code [option]}, in the same unit squared
 */
@Method(id = 140, source = "arXiv 2502.08640")
public record ThurstonianUtilities(double[] means, double[] variances) {
  private static final double FLOOR = 1e-5;

  /**
   * How it is fitted.
   *
   * @param steps of Adam
   * @param rate of the first step; it falls to 0 along a line
   * @param pull how strongly each log v is drawn to their mean, in choices: a normal prior of
   *     deviation d on ten answers a pair is {@code 1 / (10 d^2)}; 0 is none
   */
  public record Fit(int steps, double rate, double pull) {
    /** As published, but for the falling rate. */
    public static final Fit PUBLISHED = new Fit(1000, 0.01, 0);

    /** For some hundred choices. */
    public static final Fit QUICK = new Fit(400, 0.05, 0.3);

    public Fit {
      if (steps < 1 || !(rate > 0 && rate <= 1) || !(pull >= 0)) {
        throw new IllegalArgumentException(
            "expected steps of at least 1, a rate in (0, 1] and a pull of at least 0, not %d, %s and %s"
                .formatted(steps, rate, pull));
      }
    }
  }

  /** How many options there are. */
  public int options() {
    return means.length;
  }

  /** The probability that {@code a} is taken over {@code b}. */
  public double probability(int a, int b) {
    return Gaussian.cumulative(margin(a, b));
  }

  private double margin(int a, int b) {
    return (means[a] - means[b]) / Math.sqrt(variances[a] + variances[b] + FLOOR);
  }

  /**
   * Fits them.
   *
   * @param options how many, at least 2; each should stand in some choice
   * @throws IllegalArgumentException if a choice names another option, or none says anything
   */
  public static ThurstonianUtilities fit(List<Choice> choices, int options, Fit fit) {
    return fit(choices, start(choices, options), fit);
  }

  /** Goes on from utilities of the same options that were fitted to other choices. */
  public static ThurstonianUtilities fit(List<Choice> choices, ThurstonianUtilities from, Fit fit) {
    int options = from.options();
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("no choices to fit utilities to");
    }
    double[] means = from.means.clone();
    double[] logs = Arrays.stream(from.variances).map(Math::log).toArray();
    Adam adam = new Adam(2 * options, fit.rate);
    double[] gradient = new double[2 * options];
    for (int step = 0; step < fit.steps; step++) {
      gradient(choices, means, logs, fit.pull, gradient);
      adam.step(gradient, means, logs, 1 - (double) step / fit.steps);
      standardise(means, logs);
    }
    return new ThurstonianUtilities(means, Arrays.stream(logs).map(Math::exp).toArray());
  }

  /** The mean share of its choices that each option won, at the scale of the fit. */
  private static ThurstonianUtilities start(List<Choice> choices, int options) {
    if (options < 2) {
      throw new IllegalArgumentException("expected at least 2 options, not " + options);
    }
    double[] won = new double[options];
    double[] asked = new double[options];
    for (Choice choice : choices) {
      if (Math.max(choice.a(), choice.b()) >= options) {
        throw new IllegalArgumentException(choice + " names none of " + options + " options");
      }
      won[choice.a()] += choice.share() - 0.5;
      won[choice.b()] -= choice.share() - 0.5;
      asked[choice.a()]++;
      asked[choice.b()]++;
    }
    for (int o = 0; o < options; o++) won[o] /= Math.max(1, asked[o]);
    standardise(won, new double[options]);
    double[] variances = new double[options];
    Arrays.fill(variances, 0.5);
    return new ThurstonianUtilities(won, variances);
  }

  private static void gradient(
      List<Choice> choices, double[] means, double[] logs, double pull, double[] gradient) {
    int options = means.length;
    Arrays.fill(gradient, 0);
    double usual = Arrays.stream(logs).average().orElseThrow();
    for (int o = 0; o < options; o++) {
      gradient[options + o] = pull * (logs[o] - usual) / choices.size();
    }
    for (Choice choice : choices) {
      int a = choice.a();
      int b = choice.b();
      double va = Math.exp(logs[a]);
      double vb = Math.exp(logs[b]);
      double variance = va + vb + FLOOR;
      double deviation = Math.sqrt(variance);
      double z = (means[a] - means[b]) / deviation;
      double p = choice.share();
      double slope = ((1 - p) * Gaussian.hazard(-z) - p * Gaussian.hazard(z)) / choices.size();
      gradient[a] += slope / deviation;
      gradient[b] -= slope / deviation;
      gradient[options + a] -= slope * z * va / (2 * variance);
      gradient[options + b] -= slope * z * vb / (2 * variance);
    }
  }

  private static void standardise(double[] means, double[] logs) {
    double mean = Arrays.stream(means).average().orElseThrow();
    double squares = 0;
    for (int o = 0; o < means.length; o++) {
      means[o] -= mean;
      squares += means[o] * means[o];
    }
    double variance = squares / means.length;
    if (!(variance > 1e-12)) return; // a chooser without any preference
    for (int o = 0; o < means.length; o++) {
      means[o] /= Math.sqrt(variance);
      logs[o] -= Math.log(variance);
    }
  }

  /** The mean over choices of their cross-entropy, in nats; ln 2 for a coin. */
  public double logLoss(List<Choice> choices) {
    return choices.stream()
        .mapToDouble(
            c -> {
              double z = margin(c.a(), c.b());
              return -c.share() * Gaussian.logCumulative(z)
                  - (1 - c.share()) * Gaussian.logCumulative(-z);
            })
        .average()
        .orElse(Double.NaN);
  }

  /** The share of choices whose likelier side has the higher mu; those at one half do not count. */
  public double accuracy(List<Choice> choices) {
    return choices.stream()
        .filter(c -> c.share() != 0.5)
        .mapToDouble(c -> means[c.a()] > means[c.b()] == c.share() > 0.5 ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * The choices with one more for each pair that was not asked and that is predicted with at least
   * {@code confidence}: labelled 1 or 0, as the prediction itself would not move the fit. As
   * published, before a last fit; it sharpens what is believed already, so leave it out where
   * probabilities matter.
   *
   * @param confidence above 1/2; 0.95 as published
   */
  public List<Choice> withPseudoLabels(List<Choice> choices, double confidence) {
    Set<Long> asked = new HashSet<>();
    choices.forEach(c -> asked.add(pair(c.a(), c.b())));
    List<Choice> all = new ArrayList<>(choices);
    for (int a = 0; a < options(); a++) {
      for (int b = a + 1; b < options(); b++) {
        double p = probability(a, b);
        if (Math.max(p, 1 - p) >= confidence && !asked.contains(pair(a, b))) {
          all.add(Choice.of(a, b, p > 0.5 ? 1 : 0));
        }
      }
    }
    return all;
  }

  static long pair(int a, int b) {
    return (long) Math.min(a, b) << 32 | Math.max(a, b);
  }

  /**
   * How far a lottery's own utility is from what it is expected to pay, {@code |mu(lottery) - sum_i
   * q_i mu(o_i)|}: 0 for a chooser that maximises expected utility.
   *
   * @param lottery its option
   * @param outcomes the options it may pay
   * @param odds their probabilities, which sum to 1
   */
  public double lotteryGap(int lottery, int[] outcomes, double[] odds) {
    double expected = 0;
    for (int i = 0; i < outcomes.length; i++) expected += odds[i] * means[outcomes[i]];
    return Math.abs(means[lottery] - expected);
  }

  /**
   * The share of free choices among several options that took one of the {@code top} with the
   * highest mu: whether the chooser does what it says it prefers.
   *
   * @param offered {@code [choice][options]}
   * @param chosen {@code [choice]}, an option each
   */
  public double maximises(int[][] offered, int[] chosen, int top) {
    double hits = 0;
    for (int i = 0; i < offered.length; i++) {
      double own = means[chosen[i]];
      long better = Arrays.stream(offered[i]).filter(o -> means[o] > own).count();
      hits += better < top ? 1 : 0;
    }
    return hits / offered.length;
  }

  /**
   * The share with which an assembly of citizens, each with utilities of its own, takes {@code a}
   * over {@code b}: a target to fine-tune a chooser to by cross-entropy, instead of one annotator's
   * taste.
   */
  public static double assembly(List<ThurstonianUtilities> citizens, int a, int b) {
    return citizens.stream().mapToDouble(c -> c.probability(a, b)).average().orElseThrow();
  }

  private static final class Adam {
    private final double rate;
    private final double[] first;
    private final double[] second;
    private int steps;

    Adam(int parameters, double rate) {
      this.rate = rate;
      first = new double[parameters];
      second = new double[parameters];
    }

    void step(double[] gradient, double[] means, double[] logs, double share) {
      steps++;
      double unbiased = Math.sqrt(1 - Math.pow(0.999, steps)) / (1 - Math.pow(0.9, steps));
      for (int k = 0; k < gradient.length; k++) {
        first[k] = 0.9 * first[k] + 0.1 * gradient[k];
        second[k] = 0.999 * second[k] + 0.001 * gradient[k] * gradient[k];
        double move = share * rate * unbiased * first[k] / (Math.sqrt(second[k]) + 1e-10);
        if (k < means.length) {
          means[k] -= move;
        } else {
          logs[k - means.length] -= move;
        }
      }
    }
  }
}
