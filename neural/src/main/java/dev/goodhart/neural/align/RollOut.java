package dev.goodhart.neural.align;

import dev.goodhart.Default;

/**
 * How much is drawn in a step, and how.
 *
 * @param prompts a step, at least 1
 * @param responses a prompt, on average; at least 1
 * @param maxTokens how long a response may get, at least 1
 * @param temperature of the draws, above 0; the policy that is optimised is the one at this
 *     temperature
 */
public record RollOut(
    @Default("16") int prompts,
    @Default("8") int responses,
    @Default("64") int maxTokens,
    @Default("1") double temperature) {
  public RollOut {
    Check.atLeast("prompts", 1, prompts);
    Check.atLeast("responses", 1, responses);
    Check.atLeast("max-tokens", 1, maxTokens);
    Check.that(temperature > 0 && temperature < 1e3, "temperature", "above 0", temperature);
  }

  /** Responses a step. */
  int budget() {
    return Math.multiplyExact(prompts, responses);
  }
}
