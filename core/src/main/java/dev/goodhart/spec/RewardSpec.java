package dev.goodhart.spec;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.audit.Monitor;
import dev.goodhart.combine.Combine;
import dev.goodhart.combine.Part;
import dev.goodhart.signal.ModelFolder;
import dev.goodhart.signal.Signal;
import dev.goodhart.transform.Transform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a reward is, in one file: signals, what is done to each, how they become one, and who
 * watches.
 *
 * <pre>{@code
 * signals:
 *   correct: { math: {} }
 *   helpful: { reward-model: { path: models/helpful } }
 * transform:
 *   helpful: [ { preference-as-reward: { references: 5 } } ]
 * combine: { gated: { gate: correct, then: { weighted: { correct: 1.0, helpful: 0.3 } } } }
 * monitor: [ reward-variance ]
 * }</pre>
 *
 * @param signals by name, at least one
 * @param transform for each signal the transforms, in the order in which they are applied
 * @param combine how the signals become one reward; with a single signal it may be left out
 * @param monitor who watches a run that is rewarded by this spec
 * @param unscored what a server tells a trainer in place of "not scored" when the trainer's
 *     protocol has no word for that; each time is counted and logged. When it is left out, such a
 *     request fails
 * @param schedules the numbers below {@code transform} and {@code combine} that change over the
 *     steps of a training run; no section of the file, each is written where its number stands. In
 *     these records such a number stands at its schedule's end, which is what holds wherever nobody
 *     trains
 */
public record RewardSpec(
    Map<String, Signal> signals,
    @Default("{}") Map<String, List<Transform>> transform,
    Optional<Combine> combine,
    @Default("[]") List<Monitor> monitor,
    OptionalDouble unscored,
    Schedules schedules) {
  public RewardSpec {
    if (signals.isEmpty()) {
      throw new IllegalArgumentException("signals: at least one signal is needed");
    }
    signals = Collections.unmodifiableMap(new LinkedHashMap<>(signals));
    transform = Collections.unmodifiableMap(new LinkedHashMap<>(transform));
    monitor = List.copyOf(monitor);
    if (!Double.isFinite(unscored.orElse(0))) {
      throw new IllegalArgumentException("unscored: expected a finite number");
    }
    if (signals.containsKey("")) {
      throw new IllegalArgumentException("signals: a signal needs a name");
    }
    for (String name : transform.keySet()) {
      if (!signals.containsKey(name)) {
        throw new UnknownName("transform", "signal", name, signals.keySet());
      }
    }
    if (combine.isEmpty() && signals.size() > 1) {
      throw new IllegalArgumentException(
          "combine: say how "
              + String.join(", ", signals.keySet())
              + " become one reward, for instance"
              + " 'combine: { weighted: { "
              + signals.keySet().iterator().next()
              + ": 1.0, ... } }'");
    }
    if (combine.isPresent()) {
      for (String name : combine.get().parts()) {
        if (!signals.containsKey(name)) {
          throw new UnknownName("combine", "signal", name, signals.keySet());
        }
      }
    }
  }

  /** A spec whose numbers stay as they are. */
  public RewardSpec(
      Map<String, Signal> signals,
      Map<String, List<Transform>> transform,
      Optional<Combine> combine,
      List<Monitor> monitor,
      OptionalDouble unscored) {
    this(signals, transform, combine, monitor, unscored, Schedules.NONE);
  }

  /** A spec that has no word for what is not scored. */
  public RewardSpec(
      Map<String, Signal> signals,
      Map<String, List<Transform>> transform,
      Optional<Combine> combine,
      List<Monitor> monitor) {
    this(signals, transform, combine, monitor, OptionalDouble.empty());
  }

  /** A spec of one signal as it is. */
  public static RewardSpec of(String name, Signal signal) {
    return new RewardSpec(Map.of(name, signal), Map.of(), Optional.empty(), List.of());
  }

  /**
   * Reads a spec, or takes a model's folder for the spec of that model alone, its signal called
   * {@code reward}.
   *
   * @throws SpecException naming file, line, key, what was expected and the closest known name
   * @throws GoodhartException if the file cannot be read
   */
  public static RewardSpec read(Path file) {
    if (Files.isDirectory(file)) {
      if (ModelFolder.isModel(file)) {
        return parse("signals: { reward: { reward-model: { path: . } } }", file.toString(), file);
      }
      throw new GoodhartException(
          file + ": a folder without a model.json, expected a reward spec in YAML or a model");
    }
    return Specs.read(file, RewardSpec.class);
  }

  /**
   * @param yaml the text of a spec
   * @param file what to call it in errors
   * @param folder what relative paths in it are relative to
   */
  public static RewardSpec parse(String yaml, String file, Path folder) {
    return YamlReader.read(yaml, file, folder, RewardSpec.class);
  }

  /**
   * The spec as YAML, every hyper-parameter spelt out; paths below {@code folder} relative to it.
   */
  public String toYaml(Path folder) {
    return YamlWriter.write(this, folder);
  }

  /** The files and folders that the spec names: models, dictionaries, databases. */
  public List<Path> paths() {
    return YamlWriter.paths(this);
  }

  /** The same spec with these schedules. */
  public RewardSpec with(Schedules schedules) {
    return new RewardSpec(signals, transform, combine, monitor, unscored, schedules);
  }

  /**
   * The spec of one step of a training run: every schedule replaced by its number there, the rest
   * as it is.
   *
   * @param step counted from 0
   * @throws IllegalArgumentException if a method refuses its numbers of that step
   */
  public RewardSpec at(long step) {
    return schedules.byPath().isEmpty()
        ? this
        : new RewardSpec(
            signals,
            schedules.at(step, List.of("transform"), transform),
            schedules.at(step, List.of("combine"), combine),
            monitor,
            unscored,
            Schedules.NONE);
  }

  /** The combination, also where a single signal needed none. */
  Combine combination() {
    return combine.orElseGet(() -> new Part(signals.keySet().iterator().next()));
  }
}
