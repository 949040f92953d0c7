package dev.goodhart.verify.judge;

import dev.goodhart.Default;

/**
 * One thing that a rubric asks of a response, answered by yes or no.
 *
 * @param text in words: {@code names the drug's interaction with alcohol}
 * @param weight what it is worth; below 0 for what a response should not do
 * @param name of its part in the reward; its number where it is empty
 */
public record Criterion(String text, @Default("1") double weight, @Default("") String name) {
  public Criterion {
    if (text.isBlank()) {
      throw new IllegalArgumentException("text: must not be blank");
    }
    if (!(Math.abs(weight) <= 1e6)) {
      throw new IllegalArgumentException("weight: expected a number up to 1e6, found " + weight);
    }
  }

  public Criterion(String text, double weight) {
    this(text, weight, "");
  }
}
