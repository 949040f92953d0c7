package dev.goodhart.neural.align;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.run.Progress;
import dev.goodhart.signal.MatchedPrefix;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Small runs. */
final class Runs {
  private Runs() {}

  /** A run in the world of {@link Echo}, with what the YAML says besides. */
  static AlignSpec spec(String more) {
    Plain plain = Specs.parse(more, "test", Path.of(""), Plain.class);
    return new AlignSpec(
        new Tiny(1, 16, 2, 32),
        new Echo(),
        plain.reward.orElse(RewardSpec.of("prefix", new MatchedPrefix())),
        plain.algorithm,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        plain.klInReward,
        plain.teacher,
        plain.rollOut,
        plain.explore,
        plain.update,
        plain.critic,
        plain.start,
        plain.evaluate,
        plain.stop,
        plain.keep,
        plain.steps,
        plain.seed);
  }

  /** What a test says of a run. */
  record Plain(
      Optional<RewardSpec> reward,
      @dev.goodhart.Default("grpo") Algorithm algorithm,
      Optional<KlInReward> klInReward,
      Optional<Teacher> teacher,
      @dev.goodhart.Default("{ prompts: 8, responses: 4, max-tokens: 4 }") RollOut rollOut,
      @dev.goodhart.Default("uniform-groups") dev.goodhart.explore.Explore explore,
      @dev.goodhart.Default("{ rate: 1e-2 }") Update update,
      @dev.goodhart.Default("{ rate: 1e-2 }") CriticSpec critic,
      Optional<WarmStart> start,
      @dev.goodhart.Default("{ every: 5, prompts: 2 }") Evaluation evaluate,
      @dev.goodhart.Default("{}") Stop stop,
      @dev.goodhart.Default("{ checkpoint: 3 }") Keep keep,
      @dev.goodhart.Default("6") int steps,
      @dev.goodhart.Default("1") long seed) {}

  static Alignment.Result run(AlignSpec spec, Path folder, boolean resume) {
    return run(spec, folder, resume, row -> {});
  }

  static Alignment.Result run(
      AlignSpec spec, Path folder, boolean resume, Consumer<StepRow> listener) {
    return new Alignment(spec, folder, Device.CPU, Progress.NONE, listener).run(resume);
  }

  /** The metrics without what depends on the clock. */
  static List<String> metrics(Path folder) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("metrics.jsonl"))) {
      return lines
          .map(
              line ->
                  line.replaceAll(",\"(seconds|roll-out-seconds|tokens-per-second)\":[^,}]*", ""))
          .toList();
    }
  }
}
