package dev.goodhart.neural.align;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.train.FolderLock;
import dev.goodhart.neural.train.Learner;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.MetricsLog;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.spec.Scorer;
import dev.goodhart.spec.Specs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A run: a policy optimised against a reward. Each step draws responses, scores them, says what
 * each token is to be credited with, and updates the weights.
 *
 * <p>The run folder holds {@code align.yaml} (the spec with everything spelt out), {@code
 * metrics.jsonl} with TensorBoard's events, {@code rollouts.jsonl}, {@code alarms.jsonl}, {@code
 * checkpoint.safetensors}, the reference in {@code start/} where the run made it, and at the end
 * the policy in {@code model/} and a report. Killed at any moment and started again to resume, it
 * ends with the same bits as without the kill, on the same machine with the same number of threads.
 */
public final class Alignment {
  static final String SPEC = "align.yaml";
  static final String MODEL = "model";

  private final AlignSpec spec;
  private final Path folder;
  private final Device device;
  private final Progress progress;
  private final Consumer<StepRow> listener;

  /**
   * @param listener is told of each step of this process, on its thread
   */
  public Alignment(
      AlignSpec spec, Path folder, Device device, Progress progress, Consumer<StepRow> listener) {
    this.spec = spec;
    this.folder = folder;
    this.device = device;
    this.progress = progress;
    this.listener = listener;
  }

  /**
   * How a run ended.
   *
   * @param steps that were done
   * @param why it ended, one sentence; empty where all its steps are done
   */
  public record Result(long steps, String why) {}

  /**
   * Does the run.
   *
   * @param resume whether to go on from the folder's checkpoint, if it has one
   * @throws GoodhartException if something is missing or cannot be written, or the folder holds
   *     another run
   */
  public Result run(boolean resume) {
    Seeds seeds = new Seeds(spec.seed());
    Tasks tasks = spec.world().open(seeds);
    try (FolderLock lock = FolderLock.of(folder);
        Scorer scorer = new Scorer(spec.reward())) {
      String words = inWords();
      AlignCheckpoint checkpoint = resume ? AlignCheckpoint.read(folder, words) : null;
      AtomicOutput.write(folder.resolve(SPEC), Specs.toYaml(spec, folder));
      Policy base = spec.model().open(tasks, spec.seed(), device, progress);
      Teaching teaching =
          spec.teacher().isEmpty()
              ? null
              : spec.teacher().get().open(base, tasks, spec.seed(), device, progress);
      Policy start = new Starting(spec, folder, tasks, device, progress, scorer).of(base, resume);
      try (Parameters parameters = Parameters.of(start.decoder());
          Learner<Episode> learner =
              learner(parameters, parameters.decoder(start.decoder()), teaching)) {
        Policy policy = start.with(parameters.decoder(start.decoder()));
        return withCritic(start, policy, learner, tasks, scorer, checkpoint, words, seeds);
      }
    }
  }

  /**
   * What a run's monitors have seen, step by step, from its {@code rollouts.jsonl}: to hold another
   * monitor against a run that is over.
   *
   * @param each is given the responses of a step and what they earned
   */
  public static void replay(Path run, BiConsumer<List<Sample>, List<Reward>> each) {
    RolloutLog.read(
        run,
        RolloutLog.FILE,
        (step, rows) ->
            each.accept(
                rows.stream().map(RolloutLog.Row::sample).toList(),
                rows.stream().map(RolloutLog.Row::reward).toList()));
  }

  private Learner<Episode> learner(
      Parameters parameters, Decoder decoder, @Nullable Teaching teaching) {
    var task =
        new PolicyTask(
            decoder,
            spec.policyObjective(),
            spec.regularise(),
            spec.rollOut().temperature(),
            teaching,
            spec.teacher().map(Teacher::share).orElse(0.0));
    Update update = spec.update();
    return new Learner<>(
        parameters, task, update.optimiser(), update.tokensPerPass(), update.clip());
  }

  private Result withCritic(
      Policy start,
      Policy policy,
      Learner<Episode> learner,
      Tasks tasks,
      Scorer scorer,
      @Nullable AlignCheckpoint checkpoint,
      String words,
      Seeds seeds) {
    if (!spec.rewarded() || !spec.credit().critic()) {
      return course(start, policy, learner, null, tasks, scorer, checkpoint, words, seeds);
    }
    Decoder blank = critic(start.decoder());
    try (Parameters parameters = Parameters.of(blank)) {
      Decoder critic = parameters.decoder(blank);
      try (Learner<Episode> learns =
          new Learner<>(
              parameters,
              new CriticTask(critic, spec.critic().range()),
              spec.update().optimiser(),
              spec.update().tokensPerPass(),
              spec.update().clip())) {
        var with = new Course.Critic(critic, learns);
        return course(start, policy, learner, with, tasks, scorer, checkpoint, words, seeds);
      }
    }
  }

  private Result course(
      Policy start,
      Policy policy,
      Learner<Episode> learner,
      Course.@Nullable Critic critic,
      Tasks tasks,
      Scorer scorer,
      @Nullable AlignCheckpoint checkpoint,
      String words,
      Seeds seeds) {
    long done = checkpoint == null ? 0 : checkpoint.step();
    try (MetricsLog metrics =
            checkpoint == null ? MetricsLog.begin(folder) : MetricsLog.resume(folder, done);
        Scoring scoring = new Scoring(scorer)) {
      Course course =
          new Course(
              spec,
              folder,
              start.decoder(),
              policy,
              learner,
              critic,
              tasks,
              scoring,
              metrics,
              words,
              seeds,
              progress,
              listener);
      Result result = course.run(checkpoint);
      write(folder.resolve(MODEL), policy);
      return result;
    }
  }

  /** As a folder that Hugging Face's libraries and {@code goodhart generate} read. */
  static void write(Path to, Policy policy) {
    HfFolder.write(to, policy.decoder());
    policy.tokenizer().save(to);
  }

  /** The policy's transformer with one head that says 0 everywhere. */
  private Decoder critic(Decoder policy) {
    Map<String, Tensor> weights = new LinkedHashMap<>(policy.weights());
    weights.remove("lm_head.weight");
    ScalarType type = weights.values().iterator().next().scalar_type();
    weights.put(
        "score.weight", Scope.outside(() -> device.zeros(type, 1, policy.config().hidden())));
    return new Decoder(policy.config().withLabels(1), weights);
  }

  /** What must be the same for a checkpoint to go on from: all but the number of steps. */
  private String inWords() {
    return Specs.toYaml(spec.with(1, spec.seed()), folder);
  }
}
