package dev.goodhart.signal;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.nio.file.Path;

/**
 * A reward model that {@code goodhart fit} has saved. Its reward is in log-odds: {@code
 * sigmoid(reward(x) - reward(y))} is the probability that x is preferred to y.
 *
 * <p>Of an ensemble the reward is the members' mean, the deviation their sample deviation, and the
 * parts are the members by number from 0.
 *
 * @param path the model's folder
 * @param ensemble how many of its members to use; 0 for all
 */
@Method
public record RewardModel(Path path, @Default("0") int ensemble) implements Signal {
  public RewardModel {
    if (ensemble < 0) {
      throw new IllegalArgumentException("ensemble must be at least 0, not " + ensemble);
    }
  }

  /** The whole of a saved model. */
  public RewardModel(Path path) {
    this(path, 0);
  }

  /** Loads the model. */
  @Override
  public TrainedReward open() {
    return ModelFolder.open(path, ensemble);
  }

  @Override
  public Reward of(Sample sample) {
    throw new IllegalStateException("a reward model scores after open()");
  }
}
