package dev.goodhart.neural.train;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.SafeTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The file from which a training goes on as if it had never stopped: the parameters, the
 * optimiser's moments, the best parameters so far, and where in its course it is. What is random is
 * a function of seed and step, so no generator has a state to keep. The file appears under its name
 * whole or not at all: until then the one before it stands.
 *
 * @param training what the checkpoint belongs to: recipe, seed, data and shapes in words
 * @param step how many steps were taken
 * @param bestLoss the lowest evaluation loss so far; infinite before the first evaluation
 * @param bestStep after which it was found
 * @param stale evaluations since then
 * @param done whether the training is over
 */
record Checkpoint(
    String training, long step, double bestLoss, long bestStep, int stale, boolean done) {
  static final String FILE = "checkpoint.safetensors";

  /**
   * Writes the file.
   *
   * @throws GoodhartException if it cannot be written; the one before it is then still there
   */
  void write(Path folder, Learner<?> learner, @Nullable Tensor best) {
    Map<String, Tensor> rows = new LinkedHashMap<>();
    rows.putAll(learner.state());
    if (best != null) rows.put("best", best);
    Map<String, String> says = new LinkedHashMap<>();
    says.put("training", training);
    says.put("step", Long.toString(step));
    says.put("best-loss", Double.toString(bestLoss));
    says.put("best-step", Long.toString(bestStep));
    says.put("stale", Integer.toString(stale));
    says.put("done", Boolean.toString(done));
    SafeTensors.write(folder.resolve(FILE), rows, ScalarType.Float, says);
  }

  /**
   * What a folder's checkpoint says, without its tensors.
   *
   * @return null if there is none
   * @throws GoodhartException if it cannot be read, or belongs to another training
   */
  static @Nullable Checkpoint read(Path folder, String training) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) return null;
    Map<String, String> says = SafeTensors.open(file).metadata();
    Checkpoint checkpoint;
    try {
      checkpoint =
          new Checkpoint(
              says.getOrDefault("training", ""),
              Long.parseLong(says.getOrDefault("step", "")),
              Double.parseDouble(says.getOrDefault("best-loss", "")),
              Long.parseLong(says.getOrDefault("best-step", "")),
              Integer.parseInt(says.getOrDefault("stale", "")),
              Boolean.parseBoolean(says.getOrDefault("done", "")));
    } catch (NumberFormatException e) {
      throw new GoodhartException(file + ": is no checkpoint of a training", e);
    }
    if (!checkpoint.training.equals(training)) {
      throw new GoodhartException(
          file
              + ": belongs to another training:\n  "
              + checkpoint.training
              + "\nand not to\n  "
              + training
              + "\ngive the same settings and data, or another folder");
    }
    return checkpoint;
  }

  /**
   * Puts the file's tensors where they were.
   *
   * @return the best parameters, null if there are none yet
   */
  @Nullable Tensor load(Path folder, Learner<?> learner) {
    SafeTensors file = SafeTensors.open(folder.resolve(FILE));
    learner.restore(file, "", step);
    if (Double.isInfinite(bestLoss)) return null;
    Tensor best = Scope.outside(() -> learner.parameters().values().clone());
    Learner.copy(file, "best", best);
    return best;
  }
}
