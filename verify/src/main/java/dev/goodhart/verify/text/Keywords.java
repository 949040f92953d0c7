package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether the response mentions what it should: the share of the keywords that stand in it, in [0,
 * 1]. Part {@code found}: how many do.
 *
 * <p>A policy learns to list the keywords; put a reward for the rest of the text beside this one.
 *
 * <p>Unscored when the sample's column holds no keywords.
 *
 * @param words what is to be mentioned: words or phrases, the same for every sample
 * @param column that holds each sample's own list; where both are given, both count
 * @param score {@code fraction}, or {@code all} or {@code any} of them for 1 and else 0
 * @param matchCase whether lower and upper case differ
 * @param wholeWords whether a keyword within a longer word does not count; turn it off for
 *     languages without spaces
 * @param within which part of the response is looked at
 */
@Method
public record Keywords(
    @Default("[]") List<String> words,
    Optional<String> column,
    @Default("fraction") Score score,
    @Default("false") boolean matchCase,
    @Default("true") boolean wholeWords,
    @Default("response") Within within)
    implements Verifier {

  /** What a response that mentions some of the keywords earns. */
  public enum Score {
    FRACTION,
    ALL,
    ANY
  }

  public Keywords {
    words = List.copyOf(words);
    if (column.isEmpty() && new WordList(words, matchCase, wholeWords).isEmpty()) {
      throw new IllegalArgumentException("words: expected at least one, or a column that has them");
    }
  }

  /** These words, wherever they stand, by their share. */
  public Keywords(List<String> words) {
    this(words, Optional.empty(), Score.FRACTION, false, true, Within.RESPONSE);
  }

  /** With its words compiled once. */
  @Override
  public Signal open() {
    WordList fixed = new WordList(words, matchCase, wholeWords);
    return sample -> of(sample, fixed);
  }

  @Override
  public Reward of(Sample sample) {
    return open().of(sample);
  }

  private Reward of(Sample sample, WordList fixed) {
    return SampleWords.found(
        sample, within, column, fixed, matchCase, wholeWords, (found, of) -> reward(found, of));
  }

  private Reward reward(int found, int of) {
    double value =
        switch (score) {
          case FRACTION -> (double) found / of;
          case ALL -> found == of ? 1 : 0;
          case ANY -> found > 0 ? 1 : 0;
        };
    return new Scored(value, OptionalDouble.empty(), Map.of("found", Reward.of(found)));
  }
}
