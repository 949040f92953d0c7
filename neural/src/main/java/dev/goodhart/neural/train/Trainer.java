package dev.goodhart.neural.train;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.run.MetricsLog;
import dev.goodhart.run.Progress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A whole training: epochs over examples in a shuffled order, evaluation as it goes, an early end
 * when that no longer improves, and the best parameters at the end.
 *
 * <pre>{@code
 * try (Parameters parameters = Parameters.of(decoder)) {
 *   Task<Pair> task = new PairTask(parameters.decoder(decoder), new BradleyTerry(0, 0));
 *   new Trainer<>(Recipe.standard(1e-3), seed, parameters, task)
 *       .keptIn(folder, false)
 *       .reporting(progress)
 *       .train(pairs, heldOut);
 * }
 * }</pre>
 *
 * <p>In a folder it keeps {@code metrics.jsonl} with TensorBoard's events beside it, and a
 * checkpoint. Killed at any moment and started again to resume, it ends with the same bits as
 * without the kill, on the same machine with the same number of threads.
 *
 * @param <E> an example
 */
public final class Trainer<E> {
  private final Recipe recipe;
  private final long seed;
  private final Parameters parameters;
  private final Task<E> task;
  private @Nullable Path folder;
  private boolean resume;
  private Progress progress = Progress.NONE;

  public Trainer(Recipe recipe, long seed, Parameters parameters, Task<E> task) {
    this.recipe = recipe;
    this.seed = seed;
    this.parameters = parameters;
    this.task = task;
  }

  /**
   * Keeps metrics and checkpoints.
   *
   * @param resume whether to go on from the folder's checkpoint, if it has one
   */
  public Trainer<E> keptIn(Path folder, boolean resume) {
    this.folder = folder;
    this.resume = resume;
    return this;
  }

  public Trainer<E> reporting(Progress progress) {
    this.progress = progress;
    return this;
  }

  /**
   * How a training ended.
   *
   * @param steps that were taken
   * @param bestStep after which the evaluation loss was lowest, which is where the parameters are;
   *     the last step where nothing was evaluated
   * @param bestLoss NaN where nothing was evaluated
   */
  public record Result(long steps, long bestStep, double bestLoss) {}

  /**
   * Trains; the parameters are then those with the lowest evaluation loss.
   *
   * @param evaluation examples that are not trained on; empty for none: then all steps are taken
   * @throws GoodhartException if the loss is no longer finite, the folder cannot be written, or
   *     holds the checkpoint of another training
   */
  public Result train(List<E> examples, List<E> evaluation) {
    if (examples.isEmpty()) throw new GoodhartException("there is nothing to train on");
    try (Learner<E> learner =
        new Learner<>(
            parameters, task, recipe.optimiser(), recipe.tokensPerPass(), recipe.clip())) {
      return new Course(learner, examples, evaluation).run();
    }
  }

  /** One training under way. */
  private final class Course {
    private final Learner<E> learner;
    private final List<E> evaluation;
    private final List<E> examples;
    private final Order order;
    private final long steps;
    private final long evaluateEvery;
    private final String training;

    private @Nullable Tensor best;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private long bestStep;
    private int stale;
    private boolean done;

    private final Pace pace = new Pace();

    Course(Learner<E> learner, List<E> examples, List<E> evaluation) {
      this.learner = learner;
      this.examples = examples;
      this.evaluation = evaluation;
      long perEpoch = recipe.stepsPerEpoch(examples.size());
      this.steps = perEpoch * recipe.epochs();
      this.evaluateEvery = recipe.evaluateEvery() > 0 ? recipe.evaluateEvery() : perEpoch;
      this.order = new Order(examples.size(), perEpoch, seed);
      this.training = inWords();
    }

    /** What must be the same for a checkpoint to go on from. */
    private String inWords() {
      return "%s, seed %d, %d examples of %d tokens, %d of %d to evaluate, %d parameters %08x"
          .formatted(
              recipe,
              seed,
              examples.size(),
              examples.stream().mapToLong(task::tokens).sum(),
              evaluation.size(),
              evaluation.stream().mapToLong(task::tokens).sum(),
              parameters.values().numel(),
              List.copyOf(parameters.shapes().entrySet()).hashCode());
    }

