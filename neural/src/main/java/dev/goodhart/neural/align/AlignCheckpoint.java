package dev.goodhart.neural.align;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.model.SafeTensors;
import dev.goodhart.neural.train.Learner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The file from which a run goes on as if it had never stopped: policy and critic with their
 * moments. What is random is a function of seed and step, what monitors and exploration remember is
 * replayed from the {@link RolloutLog}. The file appears under its name whole or not at all.
 *
 * @param run what it belongs to, in words
 * @param step of the run, so many are done
 * @param updates that the policy has taken
 * @param criticUpdates that the critic has taken
 * @param cursor how many prompts the run has been through
 * @param done why the run ended before its steps were over; empty while it did not
 */
record AlignCheckpoint(
    String run, long step, long updates, long criticUpdates, long cursor, String done) {
  static final String FILE = "checkpoint.safetensors";

  void write(Path folder, Learner<?> policy, @Nullable Learner<?> critic) {
    Map<String, Tensor> rows = new LinkedHashMap<>();
    policy.state().forEach((name, tensor) -> rows.put("policy." + name, tensor));
    if (critic != null) {
      critic.state().forEach((name, tensor) -> rows.put("critic." + name, tensor));
    }
    Map<String, String> says = new LinkedHashMap<>();
    says.put("run", run);
    says.put("step", Long.toString(step));
    says.put("updates", Long.toString(updates));
    says.put("critic-updates", Long.toString(criticUpdates));
    says.put("cursor", Long.toString(cursor));
    says.put("done", done);
    SafeTensors.write(folder.resolve(FILE), rows, ScalarType.Float, says);
  }

  /**
   * @return null if the folder has none
   * @throws GoodhartException if it cannot be read, or belongs to another run
   */
  static @Nullable AlignCheckpoint read(Path folder, String run) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) return null;
    Map<String, String> says = SafeTensors.open(file).metadata();
    AlignCheckpoint checkpoint;
    try {
      checkpoint =
          new AlignCheckpoint(
              says.getOrDefault("run", ""),
              Long.parseLong(says.getOrDefault("step", "")),
              Long.parseLong(says.getOrDefault("updates", "")),
              Long.parseLong(says.getOrDefault("critic-updates", "")),
              Long.parseLong(says.getOrDefault("cursor", "")),
              says.getOrDefault("done", ""));
    } catch (NumberFormatException e) {
      throw new GoodhartException(file + ": is no checkpoint of a run", e);
    }
    if (!checkpoint.run.equals(run)) {
      throw new GoodhartException(
          file
              + ": belongs to another run: its spec says\n"
              + checkpoint.run
              + "\nand not\n"
              + run
              + "\ngive the same spec, or another folder");
    }
    return checkpoint;
  }

  void load(Path folder, Learner<?> policy, @Nullable Learner<?> critic) {
    SafeTensors file = SafeTensors.open(folder.resolve(FILE));
    policy.restore(file, "policy.", updates);
    if (critic != null) critic.restore(file, "critic.", criticUpdates);
  }
}
