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
   * @param folder holds the files that the card names; their digests have been checked
   * @param members how many members of an ensemble to use; 0 for all
   * @throws dev.goodhart.GoodhartException if the files do not fit the card
   */
  TrainedReward open(Path folder, ModelCard card, int members);
}
