package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.special.Beta;

/**
 * BNPO's advantage, for rewards that are right or wrong: centred within the group like {@link
 * GroupCentred}, then weighted by how usual the group's pass rate is among the prompts of the step,
 * so that the gradient varies least. In place of GRPO's fixed weight {@code 1 / sqrt(p (1 - p))} it
 * follows the policy as prompts become easier.
 *
 * <pre>{@code
 * p_q    = mean reward of prompt q's group
 * a, b   = Beta(a, b) fitted to the p_q by moments, with m = mean(p) and v = var(p), divisor n - 1:
 *          c = m (1 - m) / v - 1,  a = c m,  b = c (1 - m)
 * alpha  = max(1, 1 + a/3),  beta = max(1, 1 + b/3)
 * w_q    = min(cap, 1 / BetaPDF(p_q; alpha, beta))
 * A_i    = w_q (r_i - p_q)
 * }</pre>
 *
 * <p>alpha = beta = 1 is the plain baseline; alpha = beta = 3/2 is GRPO but for the constant pi/8.
 * The choice of alpha and beta minimises the variance if a response's score does not depend on its
 * reward given the prompt, as for long responses whose tokens mostly do not decide. Where it does,
 * GRPO's weight is the better one.
 *
 * <p>With {@code parts} each named part of the reward gets an advantage of its own, and they are
 * averaged: a format reward that all earn by now then does not flatten the fit of the other. A
 * sample with an unscored part is masked.
 *
 * <p>With fewer than two prompts, or where all have the same pass rate, nothing can be fitted and
 * every weight is 1. A group whose scored rewards are all equal gives zeros and stands in the fit.
 *
 * @param min the reward of a wrong response
 * @param max that of a right one, above {@code min}; rewards between the two count in proportion
 * @param cap the largest weight, above 0: a pass rate of one in n among prompts that mostly pass is
 *     given a very large one
 * @param parts the names of the parts of the reward; empty for the reward itself
 */
