package dev.goodhart.neural.reward;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.AdamW;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.neural.train.Recipe;
import dev.goodhart.neural.train.Schedule;
import dev.goodhart.neural.train.Task;
import dev.goodhart.neural.train.Trainer;
import dev.goodhart.objective.Objective;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The training of all members: heads together, adapters and whole transformers one after the other.
 *
 * @param run where metrics and checkpoints are kept
 * @param resume whether to go on from the run's checkpoints
 */
record Training(
    NeuralPreferences method, Base base, long seed, Path run, boolean resume, Progress progress) {
  /** Tokens of a pass and of a bundle of comparisons: the activations of a small machine. */
  static final int PASS = 8192;

  /** Evaluations, of which there are two an epoch, without a new best one before it ends. */
  private static final int PATIENCE = 3;

  /** The loss's own parameters among the trained ones. */
  private static final String OWN = "objective";

  /**
   * A trained transformer.
   *
   * @param epoch in which it was at its best
   * @param loss with what its own parameters have become
   */
  record Trained(Decoder decoder, int epoch, Objective loss, long steps) {}

  <E> List<Trained> of(Lessons<E> lessons) {
    int[][] draws = lessons.draws(method.ensemble(), new Seeds(seed));
    if (method.members() == Members.HEADS || method.ensemble() == 1) {
      return List.of(one(base.member(0), lessons, lessons.training(), draws, run));
    }
    List<Trained> members = new ArrayList<>();
    for (int m = 0; m < method.ensemble(); m++) {
      int[] drawn = draws[m];
      List<E> some =
          lessons.training().stream()
              .filter(e -> drawn[lessons.prompt().applyAsInt(e)] > 0)
              .toList();
      members.add(
          one(base.member(m), lessons, some, new int[][] {drawn}, run.resolve("member-" + m)));
    }
    return members;
  }

  private <E> Trained one(
      Decoder decoder, Lessons<E> lessons, List<E> training, int[][] draws, Path folder) {
    boolean alone = lessons.own().length == 0;
    Map<String, Tensor> more =
        alone
            ? Map.of()
            : Map.of(OWN, Scope.outside(() -> decoder.device().floats(floats(lessons.own()))));
    Parameters parameters =
        method.lora() > 0 ? Parameters.ofAdapters(decoder, more) : Parameters.of(decoder, more);
    Decoder trained = parameters.decoder(decoder);
    Task<E> task = lessons.task().of(trained, alone ? null : parameters.view(OWN), draws);
    int batch = (int) Math.max(1, Math.round(lessons.perStep()));
    int perEpoch = (training.size() + batch - 1) / batch;
    Trainer.Result result =
        new Trainer<>(recipe(batch, perEpoch), seed, parameters, task)
            .keptIn(folder, resume)
            .reporting(progress)
            .train(training, lessons.development());
    double[] own = alone ? lessons.own() : Ops.doubles(parameters.view(OWN));
    return new Trained(
        trained,
        (int) Math.ceil(result.bestStep() / (double) perEpoch),
        lessons.fitted().apply(own),
        result.steps());
  }

  private Recipe recipe(int batch, int perEpoch) {
    int half = Math.max(1, perEpoch / 2);
    return new Recipe(
        method.epochs(),
        batch,
        PASS,
        new Schedule(method.rate(), 0.05, 0.1),
        AdamW.standard(),
        1,
        half,
        PATIENCE,
        Math.min(half, 100));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
