package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Several reward models of the same thing taken together with caution, so that a response which
 * fools one of them earns little: where the members disagree, the reward falls.
 *
 * <pre>{@code
 * mean   1/k sum_i s_i
 * wco    min_i s_i                          worst case
 * uwo    mean(s) - lambda var(s)            uncertainty weighted; var with divisor k - 1, 0 for one member
 * }</pre>
 *
 * <p>The members must be on one scale first: otherwise the minimum is always the member with the
 * lowest offset, and lambda, whose unit is one over the reward's, carries nothing over from task to
 * task. The deviation of the result is the members' sample deviation. Unscored as soon as one
 * member is.
 *
 * @param of the members: signals by name; a single signal that is an ensemble itself stands for its
 *     members, each after the signal's transforms
 * @param objective {@code mean}, {@code wco} or {@code uwo}
 * @param lambda the weight of the variance in {@code uwo}, at least 0; 0.5 for best-of-n, 0.1 for
 *     policy gradients
 */
@Method(id = 7, source = "arXiv 2310.02743")
public record ConservativeEnsemble(
    List<String> of, @Default("mean") Objective objective, @Default("0.5") double lambda)
    implements Combine {
  /** How the members become one reward. */
  public enum Objective {
    MEAN,
    WCO,
    UWO
  }

  public ConservativeEnsemble {
    of = List.copyOf(of);
    if (of.isEmpty()) {
      throw new IllegalArgumentException("an ensemble needs at least one member");
    }
    if (Set.copyOf(of).size() < of.size()) {
      throw new IllegalArgumentException("of names a member twice: " + String.join(", ", of));
    }
    if (!(lambda >= 0 && Double.isFinite(lambda))) {
      throw new IllegalArgumentException("lambda must be finite and at least 0, not " + lambda);
    }
  }

  /** The objective of k members' scores for one sample, k at least 1. */
  public double score(double... scores) {
    return switch (objective) {
      case MEAN -> mean(scores);
      case WCO -> {
        double least = Double.POSITIVE_INFINITY;
        for (double score : scores) {
          least = Math.min(least, score);
        }
        yield least;
      }
      case UWO -> mean(scores) - lambda * variance(scores);
    };
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    List<Reward> members = new ArrayList<>();
    for (String name : of) {
      Reward part = Objects.requireNonNull(parts.get(name), name);
      if (of.size() == 1 && part instanceof Scored && !part.parts().isEmpty()) {
        members.addAll(part.parts().values());
      } else {
        members.add(part);
      }
    }
    double[] scores = new double[members.size()];
    for (int i = 0; i < scores.length; i++) {
      switch (members.get(i)) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored member -> scores[i] = member.value();
      }
    }
    return new Scored(score(scores), Math.sqrt(variance(scores)));
  }

  @Override
  public Set<String> parts() {
    return new LinkedHashSet<>(of);
  }

  private static double mean(double[] scores) {
    double sum = 0;
    for (double score : scores) {
      sum += score;
    }
    return sum / scores.length;
  }

  /**
   * The sample variance, divisor k - 1; 0 for a single member, whose disagreement is not defined.
   */
  private static double variance(double[] scores) {
    if (scores.length < 2) {
      return 0;
    }
    double mean = mean(scores);
    double sum = 0;
    for (double score : scores) {
      sum += (score - mean) * (score - mean);
    }
    return sum / (scores.length - 1);
  }
}
