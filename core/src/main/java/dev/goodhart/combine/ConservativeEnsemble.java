package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several reward models of the same thing taken together with caution, so that a response which
 * fools one of them earns little: where the members disagree, the reward falls.
 *
 * <pre>{@code
 * mean             1/k sum_i s_i
 * median           the middle one, between the middle two of an even number
 * wco              min_i s_i                      worst case
 * uwo              mean(s) - lambda var(s)        uncertainty weighted; var with divisor k - 1, 0 for one member
 * mean-minus-std   mean(s) - lambda std(s)        std the root of that var; published with lambda 1
 * }</pre>
 *
 * <p>The members must be on one scale first: otherwise the minimum is always the member with the
 * lowest offset, the mean is the member with the widest scale, and lambda, whose unit is one over
 * the reward's, carries nothing over from task to task. The deviation of the result is the members'
 * sample deviation. Unscored as soon as one member is.
 *
 * <p>What no aggregate sees is a mistake that all members share. Members that differ in their
 * pretraining share fewer of them than members that differ in their fine-tuning alone (system 3).
 *
 * @param of the members: signals by name; a single signal that is an ensemble itself stands for its
 *     members, each after the signal's transforms
 * @param objective {@code mean}, {@code median}, {@code wco}, {@code uwo} or {@code mean-minus-std}
 * @param lambda the weight of the disagreement, at least 0; for {@code uwo} 0.5 in best-of-n and
 *     0.1 with policy gradients
 */
@Method(
    id = 7,
    also = 3,
    source = "arXiv 2310.02743 (mean, wco, uwo), arXiv 2312.09244 (median, mean-minus-std)")
public record ConservativeEnsemble(
    List<String> of, @Default("mean") Objective objective, @Default("0.5") double lambda)
    implements Combine {
  /** How the members become one reward. */
  public enum Objective {
    MEAN,
    MEDIAN,
    WCO,
    UWO,
    MEAN_MINUS_STD
  }

  public ConservativeEnsemble {
    of = Ensemble.checked(of);
    if (!(lambda >= 0 && Double.isFinite(lambda))) {
      throw new IllegalArgumentException("lambda must be finite and at least 0, not " + lambda);
    }
  }

  /** The objective of k members' scores for one sample, k at least 1. */
  public double score(double... scores) {
    return switch (objective) {
      case MEAN -> Ensemble.mean(scores);
      case MEDIAN -> median(scores);
      case WCO -> Arrays.stream(scores).min().orElseThrow();
      case UWO -> Ensemble.mean(scores) - lambda * Ensemble.variance(scores);
      case MEAN_MINUS_STD -> Ensemble.mean(scores) - lambda * Ensemble.deviation(scores);
    };
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    List<Reward> members = Ensemble.members(of, parts);
    double[] scores = new double[members.size()];
    for (int i = 0; i < scores.length; i++) {
      switch (members.get(i)) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored member -> scores[i] = member.value();
      }
    }
    return new Scored(score(scores), Ensemble.deviation(scores));
  }

  @Override
  public Set<String> parts() {
    return new LinkedHashSet<>(of);
  }

  private static double median(double[] scores) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : sorted[half - 1] / 2 + sorted[half] / 2;
  }
}
