package dev.goodhart.data;

import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one row of a data set says, whatever layout it was written in. One row may hold several
 * examples.
 */
public sealed interface Example {
  /**
   * Two responses compared.
   *
   * @param listed which of the two the row lists first, where the layout has positions: judges
   *     favour one
   */
  record Pair(Preference preference, Listed listed) implements Example {
    public Pair(Preference preference) {
      this(preference, Listed.UNKNOWN);
    }
  }

  /** Which response of a pair stood first. */
  enum Listed {
    CHOSEN_FIRST,
    REJECTED_FIRST,
    /** The layout names the winner and has no positions. */
    UNKNOWN
  }

  /**
   * One response judged on its own.
   *
   * @param label the probability that it is good, in [0, 1]: 1 for good, 0 for bad
   */
  record Labelled(Sample sample, double label) implements Example {}

  /**
   * One response with ratings.
   *
   * @param ratings by attribute, in the data set's unit, in column order
   */
  record Rated(Sample sample, Map<String, Double> ratings) implements Example {}

  /**
   * Several responses to one prompt in order of merit.
   *
   * @param samples best first
   * @param ranks one a sample, not decreasing; equal ranks tie
   */
  record Ranked(List<Sample> samples, List<Double> ranks) implements Example {}

  /** A response without a verdict, to be scored. */
  record Plain(Sample sample) implements Example {}

  /** A prompt without a response: something to roll out on. */
  record Task(
      String id, Prompt prompt, @Nullable String reference, Map<String, @Nullable Object> columns)
      implements Example {}
}
