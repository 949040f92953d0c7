package dev.goodhart.signal;

import java.nio.file.Path;

/**
 * Opens saved reward models of one kind, as named in their {@code model.json}. Found through {@link
 * java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/dev.goodhart.signal.ModelKind}.
 */
public interface ModelKind {
  /** The kind's name: {@code hashed}. */
  String name();

  /**
   * Loads a model.
   *
   * @param asked which model: its folder holds the files that the card names; their digests have
   *     been checked
   * @throws dev.goodhart.GoodhartException if the files do not fit the card
   */
  TrainedReward open(RewardModel asked, ModelCard card);

  /** Whether it opens a folder that another tool has made, without a {@code model.json}. */
  default boolean knows(Path folder) {
    return false;
  }

  /** Loads a model of another tool, see {@link #knows}. */
  default TrainedReward open(RewardModel asked) {
    throw new UnsupportedOperationException(name());
  }
}
