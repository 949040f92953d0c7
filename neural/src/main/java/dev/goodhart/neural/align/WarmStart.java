package dev.goodhart.neural.align;

import dev.goodhart.Default;

/**
 * Fine-tuning on the world's demonstrations before the run, in steps of fresh ones: where a new
 * model learns what a response looks like. What comes out is the run's reference policy.
 *
 * @param steps at most, at least 1
 * @param batch demonstrations a step
 * @param rate the peak of the learning rate
 * @param until fine-tuning ends once the mean reward of sampled responses to held-out prompts
 *     reaches this; left out for never
 * @param every so many steps that is looked at
 */
public record WarmStart(
    @Default("300") int steps,
    @Default("64") int batch,
    @Default("2e-3") double rate,
    java.util.OptionalDouble until,
    @Default("25") int every) {
  public WarmStart {
    Check.atLeast("steps", 1, steps);
    Check.atLeast("batch", 1, batch);
    Check.atLeast("every", 1, every);
    Check.that(rate > 0, "rate", "above 0", rate);
  }
}
