package dev.goodhart.neural.align;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.run.Progress;

/** What a run starts from: a model that exists, or a new one. */
public interface BaseModel {
  /**
   * @param tasks of the run, for the tokenizer of a new model
   * @param seed of a new model's weights
   * @throws dev.goodhart.GoodhartException if something is missing or does not fit, naming it
   */
  Policy open(World.Tasks tasks, long seed, Device device, Progress progress);
}
