package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Scored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * CANON's advantage: lets a metric of the response (its length, say) speed up learning without
 * saying in advance whether more of it is better. The group is halved by the metric, and a response
 * is compared with the other half as well as with its own; the half that earns more decides the
 * direction.
 *
 * <p>With the lower half L (the smaller one of an odd group), the upper half U and their mean
 * rewards:
 *
 * <pre>{@code
 * inter_i = r_i - M_U for i in L,  r_i - M_L for i in U      the other half's mean
 * intra_i = r_i - M_L for i in L,  r_i - M_U for i in U      its own half's
 * A_i     = mu inter_i + (1 - mu) intra_i
 * }</pre>
 *
 * <p>With equal halves mu = 1/2 is {@link GroupCentred} exactly, and inter is that plus or minus
 * half of {@code M_U - M_L}: what the metric tells is doubled and nothing else, in expectation, but
 * for a factor G/(G - 1) since the other half's mean does not hold the response itself. It is a
 * matter of speed, not of where learning ends.
 *
 * <p>{@code alpha} below 1 takes that share of every reward of one half in {@code inter}, and so
 * mildly prefers the other half even when both are equally right; a group in which all are right
 * then has advantages that are not 0. With {@code alpha} 1 a group whose scored rewards are all
 * equal gives zeros; fewer than two scored responses always do. Ties in the metric are broken by
 * chance (the same chance for the same roll-outs), not by order.
 *
 * @param metric {@code length} in tokens; {@code entropy}, minus the mean log-probability of the
 *     drawn tokens; or the name of a part of the reward
 * @param mu how much the other half counts, in [0, 1]
 * @param schedule whether mu is that number, or the step's mean reward, or 1 minus it
 * @param alpha the share of one half's rewards that counts, above 0
 * @param half the half that alpha bears on
 */
@Method(id = 26, source = "arXiv 2509.23962")
public record Canon(
    @Default("length") String metric,
    @Default("1") double mu,
    @Default("constant") Schedule schedule,
    @Default("1") double alpha,
    @Default("upper") Half half)
    implements Credit {
  /** What mu is. */
  public enum Schedule {
    /** The number given. */
    CONSTANT,
    /** The mean reward of the step: the own half first, the other one once most are right. */
    ACCURACY,
    /** One minus it. */
    INVERSE_ACCURACY
  }

  /** The responses with less of the metric, or with more. */
  public enum Half {
    LOWER,
    UPPER
  }

  public Canon {
    if (!(mu >= 0 && mu <= 1)) {
      throw new IllegalArgumentException("mu must lie in [0, 1], not " + mu);
    }
    if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("alpha must be finite and above 0, not " + alpha);
    }
  }

  /** With the metric length, a constant mu and no asymmetry. */
  public Canon(double mu) {
    this("length", mu, Schedule.CONSTANT, 1, Half.UPPER);
  }

  /**
   * @throws GoodhartException if the metric is no part of the reward
   */
  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    double accuracy =
        batch.stream()
            .map(r -> r.group().scored())
            .flatMapToDouble(Arrays::stream)
            .average()
            .orElse(0);
    double other =
        switch (schedule) {
          case CONSTANT -> mu;
          case ACCURACY -> Math.clamp(accuracy, 0, 1);
          case INVERSE_ACCURACY -> 1 - Math.clamp(accuracy, 0, 1);
        };
    return batch.stream()
        .map(r -> TokenAdvantages.each(new Advantages(of(r, other), r.group().mask()), r.tokens()))
        .toList();
  }

  private double[] of(Rollouts rollouts, double other) {
    double[] advantages = new double[rollouts.group().size()];
    List<Integer> sorted = sorted(rollouts);
    int n = sorted.size();
    if (n < 2 || (alpha == 1 && rollouts.flat())) {
      return advantages;
    }
    double[] rewards = new double[n];
    Arrays.setAll(rewards, k -> value(rollouts, sorted.get(k)));
    double lower = Arrays.stream(rewards, 0, n / 2).average().orElseThrow();
    double upper = Arrays.stream(rewards, n / 2, n).average().orElseThrow();
    double low = half == Half.LOWER ? alpha : 1;
    double high = half == Half.UPPER ? alpha : 1;
    for (int k = 0; k < n; k++) {
      boolean below = k < n / 2;
      double inter = below ? low * rewards[k] - high * upper : high * rewards[k] - low * lower;
      double intra = rewards[k] - (below ? lower : upper);
      advantages[sorted.get(k)] = other * inter + (1 - other) * intra;
    }
    return advantages;
  }

  /** The scored responses, the least of the metric first. */
  private List<Integer> sorted(Rollouts rollouts) {
    double[] metrics = new double[rollouts.group().size()];
    List<Integer> scored = new ArrayList<>();
    for (int i = 0; i < metrics.length; i++) {
      if (rollouts.group().rewards().get(i) instanceof Scored reward) {
        metrics[i] = metric(rollouts.tokens().get(i), reward);
        scored.add(i);
      }
    }
    // Chance must not depend on the rewards, and the same roll-outs must give the same halves.
    long seed = Arrays.hashCode(metrics);
    for (Tokens tokens : rollouts.tokens()) {
      seed = 31 * seed + Arrays.hashCode(tokens.logProbs());
    }
    Collections.shuffle(scored, new Random(seed));
    scored.sort(Comparator.comparingDouble(i -> metrics[i]));
    return scored;
  }

  private double metric(Tokens tokens, Scored reward) {
    return switch (metric) {
      case "length" -> tokens.size();
      case "entropy" -> -Arrays.stream(tokens.logProbs()).average().orElseThrow();
      default -> {
        if (!(reward.parts().get(metric) instanceof Scored part)) {
          throw new GoodhartException(
              "canon: metric '%s' is neither length nor entropy nor a scored part of the reward (%s)"
                  .formatted(metric, reward.parts().keySet()));
        }
        yield part.value();
      }
    };
  }

  private static double value(Rollouts rollouts, int i) {
    return rollouts.group().rewards().get(i) instanceof Scored reward ? reward.value() : 0;
  }
}
