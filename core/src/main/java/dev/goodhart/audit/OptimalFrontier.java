package dev.goodhart.audit;

import dev.goodhart.Method;
import dev.goodhart.audit.exact.BestOfN;
import dev.goodhart.audit.exact.Divergence;
import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.report.Axis;
import dev.goodhart.report.Figure;
import dev.goodhart.report.LineChart;
import dev.goodhart.report.Point;
import dev.goodhart.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The most reward that any policy can earn at a divergence from its base, what best-of-n earns, and
 * how far a trained policy is from either. For telling whether a run is worth more steps, another
 * beta, or no training at all: best-of-n needs none and comes close.
 *
 * <pre>{@code
 * optimum at D nats:   pi_D(y) = pi_0(y) exp(lambda r(y)) / Z,   KL(pi_D || pi_0) = D
 * any policy:          KL(pi || pi_D) = KL(pi || pi_0) - D + lambda (R_D - E_pi r)
 * }</pre>
 *
 * <p>With D the policy's own divergence the last line says how far it is from the optimum from two
 * figures that every trainer logs, its mean reward and its KL: {@code lambda (R_D - R)} nats. Long
 * responses make the two ways the same: a token's reward under best-of-exp(n D) and under the
 * optimum at n D nats agree to order log n / n ({@link dev.goodhart.audit.exact.IidTokens} has the
 * case that can be followed by hand).
 *
 * <p>From samples instead of known probabilities, {@link #sampled}: k responses a prompt show
 * nothing beyond log k nats, and their frontier lies too low near there. The rewards are those that
 * are optimised; what they are worth is {@link OverOptimisationLaw}'s question.
 *
 * <p>Source: arXiv 2404.01730.
 *
 * @param base probabilities of the base policy, {@code [prompts][responses]}
 * @param rewards of the same responses
 */
@Method(id = 69, source = "arXiv 2404.01730")
@SuppressWarnings("ArrayRecordComponent") // tables in a hot path
public record OptimalFrontier(double[][] base, double[][] rewards) {
  public OptimalFrontier {
    if (base.length == 0 || base.length != rewards.length) {
      throw new IllegalArgumentException(
          "base [%d] and rewards [%d] must have the same prompts, at least one"
              .formatted(base.length, rewards.length));
    }
    for (int x = 0; x < base.length; x++) {
      if (base[x].length == 0 || base[x].length != rewards[x].length) {
        throw new IllegalArgumentException(
            "prompt %d: base [%d] and rewards [%d] must have the same responses, at least one"
                .formatted(x, base[x].length, rewards[x].length));
      }
    }
  }

  /** From responses that were drawn from the base policy, each as likely as the others. */
  public static OptimalFrontier sampled(double[][] rewards) {
    double[][] base = new double[rewards.length][];
    for (int x = 0; x < base.length; x++) {
      base[x] = new double[rewards[x].length];
      Arrays.fill(base[x], 1.0 / rewards[x].length);
    }
    return new OptimalFrontier(base, rewards);
  }

  /**
   * A policy on or below the frontier.
   *
   * @param kl from the base policy, nats, mean over prompts
   * @param reward mean over prompts
   * @param strength of the tilt, 1/beta; NaN for what is no tilt
   */
  public record At(double kl, double reward, double strength) {}

  /**
   * Where a trained policy stands.
   *
   * @param optimum what the best policy at its divergence earns
   * @param shortfall the optimum less what it earns; below 0 only where figures do not fit together
   * @param fromOptimum {@code KL(policy || optimum)} in nats
   * @param needed nats that the optimum would need for the same reward; 0 where the base earns it
   */
  public record Gap(double optimum, double shortfall, double fromOptimum, double needed) {}

  /** The optimum at a divergence in nats, below {@link #farthest}. */
  public At at(double kl) {
    double strength = Tilt.strengthAt(base, rewards, kl);
    return tilt(strength);
  }

  /** The optimum for a weight beta = 1/strength of the divergence. */
  public At tilt(double strength) {
    double[][] policies = Tilt.of(base, rewards, strength);
    return new At(Divergence.kl(policies, base), mean(policies), strength);
  }

  /** Best-of-n, exactly. */
  public At bestOfN(double n) {
    double[][] policies = new double[base.length][];
    Arrays.setAll(policies, x -> BestOfN.distribution(base[x], rewards[x], n));
    return new At(Divergence.kl(policies, base), mean(policies), Double.NaN);
  }

  /** No tilt is as far as this: all mass on the best responses. */
  public double farthest() {
    double sum = 0;
    for (int x = 0; x < base.length; x++) {
      double most = Arrays.stream(rewards[x]).max().orElseThrow();
      double mass = 0;
      for (int y = 0; y < base[x].length; y++) {
        mass += rewards[x][y] == most ? base[x][y] : 0;
      }
      sum -= Math.log(mass);
    }
    return sum / base.length;
  }

  /**
   * Where a policy stands that earns {@code reward} at {@code kl} nats.
   *
   * @throws IllegalArgumentException if it is as far as {@link #farthest} or farther
   */
  public Gap gap(double reward, double kl) {
    At optimum = at(kl);
    double shortfall = optimum.reward() - reward;
    double low = 0;
    double high = optimum.strength();
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (mean(Tilt.of(base, rewards, middle)) < reward) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double needed = Divergence.kl(Tilt.of(base, rewards, low), base);
    return new Gap(optimum.reward(), shortfall, optimum.strength() * shortfall, needed);
  }

  /** The frontier, best-of-n and a run's checkpoints in one picture. */
  public LineChart chart(List<At> run) {
    double end =
        Math.min(
            0.95 * farthest(), Math.max(2, 1.2 * run.stream().mapToDouble(At::kl).max().orElse(2)));
    List<Point> frontier = new ArrayList<>();
    for (int i = 0; i <= 40; i++) {
      At at = at(end * i / 40);
      frontier.add(Point.of(at.kl(), at.reward()));
    }
    List<Point> best = new ArrayList<>();
    for (double n = 1; BestOfN.klBound(n) <= end && n < 1e6; n *= 2) {
      At at = bestOfN(n);
      best.add(Point.of(at.kl(), at.reward()));
    }
    List<Series> series = new ArrayList<>();
    series.add(new Series("optimum", frontier, Series.Style.LINE));
    series.add(new Series("best of 1, 2, 4, ...", best, Series.Style.DOTS));
    if (!run.isEmpty()) {
      series.add(
          new Series(
              "this run",
              run.stream().map(at -> Point.of(at.kl(), at.reward())).toList(),
              Series.Style.DOTS));
    }
    return new LineChart(
        "The most reward at each divergence",
        "Mean reward over the divergence from the base policy: of the best possible policy, of"
            + " best-of-n and of a run.",
        Axis.of("KL, nats"),
        Axis.of("reward"),
        series);
  }

  /** One sentence on where a policy stands. */
  public Finding finding(double reward, double kl) {
    Gap gap = gap(reward, kl);
    return new Finding(
        "optimal-frontier",
        Finding.Level.NOTE,
        "At %s nats the best policy would earn %s, this one earns %s; it is %s nats from that policy, and the same reward is to be had at %s nats."
            .formatted(
                Figure.of(kl),
                Figure.of(gap.optimum()),
                Figure.of(reward),
                Figure.of(gap.fromOptimum()),
                Figure.of(gap.needed())),
        Map.of(
            "optimum", gap.optimum(),
            "shortfall", gap.shortfall(),
            "from-optimum", gap.fromOptimum(),
            "needed", gap.needed()));
  }

  private double mean(double[][] policies) {
    double sum = 0;
    for (int x = 0; x < base.length; x++) {
      sum += Tilt.mean(policies[x], rewards[x]);
    }
    return sum / base.length;
  }
}
