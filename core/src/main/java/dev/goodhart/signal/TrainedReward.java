package dev.goodhart.signal;

import dev.goodhart.Prompt;

/**
 * A reward model that was fitted on data and knows on which: so that nobody measures it on what it
 * has learnt by heart.
 */
public interface TrainedReward extends Signal {
  /** Where it came from and how well it did on the prompts that were held out. */
  ModelCard card();

  /**
   * Whether a prompt took part in the fit: weights were learnt from it, or it decided when to stop
   * or what the temperature is. Case and white space make no difference.
   */
  boolean trainedOn(Prompt prompt);

  @Override
  default Pace pace() {
    return Pace.BATCHED;
  }
}
