package dev.goodhart.signal;

import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Another signal for each type of task: a mixture of multiple choice, charts, boxes and captions in
 * one file, every sample scored by the reward of its type. The types' rewards should share a range;
 * a group's advantage never mixes them as long as a prompt has one type.
 *
 * <p>Unscored where the sample names no type, or one that has no signal.
 *
 * @param by the column that holds a sample's type
 * @param types the signals by type
 */
@Method(source = "arXiv 2505.24164")
public record Routed(String by, Map<String, Signal> types) implements Signal {
  public Routed {
    if (types.isEmpty()) {
      throw new IllegalArgumentException("types: at least one is needed");
    }
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
  }

  @Override
  public Reward of(Sample sample) {
    Object type = sample.columns().get(by);
    if (type == null) {
      return Reward.unscored("no type: the column '" + by + "' is missing or empty");
    }
    Signal signal = types.get(String.valueOf(type));
    return signal == null
        ? Reward.unscored("no signal of this type: '" + type + "' is none of " + types.keySet())
        : signal.of(sample);
  }

  /** Each type's samples as one batch to its signal. */
  @Override
  public List<Reward> of(List<Sample> batch) {
    Map<String, List<Integer>> byType = new LinkedHashMap<>();
    List<Reward> rewards = new ArrayList<>(Collections.nCopies(batch.size(), Reward.of(0)));
    for (int i = 0; i < batch.size(); i++) {
      Object type = batch.get(i).columns().get(by);
      if (type != null && types.containsKey(String.valueOf(type))) {
        byType.computeIfAbsent(String.valueOf(type), t -> new ArrayList<>()).add(i);
      } else {
        rewards.set(i, of(batch.get(i)));
      }
    }
    for (var entry : byType.entrySet()) {
      List<Integer> places = entry.getValue();
      Signal signal = Objects.requireNonNull(types.get(entry.getKey()));
      List<Reward> own = signal.of(places.stream().map(batch::get).toList());
      if (own.size() != places.size()) {
        throw new IllegalStateException(
            entry.getKey() + " gave " + own.size() + " rewards for " + places.size() + " samples");
      }
      for (int i = 0; i < own.size(); i++) {
        rewards.set(places.get(i), own.get(i));
      }
    }
    return rewards;
  }

  @Override
  public Signal open() {
    Map<String, Signal> opened = new LinkedHashMap<>();
    try {
      types.forEach((type, signal) -> opened.put(type, signal.open()));
    } catch (RuntimeException e) {
      opened.values().forEach(Signal::close);
      throw e;
    }
    return new Routed(by, opened);
  }

  /** That of its slowest. */
  @Override
  public Pace pace() {
    return types.values().stream().map(Signal::pace).max(Comparator.naturalOrder()).orElseThrow();
  }

  @Override
  public void close() {
    types.values().forEach(Signal::close);
  }
}
