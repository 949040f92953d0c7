package dev.goodhart.signal.fit;

import dev.goodhart.run.Provenance;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.TrainedReward;
import java.nio.file.Path;

/** A reward model just fitted: calibrated, ready to score and to be saved. */
public interface FittedReward extends TrainedReward {
  /** How many models it averages. */
  int size();

  /**
   * Saves the model as a folder that appears whole or not at all.
   *
   * @param replace whether a model that is there may be replaced
   * @param provenance where the model came from, as the card is to say
   */
  ModelCard save(Path folder, boolean replace, Provenance provenance);
}
