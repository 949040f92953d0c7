package dev.goodhart.signal;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.nio.file.Path;

/**
 * A reward model that {@code goodhart fit} has saved, or a sequence classifier in the Hugging Face
 * layout. The reward of a fitted one is in log-odds: {@code sigmoid(reward(x) - reward(y))} is the
 * probability that x is preferred to y. That of another tool's model is what its head gives. Each
 * reward says which it is, see {@link dev.goodhart.Scale}.
 *
 * <p>Of an ensemble the reward is the members' mean, the deviation their sample deviation, and the
 * parts are the members by number from 0.
 *
 * @param path the model's folder
 * @param ensemble how many of its members to use; 0 for all
 * @param activation what the rewards go through
 * @param device where a neural model computes: {@code cpu}, {@code cuda}, {@code cuda:1}, or {@code
 *     auto} for a GPU where there is one
 */
@Method
public record RewardModel(
    Path path,
    @Default("0") int ensemble,
    @Default("none") Activation activation,
    @Default("auto") String device)
    implements Signal {
  public RewardModel {
    if (ensemble < 0) {
      throw new IllegalArgumentException("ensemble must be at least 0, not " + ensemble);
    }
    if (!device.matches("auto|cpu|cuda(:\\d{1,3})?")) {
      throw new IllegalArgumentException(
          "device must be auto, cpu, cuda or cuda:N, not '" + device + "'");
    }
  }

  /** The whole of a saved model. */
  public RewardModel(Path path) {
    this(path, 0);
  }

  /** Some members of a saved model. */
  public RewardModel(Path path, int ensemble) {
    this(path, ensemble, Activation.NONE, "auto");
  }

  /** Loads the model. */
  @Override
  public TrainedReward open() {
    TrainedReward model = ModelFolder.open(this);
    return activation == Activation.NONE ? model : new Activated(model, activation);
  }

  @Override
  public Reward of(Sample sample) {
    throw new IllegalStateException("a reward model scores after open()");
  }
}
