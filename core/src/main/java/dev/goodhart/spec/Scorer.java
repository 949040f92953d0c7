package dev.goodhart.spec;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.Combine;
import dev.goodhart.signal.Pace;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.TrainedReward;
import dev.goodhart.transform.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Map<String, Signal> signals;
  private boolean closed;

  /** Opens the spec's signals; whatever was opened is closed again if one of them fails. */
  public Scorer(RewardSpec spec) {
    this.spec = spec;
    this.signals = new LinkedHashMap<>();
    try {
      spec.signals().forEach((name, signal) -> signals.put(name, signal.open()));
    } catch (RuntimeException e) {
      try {
        close();
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private Scorer(RewardSpec spec, Map<String, Signal> signals) {
    this.spec = spec;
    this.signals = signals;
    this.closed = true;
  }

  /**
   * What scores at one step of a training run: the schedules of transforms and combination at their
   * numbers of that step, the signals those that are open here. It is of use as long as this one is
   * open; closing it does nothing.
   *
   * @param step counted from 0
   */
  public Scorer at(long step) {
    return new Scorer(spec.at(step), signals);
  }

  /**
   * What scores the next step of a training run, after a batch of this one: the combination moves
   * on ({@link Combine#after}), the signals are those that are open here. It is of use as long as
   * this one is open; closing it does nothing. Its spec is what a checkpoint keeps.
   */
  public Scorer after(List<? extends Reward> batch) {
    return new Scorer(
        new RewardSpec(
            spec.signals(),
            spec.transform(),
            spec.combine().map(combine -> combine.after(batch)),
            spec.monitor(),
            spec.unscored(),
            spec.schedules()),
        signals);
  }

  public RewardSpec spec() {
    return spec;
  }

  /**
   * Whether one of the signals is a model that this prompt took part in fitting: its reward there
   * says nothing about how good the model is.
   */
  public boolean trainedOn(Prompt prompt) {
    return signals.values().stream()
        .anyMatch(signal -> signal instanceof TrainedReward model && model.trainedOn(prompt));
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

  /**
   * What one of the signals gives a batch, after its transforms and before anything is combined.
   */
  public List<Reward> signal(String name, List<Sample> batch) {
    return part(name, Objects.requireNonNull(signals.get(name), name), batch);
  }

  /** How long one of the signals takes. */
  public Pace pace(String name) {
    return Objects.requireNonNull(signals.get(name), name).pace();
  }

  /** What the spec makes of its signals' rewards for one sample. */
  public Reward combine(Map<String, Reward> parts) {
    return combined(spec.combination(), parts);
  }

  private static Reward combined(Combine combine, Map<String, Reward> parts) {
    try {
      return combine.of(parts).withParts(parts);
    } catch (GoodhartException e) {
      throw e;
    } catch (RuntimeException e) {
      return new Unscored("combine failed: " + reason(e), parts);
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
    List<Scored> references = new ArrayList<>();
    if (needed > 0) {
      if (!(sample.columns().get("references") instanceof List<?> responses)
          || responses.size() < needed) {
        return new Unscored(
            name
                + " lacks references: its transforms need "
                + needed
                + " responses in the column 'references'");
      }
      List<Sample> others = new ArrayList<>();
      for (Object response : responses) {
        if (!(response instanceof String text)) {
          return new Unscored(
              name + " lacks references: number " + (others.size() + 1) + " is not text");
        }
        others.add(sample.withResponse(text));
      }
      for (Reward reference : raw(name, signal, others)) {
        switch (reference) {
          case Unscored missing -> {
            return new Unscored(
                name
                    + " lacks references: number "
                    + (references.size() + 1)
                    + " is unscored, "
                    + missing.reason());
          }
          case Scored scored -> references.add(scored);
        }
      }
    }
    try {
      return through(transforms, raw, references, sample);
    } catch (GoodhartException e) {
      throw e;
    } catch (RuntimeException e) {
      return new Unscored(name + " failed: " + reason(e));
    }
  }

  /**
   * A reward through the transforms, in their order; the deviation by how far they carry one
   * deviation up and down. A reward's own parts (the members of an ensemble) go through the same
   * transforms, each against the same part of the references, so that they stay on one scale with
   * the whole.
   */
  private static Scored through(
      List<Transform> transforms, Scored raw, List<Scored> references, Sample sample) {
    double[] others = references.stream().mapToDouble(Scored::value).toArray();
    double value = raw.value();
    OptionalDouble deviation = raw.deviation();
    for (Transform transform : transforms) {
      double[] against = others;
      if (deviation.isPresent()) {
        double up = transform.of(value + deviation.getAsDouble(), against, sample);
        double down = transform.of(value - deviation.getAsDouble(), against, sample);
        deviation = OptionalDouble.of(Math.abs(up - down) / 2);
      }
      value = transform.of(value, against, sample);
      if (!Double.isFinite(value)) { // before the next transform can hide it
        throw new ArithmeticException(
            Methods.name(transform.getClass()) + " gave " + value + ", a reward must be finite");
      }
      others = Arrays.stream(against).map(r -> transform.of(r, against, sample)).toArray();
    }
    Map<String, Reward> parts = new LinkedHashMap<>();
    raw.parts()
        .forEach(
            (name, part) -> {
              List<Scored> same = new ArrayList<>();
              for (Scored reference : references) {
                if (reference.parts().get(name) instanceof Scored scored) {
                  same.add(scored);
                }
              }
              if (!(part instanceof Scored scored)) {
                parts.put(name, part);
              } else if (same.size() < references.size()) {
                parts.put(
                    name, new Unscored("no reference: a reference response has no '" + name + "'"));
              } else {
                parts.put(name, through(transforms, scored, same, sample));
              }
            });
    return new Scored(value, deviation, parts);
  }

  private static List<Reward> raw(String name, Signal signal, List<Sample> batch) {
    try {
      List<Reward> rewards = signal.of(batch);
      if (rewards.size() != batch.size()) {
        throw new IllegalStateException(
            "gave " + rewards.size() + " rewards for " + batch.size() + " samples");
      }
      for (Reward reward : rewards) {
        if (reward == null) {
          throw new IllegalStateException("gave no verdict, not even that there is none");
        }
      }
      return rewards;
    } catch (GoodhartException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // A regular expression on a long response overflows the stack.
      if (batch.size() == 1) {
        return List.of(new Unscored(name + " failed: " + reason(e)));
      }
      // One sample broke the batch: find it, and score the others.
      return batch.stream().map(sample -> raw(name, signal, List.of(sample)).getFirst()).toList();
    }
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null || e.getMessage().isBlank()
        ? e.getClass().getSimpleName()
        : e.getMessage();
  }

  /** Closes every signal, also when one of them fails to; the second time does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    RuntimeException failed = null;
    for (Signal signal : signals.values()) {
      try {
        signal.close();
      } catch (RuntimeException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