    Result run() {
      try (FolderLock lock = folder == null ? null : FolderLock.of(folder);
          MetricsLog metrics = resumed()) {
        if (!done) {
          progress.start("training, step", steps - learner.steps());
          loop(metrics);
        }
      } finally {
        progress.done();
      }
      if (best != null) {
        try (Scope ignored = Scope.inference()) {
          parameters.values().copy_(best);
          parameters.publish();
        }
        best.close();
        return new Result(learner.steps(), bestStep, bestLoss);
      }
      return new Result(learner.steps(), learner.steps(), Double.NaN);
    }

    private @Nullable MetricsLog resumed() {
      if (folder == null) return null;
      Checkpoint checkpoint = resume ? Checkpoint.read(folder, training) : null;
      if (checkpoint == null) return MetricsLog.begin(folder);
      best = checkpoint.load(folder, learner);
      bestLoss = checkpoint.bestLoss();
      bestStep = checkpoint.bestStep();
      stale = checkpoint.stale();
      done = checkpoint.done();
      return MetricsLog.resume(folder, checkpoint.step());
    }

    private void loop(@Nullable MetricsLog metrics) {
      while (!done) {
        long step = learner.steps();
        double rate = recipe.schedule().rate(step, steps);
        pace.start();
        Learner.Outcome outcome = step(order.batch(step, examples), rate);
        double tokensPerSecond = pace.stop(outcome.tokens());
        step++;
        SequencedMap<String, Double> row = new LinkedHashMap<>();
        row.put("loss", outcome.loss());
        outcome.also().forEach(row::put);
        row.put("learning-rate", rate);
        row.put("gradient-norm", outcome.gradientNorm());
        row.put("tokens-per-second", tokensPerSecond);
        done = step == steps;
        if (!evaluation.isEmpty() && (step % evaluateEvery == 0 || done)) evaluate(row);
        progress.note("%,.0f tokens/s, loss %.4f".formatted(pace.smooth(), outcome.loss()));
        progress.advance(1);
        if (metrics != null) metrics.write(step, row);
        if (metrics != null && (done || step % recipe.checkpointEvery() == 0)) {
          metrics.sync();
          save();
        }
      }
    }

    private Learner.Outcome step(List<E> batch, double rate) {
      try {
        return learner.step(batch, rate);
      } catch (GoodhartException e) {
        if (folder == null) throw e;
        throw new GoodhartException(e.getMessage() + "; the last checkpoint is in " + folder, e);
      }
    }

    private void evaluate(SequencedMap<String, Double> row) {
      Learner.Outcome outcome = learner.evaluate(evaluation);
      row.put("evaluation/loss", outcome.loss());
      outcome.also().forEach((name, value) -> row.put("evaluation/" + name, value));
      if (outcome.loss() < bestLoss) {
        bestLoss = outcome.loss();
        bestStep = learner.steps();
        stale = 0;
        keep();
      } else {
        stale++;
        done |= recipe.patience() > 0 && stale >= recipe.patience();
      }
    }

    private void keep() {
      if (best == null) {
        best = Scope.outside(() -> parameters.values().clone());
        return;
      }
      try (Scope ignored = Scope.inference()) {
        best.copy_(parameters.values());
      }
    }

    private void save() {
      if (folder == null) return;
      new Checkpoint(training, learner.steps(), bestLoss, bestStep, stale, done)
          .write(folder, learner, best);
    }
  }

  /** Tokens a second, of a step and on a sliding average. */
  private static final class Pace {
    private long since;
    private double smooth;

    void start() {
      since = System.nanoTime();
    }

    double stop(long tokens) {
      double now = tokens * 1e9 / Math.max(1, System.nanoTime() - since);
      smooth = smooth == 0 ? now : 0.9 * smooth + 0.1 * now;
      return now;
    }

    double smooth() {
      return smooth;
    }
  }
}
