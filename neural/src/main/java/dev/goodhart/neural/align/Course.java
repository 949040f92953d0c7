package dev.goodhart.neural.align;

import dev.goodhart.GoodhartException;
import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.advantage.Credit;
import dev.goodhart.advantage.Rollouts;
import dev.goodhart.advantage.TokenAdvantages;
import dev.goodhart.advantage.Tokens;
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
  private final Scoring scoring;
  private final MetricsLog metrics;
  private final String words;
  private final Seeds seeds;
  private final Progress progress;
  private final Consumer<StepRow> listener;

  private final Drawing drawing;
  private final PromptOrder order;
  private final Histories histories = new Histories();
  private final Watching watching;
  private final Credit credit;
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
    this.scoring = scoring;
    this.metrics = metrics;
    this.words = words;
    this.seeds = seeds;
    this.progress = progress;
    this.listener = listener;
    this.drawing = new Drawing(policy, spec.rollOut().maxTokens());
    this.order = new PromptOrder(tasks, seeds);
    this.watching = new Watching(folder, spec.reward().monitor());
    this.credit = spec.credit();
  }

  Alignment.Result run(@Nullable AlignCheckpoint checkpoint) {
    long done = checkpoint == null ? -1 : checkpoint.step();
    try (RolloutLog log = new RolloutLog(folder, RolloutLog.FILE, done, this::remember);
        RolloutLog examples = new RolloutLog(folder, RolloutLog.EXAMPLES, done, (at, rows) -> {})) {
      if (checkpoint != null) {
        checkpoint.load(folder, learner, critic == null ? null : critic.learner);
        step = done;
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
    for (RolloutLog.Row row : rows) histories.add(prompt(row.sample()), row.reward());
  }

  private static String prompt(Sample answered) {
    return answered.id().substring(0, answered.id().lastIndexOf('/'));
  }

  /** What was drawn in a step, with what it is worth. */
  private record Batch(
      List<Sample> prompts,
      List<Drawn> drawn,
      List<Reward> rewards,
      List<@Nullable Reward> greedy) {
    /** The places of a prompt's responses. */
    int[] of(int prompt) {
      return IntStream.range(0, drawn.size())
          .filter(i -> drawn.get(i).prompt() == prompt)
          .toArray();
    }
  }

  /**
   * @return why the run ends with this step; empty where it goes on
   */
  private String oneStep(RolloutLog log, RolloutLog examples) {
    long began = System.nanoTime();
    long number = step + 1;
    Batch batch = draw(number);
    double drew = seconds(began);
    List<Episode> episodes = looked(batch);
    SequencedMap<String, Double> row = new LinkedHashMap<>();
    Summary.of(batch.drawn, batch.rewards, episodes, tasks, row);
    List<Episode> learnable = credited(batch, episodes, row);
    String why = "";
    double kl = row.getOrDefault("kl", 0.0);
    if (spec.stop().kl().isPresent() && kl > spec.stop().kl().getAsDouble()) {
      why =
          "step %d: a response's KL divergence from the reference is %.1f nats on average, above the %.1f of stop.kl"
              .formatted(number, kl, spec.stop().kl().getAsDouble());
    } else if (row.getOrDefault("kl-token", 0.0) > EXPLODED) {
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
    for (int i = 0; i < batch.drawn.size(); i++) {
      Drawn one = batch.drawn.get(i);
      histories.add(batch.prompts.get(one.prompt()).id(), batch.rewards.get(i));
    }
    List<Finding> alarms =
        watching.step(step, batch.drawn.stream().map(Drawn::sample).toList(), batch.rewards);
    row.put("alarms", (double) alarms.size());
    log.write(step, Summary.rows(batch.drawn, batch.rewards, episodes, tasks));
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
    return why;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private void save(String done) {
    new AlignCheckpoint(
            words, step, learner.steps(), critic == null ? 0 : critic.learner.steps(), done)
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

  private Batch draw(long number) {
    RollOut rollOut = spec.rollOut();
    List<Sample> prompts = order.from((number - 1) * rollOut.prompts(), rollOut.prompts());
    int[] counts =
        spec.explore().allocate(prompts.stream().map(histories::of).toList(), rollOut.budget());
    Scoring.Step scores = scoring.step(number - 1);
    long seed = seeds.of("align/roll-out", number).nextLong();
    List<Drawn> drawn =
        drawing.draw(prompts, counts, rollOut.temperature(), seed, d -> scores.add(d.sample()));
    List<Reward> rewards = scores.rewards(drawn.stream().map(Drawn::sample).toList());
    List<@Nullable Reward> greedy = new ArrayList<>();
    if (credit.greedy()) {
      int[] one = Arrays.stream(counts).map(c -> Math.min(c, 1)).toArray();
      Scoring.Step more = scoring.step(number - 1);
      List<Drawn> likeliest = drawing.draw(prompts, one, 0, seed, d -> more.add(d.sample()));
      List<Reward> theirs = more.rewards(likeliest.stream().map(Drawn::sample).toList());
      for (int p = 0; p < prompts.size(); p++) greedy.add(null);
      for (int i = 0; i < theirs.size(); i++) greedy.set(likeliest.get(i).prompt(), theirs.get(i));
    }
    return new Batch(prompts, drawn, rewards, greedy);
  }

  /** With what reference and critic say of each token. */
  private List<Episode> looked(Batch batch) {
    List<Episode> episodes = new ArrayList<>(batch.drawn.stream().map(Drawn::episode).toList());
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

  /** The scored responses with their credit; masked ones are left out. */
  private List<Episode> credited(
      Batch batch, List<Episode> episodes, SequencedMap<String, Double> row) {
    List<Rollouts> groups = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    for (int p = 0; p < batch.prompts.size(); p++) {
      int[] of = batch.of(p);
      if (of.length == 0) continue;
      places.add(of);
      Reward greedy = batch.greedy.isEmpty() ? null : batch.greedy.get(p);
      groups.add(group(batch, episodes, of, greedy));
    }
    List<TokenAdvantages> credits = credit.credit(groups);
    List<Episode> learnable = new ArrayList<>();
    int flat = 0;
    for (int g = 0; g < groups.size(); g++) {
      TokenAdvantages credit = credits.get(g);
      flat += flat(groups.get(g).group()) ? 1 : 0;
      for (int k = 0; k < places.get(g).length; k++) {
        if (!credit.mask()[k]) continue;
        double[] returns = credit.returns().length == 0 ? new double[0] : credit.returns()[k];
        learnable.add(episodes.get(places.get(g)[k]).withCredit(credit.values()[k], returns));
      }
    }
    row.put("flat-groups", groups.isEmpty() ? 0 : flat / (double) groups.size());
    return learnable;
  }

  private static boolean flat(Group group) {
    double[] scored = group.scored();
    return Arrays.stream(scored).allMatch(r -> r == scored[0]);
  }

  private Rollouts group(Batch batch, List<Episode> episodes, int[] of, @Nullable Reward greedy) {
    List<Sample> samples = new ArrayList<>();
    List<Reward> rewards = new ArrayList<>();
    List<Tokens> tokens = new ArrayList<>();
    for (int i : of) {
      Episode episode = episodes.get(i);
      Reward reward = batch.rewards.get(i);
      Spans spans = Spans.of(reward, episode.tokens(), policy.tokenizer());
      double[] byToken = spans.rewards();
      if (reward instanceof Scored scored) {
        byToken[byToken.length - 1] += scored.value() - spans.sum();
      }
      samples.add(batch.drawn.get(i).sample());
      rewards.add(reward);
      tokens.add(new Tokens(byToken, spans.ends(), episode.values(), episode.old()));
    }
    return new Rollouts(new Group(samples, rewards), tokens, greedy);
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
        if (critic != null) {
          Learner.Outcome outcome = critic.learner.step(part, spec.critic().rate());
          add(sums, "critic-loss", outcome.loss());
          outcome.also().forEach((name, value) -> add(sums, name, value));
        }
        updates++;
        if (critic != null && number <= spec.critic().warmUp()) continue;
        Learner.Outcome outcome = learner.step(weighted(part), update.rate(number));
        add(sums, "loss", outcome.loss());
        add(sums, "gradient-norm", outcome.gradientNorm());
        outcome.also().forEach((name, value) -> add(sums, name, value));
      }
    }
    int all = updates;
    sums.forEach((name, sum) -> row.put(name, sum / all));
    row.put("learning-rate", update.rate(number));
  }

  private List<Episode> weighted(List<Episode> part) {
    double mean = part.stream().mapToInt(Episode::size).average().orElse(1);
    int longest = spec.rollOut().maxTokens();
    return part.stream()
        .map(e -> e.withWeight(spec.aggregation().weight(e.size(), mean, longest)))
        .toList();
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
    int[] one = new int[count];
    Arrays.fill(one, 1);
    Scoring.Step scores = scoring.step(Math.max(0, step - 1));
    long seed = seeds.of("align/evaluation", step).nextLong();
    List<Drawn> drawn =
        drawing.draw(prompts, one, evaluation.temperature(), seed, d -> scores.add(d.sample()));
    List<Reward> rewards = scores.rewards(drawn.stream().map(Drawn::sample).toList());
    examples.write(step, Summary.examples(drawn, rewards, tasks, kl));
    double[] values =
        rewards.stream()
            .filter(Scored.class::isInstance)
            .mapToDouble(r -> ((Scored) r).value())
            .toArray();
    if (values.length > 0) {
      row.put("evaluation/reward", Arrays.stream(values).average().orElseThrow());
    }
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
