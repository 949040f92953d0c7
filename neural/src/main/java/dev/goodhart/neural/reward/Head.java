package dev.goodhart.neural.reward;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.objective.StepScores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a reward model's outputs mean. The outputs are linear in the last hidden state of the marked
 * tokens: the response's last one, or each step's.
 */
public sealed interface Head {
  /** How many numbers a marked token gives. */
  int outputs();

  /**
   * One member's reward of a sample.
   *
   * @param outputs {@code [marks][outputs()]}, at least one mark
   */
  Scored reward(double[][] outputs);

  /** One number, the reward: Bradley–Terry, ordinal, scaled Bradley–Terry, outcome. */
  record Scalar() implements Head {
    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Scored reward(double[][] outputs) {
      return new Scored(outputs[outputs.length - 1][0]);
    }
  }

  /**
   * One number an attribute, in the unit of its ratings. The reward is Σ weight · attribute; the
   * parts are the attributes.
   *
   * @param weights by attribute, in the order of the outputs
   */
  record Attributes(Map<String, Double> weights) implements Head {
    public Attributes {
      if (weights.isEmpty()) throw new IllegalArgumentException("attributes: none are named");
      weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    @Override
    public int outputs() {
      return weights.size();
    }

    @Override
    public Scored reward(double[][] outputs) {
      double[] last = outputs[outputs.length - 1];
      double sum = 0;
      int i = 0;
      Map<String, Reward> parts = new LinkedHashMap<>();
      for (var attribute : weights.entrySet()) {
        parts.put(attribute.getKey(), new Scored(last[i]));
        sum += attribute.getValue() * last[i++];
      }
      return new Scored(sum).withParts(parts);
    }
  }

  /**
   * A process reward model: log-odds that a step is right, read off the last token of each step,
   * and brought to one number.
   *
   * @param separator between two steps of a response
   */
  record Process(String separator, StepScores aggregate) implements Head {
    public Process {
      if (separator.isEmpty()) throw new IllegalArgumentException("separator must not be empty");
    }

    @Override
    public int outputs() {
      return 1;
    }

    /** The steps of a response: its column {@code steps}, or what stands between separators. */
    List<String> steps(Sample sample) {
      if (sample.columns().get("steps") instanceof List<?> given && !given.isEmpty()) {
        return given.stream().map(String::valueOf).toList();
      }
      List<String> steps = new ArrayList<>();
      for (String step : sample.response().split(Pattern.quote(separator), -1)) {
        if (!step.isBlank()) steps.add(step);
      }
      return steps;
    }

    /** In [0, 1]; the parts are the steps' probabilities, from {@code step-1}. */
    @Override
    public Scored reward(double[][] outputs) {
      double[] steps = new double[outputs.length];
      Map<String, Reward> parts = new LinkedHashMap<>();
      for (int i = 0; i < steps.length; i++) {
        steps[i] = 1 / (1 + Math.exp(-outputs[i][0]));
        parts.put("step-" + (i + 1), new Scored(steps[i]));
      }
      return new Scored(aggregate.of(steps)).withParts(parts);
    }
  }

  /** As a model's card has it. */
  default Map<String, @Nullable Object> card() {
    Map<String, @Nullable Object> card = new LinkedHashMap<>();
    switch (this) {
      case Scalar s -> card.put("head", "scalar");
      case Attributes a -> {
        card.put("head", "attributes");
        card.put("attributes", a.weights);
      }
      case Process p -> {
        card.put("head", "process");
        card.put("separator", p.separator);
        card.put("aggregate", p.aggregate.name().toLowerCase(Locale.ROOT));
      }
    }
    return card;
  }

  /**
   * What {@link #card} wrote.
   *
   * @throws IllegalArgumentException if it did not write this, naming what is wrong
   */
  static Head of(Map<String, @Nullable Object> card) {
    String head = String.valueOf(card.getOrDefault("head", "scalar"));
    return switch (head) {
      case "scalar" -> new Scalar();
      case "attributes" -> new Attributes(weights(card.get("attributes")));
      case "process" ->
          new Process(
              String.valueOf(card.get("separator")),
              StepScores.valueOf(String.valueOf(card.get("aggregate")).toUpperCase(Locale.ROOT)));
      default -> throw new IllegalArgumentException("head");
    };
  }

  private static Map<String, Double> weights(@Nullable Object given) {
    Map<String, Double> weights = new LinkedHashMap<>();
    if (given instanceof Map<?, ?> map) {
      map.forEach((name, w) -> weights.put(String.valueOf(name), ((Number) w).doubleValue()));
    }
    return weights;
  }
}
