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
 * Whether the response keeps clear of words: 1 if none of them stands in it, else 0. As a gate, or
 * as a charge on phrases that a policy has found to please a model. Part {@code found}: how many of
 * the list stand in it.
 *
 * <p>Unscored when the sample's column holds no words.
 *
 * @param words what must not be mentioned: words or phrases, the same for every sample
 * @param column that holds each sample's own list; where both are given, both count
 * @param matchCase whether lower and upper case differ
 * @param wholeWords whether a word within a longer one does not count; turn it off for languages
 *     without spaces
 * @param within which part of the response is looked at
 */
@Method
public record Forbidden(
    @Default("[]") List<String> words,
    Optional<String> column,
    @Default("false") boolean matchCase,
    @Default("true") boolean wholeWords,
    @Default("response") Within within)
    implements Verifier {

  public Forbidden {
    words = List.copyOf(words);
    if (column.isEmpty() && new WordList(words, matchCase, wholeWords).isEmpty()) {
      throw new IllegalArgumentException("words: expected at least one, or a column that has them");
    }
  }

  /** These words, in any case, as whole words. */
  public Forbidden(List<String> words) {
    this(words, Optional.empty(), false, true, Within.RESPONSE);
  }

  /** With its words compiled once. */
  @Override
  public Signal open() {
    WordList fixed = new WordList(words, matchCase, wholeWords);
    return sample ->
        SampleWords.found(
            sample,
            within,
            column,
            fixed,
            matchCase,
            wholeWords,
            (found, of) ->
                new Scored(
                    found == 0 ? 1 : 0, OptionalDouble.empty(), Map.of("found", Reward.of(found))));
  }

  @Override
  public Reward of(Sample sample) {
    return open().of(sample);
  }
}
