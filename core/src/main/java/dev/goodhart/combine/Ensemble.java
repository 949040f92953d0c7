package dev.goodhart.combine;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the combinations of an ensemble share: who its members are, and how far they disagree. */
final class Ensemble {
  private Ensemble() {}

  /**
   * The names of members, at least one and none twice.
   *
   * @throws IllegalArgumentException otherwise
   */
  static List<String> checked(List<String> of) {
    if (of.isEmpty()) {
      throw new IllegalArgumentException("of: an ensemble needs at least one member");
    }
    if (Set.copyOf(of).size() < of.size()) {
      throw new IllegalArgumentException("of names a member twice: " + String.join(", ", of));
    }
    return List.copyOf(of);
  }

  /** The members' rewards; a single signal that is an ensemble itself stands for its members. */
  static List<Reward> members(List<String> of, Map<String, Reward> parts) {
    List<Reward> members = new ArrayList<>();
    for (String name : of) {
      Reward part = Objects.requireNonNull(parts.get(name), name);
      if (of.size() == 1 && part instanceof Scored && !part.parts().isEmpty()) {
        members.addAll(part.parts().values());
      } else {
        members.add(part);
      }
    }
    return members;
  }

  static double mean(double[] scores) {
    double sum = 0;
    for (double score : scores) {
      sum += score;
    }
    return sum / scores.length;
  }

  /**
   * The sample variance, divisor k - 1; 0 for a single member, whose disagreement is not defined.
   */
  static double variance(double[] scores) {
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

  static double deviation(double[] scores) {
    return Math.sqrt(variance(scores));
  }
}
