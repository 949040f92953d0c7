package dev.goodhart.signal.fit;

import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A response whose steps were judged one by one. Prompt and response are meant by their numbers in
 * {@link PreferenceData}.
 *
 * @param steps their texts in order, at least one
 * @param labels the probability that each is right, in [0, 1]
 */
public record Stepwise(int prompt, int response, List<String> steps, List<Double> labels) {
  public Stepwise {
    if (steps.isEmpty() || steps.size() != labels.size()) {
      throw new IllegalArgumentException(
          labels.size() + " labels for " + steps.size() + " steps, and there must be one");
    }
    steps = List.copyOf(steps);
    labels = List.copyOf(labels);
  }

  /** Of a sample that has the columns {@code steps} and {@code step-labels}. */
  static Optional<Stepwise> of(int prompt, int response, Sample sample) {
    if (!(sample.columns().get("steps") instanceof List<?> steps)
        || !(sample.columns().get("step-labels") instanceof List<?> labels)
        || steps.isEmpty()) {
      return Optional.empty();
    }
    List<Double> verdicts = new ArrayList<>();
    for (Object label : labels) {
      verdicts.add(((Number) label).doubleValue());
    }
    return Optional.of(
        new Stepwise(prompt, response, steps.stream().map(String::valueOf).toList(), verdicts));
  }
}
