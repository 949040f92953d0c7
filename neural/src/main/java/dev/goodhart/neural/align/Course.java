package dev.goodhart.neural.align;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.audit.Finding;
import dev.goodhart.neural.align.World.Split;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Learner;
import dev.goodhart.run.MetricsLog;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One run under way. */
final class Course {
  /** Nats a token: the policy shares nothing with its reference any more. */
  private static final double EXPLODED = 10;

  private final AlignSpec spec;
  private final Path folder;
  private final Decoder reference;
  private final Policy policy;
  private final Learner<Episode> learner;
  private final @Nullable Critic critic;
  private final Tasks tasks;
  private final MetricsLog metrics;
  private final String words;
  private final Seeds seeds;
  private final Progress progress;
  private final Consumer<StepRow> listener;

  private final Rolling rolling;
  private final Watching watching;
  private long step;

  /** The critic with what it learns by. */
  record Critic(Decoder decoder, Learner<Episode> learner) {}

  Course(
      AlignSpec spec,
      Path folder,
      Decoder reference,
      Policy policy,
      Learner<Episode> learner,
      @Nullable Critic critic,
      Tasks tasks,
      Scoring scoring,
      MetricsLog metrics,
      String words,
      Seeds seeds,
      Progress progress,
      Consumer<StepRow> listener) {
    this.spec = spec;
    this.folder = folder;
    this.reference = reference;
    this.policy = policy;
    this.learner = learner;
    this.critic = critic;
    this.tasks = tasks;
    this.metrics = metrics;
    this.words = words;
    this.seeds = seeds;
    this.progress = progress;
    this.listener = listener;
    this.rolling = new Rolling(spec, policy, policy.with(reference), scoring, tasks, seeds);
    this.watching = new Watching(folder, spec.reward().monitor());
  }

  Alignment.Result run(@Nullable AlignCheckpoint checkpoint) {
    long done = checkpoint == null ? -1 : checkpoint.step();
    try (RolloutLog log = new RolloutLog(folder, RolloutLog.FILE, done, this::remember);
        RolloutLog examples = new RolloutLog(folder, RolloutLog.EXAMPLES, done, (at, rows) -> {})) {
      if (checkpoint != null) {
        checkpoint.load(folder, learner, critic == null ? null : critic.learner);
        step = done;
        rolling.cursor(checkpoint.cursor());
        if (!checkpoint.done().isEmpty()) return new Alignment.Result(step, checkpoint.done());
      } else {
        SequencedMap<String, Double> row = new LinkedHashMap<>();
        if (spec.evaluate().every() > 0) evaluate(row, examples, 0);
        metrics.write(0, row);
        save("");
      }
      progress.start("aligning, step", spec.steps() - step);
      String why = "";
      while (step < spec.steps() && why.isEmpty()) {
        why = oneStep(log, examples);
        progress.advance(1);
      }
      return new Alignment.Result(step, why);
    } finally {
      progress.done();
    }
  }

  /** What an earlier process has seen. */
  private void remember(long at, List<RolloutLog.Row> rows) {
    watching.step(
        at,
        rows.stream().map(RolloutLog.Row::sample).toList(),
        rows.stream().map(RolloutLog.Row::reward).toList());
    rolling.remember(
        rows.stream().map(RolloutLog.Row::sample).toList(),
        rows.stream().map(RolloutLog.Row::reward).toList());
  }

