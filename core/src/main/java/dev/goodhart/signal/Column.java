package dev.goodhart.signal;

import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;

/**
 * A number that the row brings along: the score of a reward model in another framework, a rating, a
 * test's verdict. True counts 1 and false 0; a text that reads as a number (all that CSV has)
 * counts as that number. Where the column is missing, empty or holds anything else the sample is
 * unscored.
 *
 * @param name of the column
 */
@Method
public record Column(String name) implements Verifier {
  @Override
  public Reward of(Sample sample) {
    if (!sample.columns().containsKey(name)) {
      return Reward.unscored("no such column: '" + name + "'");
    }
    Object value = sample.columns().get(name);
    double number =
        switch (value) {
          case Number given -> given.doubleValue();
          case Boolean given -> given ? 1 : 0;
          case String given -> parsed(given.strip());
          case null, default -> Double.NaN;
        };
    return Double.isFinite(number)
        ? Reward.of(number)
        : Reward.unscored("no number: column '" + name + "' holds " + value);
  }

  private static double parsed(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
