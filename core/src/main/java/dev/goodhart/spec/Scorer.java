package dev.goodhart.spec;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.Combine;
import dev.goodhart.signal.Signal;
import dev.goodhart.transform.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A reward spec with everything loaded that it needs: scores samples. Safe to use from several
 * threads.
 *
 * <p>Each signal scores the batch, its transforms follow in the order of the spec, then the parts
 * are combined. The result's parts are the signals' rewards after their transforms, by name. A
 * signal that throws, or gives NaN or an infinity, leaves that sample unscored with the signal's
 * name in the reason; the other samples are not touched.
 */
public final class Scorer implements AutoCloseable {
  private final RewardSpec spec;
  private final Map<String, Signal> signals = new LinkedHashMap<>();

  /** Opens the spec's signals; whatever was opened is closed again if one of them fails. */
  public Scorer(RewardSpec spec) {
    this.spec = spec;
    try {
      spec.signals().forEach((name, signal) -> signals.put(name, signal.open()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  public RewardSpec spec() {
    return spec;
  }

  public Reward score(Sample sample) {
    return score(List.of(sample)).getFirst();
  }

  /** Rewards a batch, in its order. */
  public List<Reward> score(List<Sample> batch) {
    Map<String, List<Reward>> bySignal = new LinkedHashMap<>();
    signals.forEach((name, signal) -> bySignal.put(name, part(name, signal, batch)));
    Combine combine = spec.combination();
    List<Reward> rewards = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Map<String, Reward> parts = new LinkedHashMap<>();
      for (var entry : bySignal.entrySet()) {
        parts.put(entry.getKey(), entry.getValue().get(i));
      }
      rewards.add(combined(combine, parts));
    }
    return rewards;
  }

  private static Reward combined(Combine combine, Map<String, Reward> parts) {
    try {
      return combine.of(parts).withParts(parts);
    } catch (ArithmeticException e) {
      return new Unscored("combine: " + e.getMessage(), parts);
    }
  }

  private List<Reward> part(String name, Signal signal, List<Sample> batch) {
    List<Transform> transforms = spec.transform().getOrDefault(name, List.of());
    List<Reward> raw = raw(name, signal, batch);
    if (transforms.isEmpty()) {
      return raw;
    }
    int needed = transforms.stream().mapToInt(Transform::references).max().orElse(0);
    List<Reward> transformed = new ArrayList<>(raw.size());
    for (int i = 0; i < raw.size(); i++) {
      transformed.add(
          switch (raw.get(i)) {
            case Unscored unscored -> unscored;
            case Scored scored ->
                transformed(name, signal, transforms, needed, batch.get(i), scored);
          });
    }
    return transformed;
  }

  private static Reward transformed(
      String name,
      Signal signal,
      List<Transform> transforms,
      int needed,
      Sample sample,
      Scored raw) {
    double[] references = new double[0];
    if (needed > 0) {
      if (!(sample.columns().get("references") instanceof List<?> responses)
          || responses.size() < needed) {
        return new Unscored(
            name
                + ": its transforms need "
                + needed
                + " reference responses in the column 'references'");
      }
      List<Sample> others =
          responses.stream().map(r -> sample.withResponse(String.valueOf(r))).toList();
      List<Reward> scored = raw(name, signal, others);
      references = new double[scored.size()];
      for (int m = 0; m < references.length; m++) {
        switch (scored.get(m)) {
          case Unscored missing -> {
            return new Unscored(
                name + ": reference response " + m + " is unscored: " + missing.reason());
          }
          case Scored reference -> references[m] = reference.value();
        }
      }
    }
    try {
      Scored reward = raw;
      for (Transform transform : transforms) {
        reward = apply(transform, reward, references);
        double[] before = references;
        references = Arrays.stream(before).map(r -> transform.of(r, before)).toArray();
      }
      return reward;
    } catch (ArithmeticException e) {
      return new Unscored(name + ": " + e.getMessage());
    }
  }

  /**
   * The value through the transform; the deviation by how far the transform carries one deviation
   * up and down.
   */
  private static Scored apply(Transform transform, Scored reward, double[] references) {
    double value = transform.of(reward.value(), references);
    OptionalDouble deviation = reward.deviation();
    if (deviation.isPresent()) {
      double up = transform.of(reward.value() + deviation.getAsDouble(), references);
      double down = transform.of(reward.value() - deviation.getAsDouble(), references);
      deviation = OptionalDouble.of(Math.abs(up - down) / 2);
    }
    return new Scored(value, deviation, reward.parts());
  }

  private static List<Reward> raw(String name, Signal signal, List<Sample> batch) {
    try {
      List<Reward> rewards = signal.of(batch);
      if (rewards.size() != batch.size()) {
        throw new IllegalStateException(
            "signal '"
                + name
                + "' gave "
                + rewards.size()
                + " rewards for "
                + batch.size()
                + " samples");
      }
      return rewards;
    } catch (GoodhartException e) {
      throw e;
    } catch (RuntimeException e) {
      if (batch.size() == 1) {
        return List.of(new Unscored(name + ": " + e.getMessage()));
      }
      // One sample broke the batch: find it, and score the others.
      return batch.stream().map(sample -> raw(name, signal, List.of(sample)).getFirst()).toList();
    }
  }

  @Override
  public void close() {
    signals.values().forEach(Signal::close);
  }
}
