package dev.goodhart.neural.align;

import dev.goodhart.Default;

/**
 * What is measured on held-out prompts.
 *
 * @param every so many steps, and at the end; 0 for never
 * @param prompts how many, the first ones of the held-out split
 * @param temperature of the draws; 0 takes the most likely response
 */
public record Evaluation(
    @Default("20") int every, @Default("64") int prompts, @Default("0") double temperature) {
  public Evaluation {
    Check.atLeast("every", 0, every);
    Check.atLeast("prompts", 1, prompts);
    Check.that(temperature >= 0 && temperature < 1e3, "temperature", "at least 0", temperature);
  }
}