@Method(id = 111, source = "github.com/changyi7231/BNPO")
public record BetaNormalised(
    @Default("0") double min,
    @Default("1") double max,
    @Default("1e6") double cap,
    @Default("[]") List<String> parts)
    implements Advantage {
  public BetaNormalised {
    parts = List.copyOf(parts);
    if (!(max > min && Double.isFinite(max - min))) {
      throw new IllegalArgumentException("max must be above min " + min + ", not " + max);
    }
    if (!(cap > 0)) {
      throw new IllegalArgumentException("cap must be above 0, not " + cap);
    }
  }

  /** The defaults. */
  public BetaNormalised() {
    this(0, 1, 1e6, List.of());
  }

  /**
   * The normaliser of a step.
   *
   * @param a of the Beta distribution of pass rates; 0 or less where they are spread wider than any
   *     such distribution
   * @param b of the same
   * @param alpha of the normalising density, at least 1
   * @param beta of the same
   */
  public record Normaliser(double a, double b, double alpha, double beta) {
    static final Normaliser NONE = new Normaliser(0, 0, 1, 1);

    /**
     * Fits it.
     *
     * @param rates pass rates in [0, 1], one a prompt
     */
    public static Normaliser of(double[] rates) {
      double mean = Arrays.stream(rates).average().orElse(0);
      double squares = Arrays.stream(rates).map(p -> (p - mean) * (p - mean)).sum();
      boolean varies = Arrays.stream(rates).anyMatch(p -> p != rates[0]);
      if (!varies) {
        return NONE;
      }
      double c = mean * (1 - mean) / (squares / (rates.length - 1)) - 1;
      double a = c * mean;
      double b = c * (1 - mean);
      return new Normaliser(a, b, Math.max(1, 1 + a / 3), Math.max(1, 1 + b / 3));
    }

    /**
     * What the gradient's variance is proportional to where scores do not depend on rewards, for
     * pass rates from Beta(a, b) weighted by one over the density of Beta(alpha, beta):
     *
     * <pre>{@code
     * int p (1 - p) f(p; a, b) / f(p; alpha, beta)^2 dp
     *     = B(a + 3 - 2 alpha, b + 3 - 2 beta) B(alpha, beta)^2 / B(a, b)
     * }</pre>
     *
     * <p>Least, among all densities, at {@code alpha = 1 + a/3, beta = 1 + b/3}. With alpha = beta
     * = 1, no weight, it is {@code a b / ((a + b) (a + b + 1))}; with 3/2, GRPO's, {@code (pi/8)^2}
     * whatever the pass rates.
     *
     * @return infinite unless {@code alpha < (a + 3) / 2} and {@code beta < (b + 3) / 2}
     */
    public double variance() {
      double first = a + 3 - 2 * alpha;
      double second = b + 3 - 2 * beta;
      if (!(first > 0 && second > 0)) return Double.POSITIVE_INFINITY;
      return Math.exp(
          Beta.logBeta(first, second) + 2 * Beta.logBeta(alpha, beta) - Beta.logBeta(a, b));
    }

    /** One over the density at a pass rate within (0, 1). */
    public double weight(double p) {
      return Math.exp(
          Beta.logBeta(alpha, beta) - (alpha - 1) * Math.log(p) - (beta - 1) * Math.log1p(-p));
    }
  }

  @Override
  public Advantages of(Group group) {
    return ofAll(List.of(group)).getFirst();
  }

  /**
   * @throws GoodhartException if a reward lies outside [min, max] or lacks one of the parts
   */
  @Override
  public List<Advantages> ofAll(List<Group> groups) {
    if (parts.isEmpty()) {
      return whole(groups);
    }
    List<Group> decided = groups.stream().map(this::decided).toList();
    List<Advantages> sum =
        decided.stream().map(g -> new Advantages(new double[g.size()], g.mask())).toList();
    for (String part : parts) {
      List<Advantages> one = whole(decided.stream().map(g -> part(g, part)).toList());
      for (int q = 0; q < sum.size(); q++) {
        for (int i = 0; i < sum.get(q).values().length; i++) {
          sum.get(q).values()[i] += one.get(q).values()[i] / parts.size();
        }
      }
    }
    return sum;
  }

  private List<Advantages> whole(List<Group> groups) {
    double[] rates =
        groups.stream()
            .filter(g -> g.scored().length > 0)
            .mapToDouble(g -> Arrays.stream(g.scored()).map(this::share).average().orElseThrow())
            .toArray();
    Normaliser normaliser = Normaliser.of(rates);
    return groups.stream().map(group -> weighted(group, normaliser)).toList();
  }

  private Advantages weighted(Group group, Normaliser normaliser) {
    double[] advantages = new double[group.size()];
    if (!group.flat()) {
      double p = Arrays.stream(group.scored()).map(this::share).average().orElseThrow();
      double weight = Math.min(cap, normaliser.weight(p));
      for (int i = 0; i < advantages.length; i++) {
        if (group.rewards().get(i) instanceof Scored reward) {
          advantages[i] = weight * (share(reward.value()) - p);
        }
      }
    }
    return new Advantages(advantages, group.mask());
  }

  private double share(double reward) {
    if (!(reward >= min && reward <= max)) {
      throw new GoodhartException(
          "beta-normalised: a reward of %s lies outside [%s, %s]; set min and max to those of the"
                  .formatted(reward, min, max)
              + " rewards, and take penalties off in the loss instead");
    }
    return (reward - min) / (max - min);
  }

  /** The group without the samples of which some part is not known. */
  private Group decided(Group group) {
    List<Reward> rewards = new ArrayList<>(group.rewards());
    for (int i = 0; i < rewards.size(); i++) {
      if (rewards.get(i) instanceof Scored reward) {
        for (String part : parts) {
          Reward found = reward.parts().get(part);
          if (found == null) {
            throw new GoodhartException(
                "beta-normalised: the reward has no part '%s'; it has %s"
                    .formatted(part, reward.parts().keySet()));
          }
          if (found instanceof Unscored unknown) {
            rewards.set(i, new Unscored(unknown.reason()));
          }
        }
      }
    }
    return new Group(group.samples(), rewards);
  }

  private static Group part(Group group, String part) {
    return new Group(
        group.samples(),
        group.rewards().stream()
            .map(r -> r instanceof Scored s ? s.parts().getOrDefault(part, s) : r)
            .toList());
  }
}
