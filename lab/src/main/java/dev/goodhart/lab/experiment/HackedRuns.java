package dev.goodhart.lab.experiment;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.combine.Combine;
import dev.goodhart.data.Example;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.phrase.Phrases;
import dev.goodhart.neural.align.AlignSpec;
import dev.goodhart.neural.align.Alignment;
import dev.goodhart.neural.align.StepRow;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Activation;
import dev.goodhart.signal.RewardModel;
import dev.goodhart.signal.hashed.HashedBradleyTerry;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Specs;
import dev.goodhart.transform.Transform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs of one small language model against one reward model, in the world of phrases: a transformer
 * that is fine-tuned on the base responses, and a model that was fitted to pairs of annotators who
 * like long answers and err. Under one seed all arms have the same weights to start with, the same
 * reward model and the same prompts.
 *
 * @param pairs that the reward model is fitted to
 * @param members of it
 * @param steps of a run
 * @param fineTuning steps of fine-tuning before
 * @param prompts a step
 * @param responses a prompt
 */
public record HackedRuns(
    int pairs, int members, int steps, int fineTuning, int prompts, int responses) {
  static final HackedRuns DEFAULT = new HackedRuns(4000, 5, 60, 400, 8, 16);

  /** For every build. */
  static final HackedRuns SMOKE = new HackedRuns(200, 2, 10, 5, 2, 4);

  static final int TENTHS = 10;

  /**
   * What differs from run to run.
   *
   * @param members of the reward model that are asked
   * @param transforms of what they say
   * @param combine the members' scores, where not by their mean
   * @param more lines of the run's spec
   */
  record Arm(int members, List<Transform> transforms, Optional<Combine> combine, String more) {
    /** One member as it is. */
    static final Arm SINGLE = new Arm(1, List.of(), Optional.empty(), "");

    Arm with(String lines) {
      return new Arm(members, transforms, combine, lines);
    }

    Arm with(Transform transform) {
      return new Arm(members, List.of(transform), combine, more);
    }
  }

  /**
   * For each arm a curve of gold by tenths of the run, and the figures {@code ARM peak} (its best
   * tenth but the last), {@code ARM last} and {@code ARM kl} (nats a response, last tenth); for the
   * first arm its gold in the first step, {@code start}, its reward at gold's peak and at the end.
   */
  Outcome of(SequencedArms arms, String name, Seeds seeds) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("goodhart-hacked");
      return within(folder, arms, name, seeds.of("hacked-language-model").nextLong());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (folder != null) delete(folder);
    }
  }

  /** Arms by their names, in their order. */
  static final class SequencedArms {
    private final Map<String, Arm> arms = new LinkedHashMap<>();

    SequencedArms and(String name, Arm arm) {
      arms.put(name, arm);
      return this;
    }
  }

  private Outcome within(Path folder, SequencedArms arms, String name, long seed) {
    List<Preference> data = Phrases.DEFAULT.pairs(pairs, new Seeds(seed));
    Path model = folder.resolve("model");
    HashedBradleyTerry.DEFAULT
        .withEnsemble(members)
        .withHoldout(0)
        .fit(data.stream().map(Example.Pair::new).toList(), seed, Progress.NONE)
        .model()
        .save(model, true, Provenance.of(name, seed));
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    String first = arms.arms.keySet().iterator().next();
    for (var arm : arms.arms.entrySet()) {
      if (!arm.getKey().equals(first)) {
        copy(folder.resolve(first + "/start"), folder.resolve(arm.getKey() + "/start"));
      }
      List<StepRow> rows = align(folder.resolve(arm.getKey()), model, arm.getValue(), name, seed);
      double[] gold = tenths(rows, "gold");
      curves.put(arm.getKey(), IntStream.range(0, TENTHS).mapToObj(i -> gold[i]).toList());
      int peak =
          IntStream.range(0, TENTHS - 1)
              .boxed()
              .max(Comparator.comparingDouble(i -> gold[i]))
              .orElseThrow();
      figures.put(arm.getKey() + " peak", gold[peak]);
      figures.put(arm.getKey() + " last", gold[TENTHS - 1]);
      figures.put(arm.getKey() + " kl", tenths(rows, "kl")[TENTHS - 1]);
      if (arm.getKey().equals(first)) {
        double[] reward = tenths(rows, "reward");
        figures.put("start", rows.getFirst().get("gold"));
        figures.put(first + " reward at peak", reward[peak]);
        figures.put(first + " reward", reward[TENTHS - 1]);
      }
    }
    return new Outcome(figures, curves);
  }

  private RewardSpec reward(Path model, Arm arm) {
    int asked = Math.min(arm.members, members);
    return new RewardSpec(
        Map.of("helpful", new RewardModel(model, asked, Activation.NONE, "cpu")),
        arm.transforms.isEmpty() ? Map.of() : Map.of("helpful", arm.transforms),
        arm.combine,
        List.of());
  }

  private List<StepRow> align(Path run, Path model, Arm arm, String name, long seed) {
    AlignSpec plain =
        Specs.parse(
            """
            model: { tiny: { layers: 2, width: 96 } }
            world: { style: {} }
            reward: { signals: { none: length } }
            start: { steps: %d, rate: 3e-3 }
            roll-out: { prompts: %d, responses: %d, max-tokens: 40 }
            update: { rate: 5e-4 }
            evaluate: { every: 0 }
            keep: { checkpoint: 1000000 }
            steps: %d
            %s
            """
                .formatted(fineTuning, prompts, responses, steps, arm.more),
            name,
            run,
            AlignSpec.class);
    List<StepRow> rows = new ArrayList<>();
    AlignSpec spec = plain.with(reward(model, arm)).with(steps, seed);
    Alignment.Result result =
        new Alignment(spec, run, Device.CPU, Progress.NONE, rows::add).run(true);
    if (!result.why().isEmpty()) {
      throw new GoodhartException(run.getFileName() + ": " + result.why());
    }
    return rows;
  }

  private static double[] tenths(List<StepRow> rows, String metric) {
    int n = rows.size();
    return IntStream.range(0, TENTHS)
        .mapToDouble(
            t ->
                rows.subList(n * t / TENTHS, n * (t + 1) / TENTHS).stream()
                    .mapToDouble(row -> row.get(metric))
                    .average()
                    .orElseThrow())
        .toArray();
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.toList()) Files.copy(file, to.resolve(file.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
