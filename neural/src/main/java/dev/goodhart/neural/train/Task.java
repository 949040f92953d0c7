package dev.goodhart.neural.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a training is about: what an example costs the model. A reward model's examples are
 * preferences, those of fine-tuning are texts, those of policy optimisation sampled responses with
 * their advantages.
 *
 * @param <E> an example; what must share one forward pass (the chosen and the rejected response of
 *     a pair) is one example
 */
public interface Task<E> {
  /** How many tokens an example takes in a pass, at least 1. */
  int tokens(E example);

  /**
   * How much an example counts in the mean: 1, or its number of answered tokens for a mean over
   * tokens. Above 0.
   */
  default double weight(E example) {
    return 1;
  }

  /**
   * The mean cost of some examples, by their weights: Σ weight · cost / Σ weight. A step's loss is
   * the same mean over all its examples, however many passes it takes.
   */
  Cost cost(List<E> examples);

  /**
   * What the task itself learns beside the parameters, 32 bits, for a checkpoint to hold: labels
   * that follow the model. Changed by {@link #cost} where gradients are recorded, and by nothing
   * else. Null for a task that keeps nothing.
   */
  default @Nullable Tensor memory() {
    return null;
  }
}
