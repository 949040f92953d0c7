package dev.goodhart;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of two responses to one prompt.
 *
 * @param id how the pair is named in outputs
 * @param probability that {@code chosen} is the better one, in [0, 1]: 1 for a plain preference,
 *     0.5 for a tie, anything between for a soft label (votes, a judge's probability)
 * @param strength by how much, in the data set's own unit (a margin, a difference of ratings),
 *     where it says so; never negative
 * @param weight how much the pair counts in training and in averages; 1 unless the data says
 *     otherwise
 * @param columns everything else that the row held, by column name
 */
public record Preference(
    String id,
    Prompt prompt,
    String chosen,
    String rejected,
    double probability,
    OptionalDouble strength,
    double weight,
    Map<String, @Nullable Object> columns) {
  public Preference {
    requireNonNull(id, "id");
    requireNonNull(prompt, "prompt");
    requireNonNull(chosen, "chosen");
    requireNonNull(rejected, "rejected");
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must lie in [0, 1], not " + probability);
    }
    if (strength.isPresent()
        && !(strength.getAsDouble() >= 0 && strength.getAsDouble() < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "strength must be finite and at least 0, not " + strength.getAsDouble());
    }
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("weight must be finite and at least 0, not " + weight);
    }
    columns = Columns.copy(columns);
  }

  /** A plain preference of weight 1. */
  public static Preference of(String prompt, String chosen, String rejected) {
    return new Preference(
        "", Prompt.of(prompt), chosen, rejected, 1, OptionalDouble.empty(), 1, Map.of());
  }

  /** Whether neither response is the better one. */
  public boolean isTie() {
    return probability == 0.5;
  }

  /** The chosen response as a sample, for scoring. */
  public Sample chosenSample() {
    return new Sample(id, prompt, chosen, null, columns);
  }

  /** The rejected response as a sample, for scoring. */
  public Sample rejectedSample() {
    return new Sample(id, prompt, rejected, null, columns);
  }
}
