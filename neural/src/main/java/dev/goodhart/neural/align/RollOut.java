package dev.goodhart.neural.align;

import dev.goodhart.Default;
import dev.goodhart.spec.Schedule;
import java.util.Optional;

/**
 * How much is drawn in a step, and how.
 *
 * @param prompts a step, at least 1
 * @param responses a prompt, on average; at least 1
 * @param maxTokens how long a response may get, at least 1
 * @param lengthen a schedule of how long it may get while the run is young, where that is less than
 *     {@code max-tokens}: what a response begins with is then learned before what it ends with, at
 *     the price of short responses; at least 1
 * @param temperature of the draws, above 0; the policy that is optimised is the one at this
 *     temperature
 */
public record RollOut(
    @Default("16") int prompts,
    @Default("8") int responses,
    @Default("64") int maxTokens,
    Optional<Schedule> lengthen,
    @Default("1") double temperature) {
  public RollOut {
    Check.atLeast("prompts", 1, prompts);
    Check.atLeast("responses", 1, responses);
    Check.atLeast("max-tokens", 1, maxTokens);
    lengthen.ifPresent(
        schedule -> {
          for (long turn : schedule.turns()) {
            Check.that(schedule.at(turn) >= 1, "lengthen", "at least 1", schedule.at(turn));
          }
        });
    Check.that(temperature > 0 && temperature < 1e3, "temperature", "above 0", temperature);
  }

  /** How long a response may get in a step, from 1. */
  int maxTokens(long step) {
    double limit = lengthen.map(schedule -> schedule.at(step - 1)).orElse(maxTokens * 1.0);
    return (int) Math.min(maxTokens, Math.round(limit));
  }

  /** Responses a step. */
  int budget() {
    return Math.multiplyExact(prompts, responses);
  }
}