  /**
   * @return why the run ends with this step; empty where it goes on
   */
  private String oneStep(RolloutLog log, RolloutLog examples) {
    long began = System.nanoTime();
    long number = step + 1;
    Batch batch = rolling.step(number);
    double drew = seconds(began);
    List<Episode> episodes = looked(batch);
    SequencedMap<String, Double> row = new LinkedHashMap<>();
    Summary.of(batch.drawn(), batch.rewards(), episodes, tasks, row);
    List<Episode> learnable = new Crediting(spec, policy.tokenizer()).of(batch, episodes, row);
    String why = "";
    double kl = row.getOrDefault("kl", 0.0);
    if (spec.stop().kl().isPresent() && kl > spec.stop().kl().getAsDouble()) {
      why =
          "step %d: a response's KL divergence from the reference is %.1f nats on average, above the %.1f of stop.kl"
              .formatted(number, kl, spec.stop().kl().getAsDouble());
    } else if (spec.rewarded() && row.getOrDefault("kl-token", 0.0) > EXPLODED) {
      // A teacher alone may well lead away from the reference, and that far.
      why =
          "step %d: the policy has lost its reference: a token's KL divergence is %.1f nats on average; try a lower learning rate or a KL penalty"
              .formatted(number, row.get("kl-token"));
    }
    if (!why.isEmpty()) return stopped(why);
    try {
      learn(number, learnable, row);
    } catch (GoodhartException e) {
      return stopped("diverged: " + e.getMessage());
    }
    step = number;
    rolling.remember(batch.samples(), batch.rewards());
    List<Finding> alarms = watching.step(step, batch.samples(), batch.rewards());
    row.put("alarms", (double) alarms.size());
    log.write(step, Summary.rows(batch.drawn(), batch.rewards(), episodes, tasks));
    boolean evaluates =
        spec.evaluate().every() > 0
            && (step % spec.evaluate().every() == 0 || step == spec.steps());
    if (evaluates) evaluate(row, examples, kl);
    double took = seconds(began);
    row.put("seconds", took);
    row.put("roll-out-seconds", drew);
    double tokens = episodes.stream().mapToInt(Episode::size).sum();
    row.put("tokens-per-second", tokens / took);
    metrics.write(step, row);
    progress.note(Summary.words(row));
    listener.accept(new StepRow(step, row, alarms));
    for (Finding alarm : alarms) {
      if (alarm.level() == Finding.Level.ALARM && spec.stop().at(alarm.name())) {
        why = "step %d: %s: %s".formatted(step, alarm.name(), alarm.says());
      }
    }
    double evaluated = row.getOrDefault("evaluation/reward", Double.NaN);
    if (spec.stop().reward().isPresent() && evaluated >= spec.stop().reward().getAsDouble()) {
      why =
          "step %d: the evaluation's mean reward is %.3f, as much as stop.reward asks for"
              .formatted(step, evaluated);
    }
    if (!why.isEmpty() || step == spec.steps() || step % spec.keep().checkpoint() == 0) {
      metrics.sync();
      log.sync();
      examples.sync();
      watching.write();
      save(why);
    }
    if (spec.keep().models() > 0 && step % spec.keep().models() == 0) {
      Alignment.write(folder.resolve("models").resolve("step-%06d".formatted(step)), policy);
    }
    return why;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private void save(String done) {
    new AlignCheckpoint(
            words,
            step,
            learner.steps(),
            critic == null ? 0 : critic.learner.steps(),
            rolling.cursor(),
            done)
        .write(folder, learner, critic == null ? null : critic.learner);
  }

  /** The last checkpoint's weights stay. */
  private String stopped(String why) {
    AlignCheckpoint last = AlignCheckpoint.read(folder, words);
    if (last != null) {
      last.load(folder, learner, critic == null ? null : critic.learner);
      step = last.step();
    }
    watching.write();
    save(why);
    return why + "; the weights are those of step " + step;
  }

  /** With what reference and critic say of each token. */
  private List<Episode> looked(Batch batch) {
    List<Episode> episodes = new ArrayList<>(batch.drawn().stream().map(Drawn::episode).toList());
    int pass = spec.update().tokensPerPass();
    List<double[]> under =
        Responses.logProbs(reference, episodes, spec.rollOut().temperature(), pass);
    for (int i = 0; i < episodes.size(); i++) {
      episodes.set(i, episodes.get(i).withReference(under.get(i)));
    }
    if (critic != null) {
      List<double[]> values = Responses.values(critic.decoder, episodes, pass);
      for (int i = 0; i < episodes.size(); i++) {
        episodes.set(i, episodes.get(i).withValues(values.get(i)));
      }
    }
    return episodes;
  }

  private void learn(long number, List<Episode> episodes, SequencedMap<String, Double> row) {
    Update update = spec.update();
    int n = episodes.size();
    if (n == 0) return; // nothing was scored: the row says so
    int batches = Math.min(update.batches(), n);
    SequencedMap<String, Double> sums = new LinkedHashMap<>();
    int updates = 0;
    for (int epoch = 0; epoch < update.epochs(); epoch++) {
      int[] shuffled = IntStream.range(0, n).toArray();
      if (batches > 1) {
        shuffle(shuffled, seeds.of("align/batches", number * update.epochs() + epoch));
      }
      for (int b = 0; b < batches; b++) {
        List<Episode> part =
            Arrays.stream(shuffled, n * b / batches, n * (b + 1) / batches)
                .mapToObj(episodes::get)
                .toList();
        List<Episode> credited = part.stream().filter(Episode::credited).toList();
        if (critic != null && !credited.isEmpty()) {
          Learner.Outcome outcome = critic.learner.step(credited, spec.critic().rate());
          add(sums, "critic-loss", outcome.loss());
          outcome.also().forEach((name, value) -> add(sums, name, value));
        }
        updates++;
        if (critic != null && number <= spec.critic().warmUp()) continue;
        Learner.Outcome outcome =
            learner.step(weighted(number, part), update.rate(number, spec.steps()));
        add(sums, "loss", outcome.loss());
        add(sums, "gradient-norm", outcome.gradientNorm());
        outcome.also().forEach((name, value) -> add(sums, name, value));
      }
    }
    int all = updates;
    sums.forEach((name, sum) -> row.put(name, sum / all));
    row.put("learning-rate", update.rate(number, spec.steps()));
  }

  private List<Episode> weighted(long number, List<Episode> part) {
    List<Episode> credited = part.stream().filter(Episode::credited).toList();
    double mean = meanLength(credited);
    double meanTaught = meanLength(part);
    int longest = spec.rollOut().maxTokens(number);
    Aggregation by = spec.aggregation();
    // The cost is a mean over the part; what the reward asks is to be one over those with credit.
    double all = part.size() / (double) Math.max(1, credited.size());
    return part.stream()
        .map(
            e ->
                e.withWeights(
                    e.credited() ? all * by.weight(e.size(), mean, longest) : 0,
                    by.weight(e.size(), meanTaught, longest)))
        .toList();
  }

  private static double meanLength(List<Episode> episodes) {
    return episodes.stream().mapToInt(Episode::size).average().orElse(1);
  }

  private static void add(SequencedMap<String, Double> sums, String name, double value) {
    sums.merge(name, value, Double::sum);
  }

  private static void shuffle(int[] places, SplittableRandom random) {
    for (int i = places.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = places[j];
      places[j] = places[i];
      places[i] = other;
    }
  }

  private void evaluate(SequencedMap<String, Double> row, RolloutLog examples, double kl) {
    Evaluation evaluation = spec.evaluate();
    int count = (int) Math.min(tasks.size(Split.TEST), evaluation.prompts());
    List<Sample> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) prompts.add(tasks.prompt(Split.TEST, i));
    Batch batch = rolling.evaluation(prompts, step);
    List<Drawn> drawn = batch.drawn();
    List<Reward> rewards = batch.rewards();
    examples.write(step, Summary.examples(drawn, rewards, tasks, kl));
    double[] values =
        rewards.stream()
            .filter(Scored.class::isInstance)
            .mapToDouble(r -> ((Scored) r).value())
            .toArray();
    if (values.length > 0) {
      row.put("evaluation/reward", Arrays.stream(values).average().orElseThrow());
    }
    Summary.parts(rewards).forEach((name, mean) -> row.put("evaluation/parts/" + name, mean));
    row.put("evaluation/unscored", 1 - values.length / (double) Math.max(1, rewards.size()));
    OptionalDouble gold =
        drawn.stream()
            .map(d -> tasks.gold(d.sample()))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .average();
    gold.ifPresent(g -> row.put("evaluation/gold", g));
  }
}
