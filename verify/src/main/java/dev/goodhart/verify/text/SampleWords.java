package dev.goodhart.verify.text;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Optional;

/** The words of the spec and those that a sample brings along, looked for together. */
final class SampleWords {
  private SampleWords() {}

  /** What to make of the number that was found, of so many. */
  interface Verdict {
    Reward of(int found, int of);
  }

  static Reward found(
      Sample sample,
      Within within,
      Optional<String> column,
      WordList fixed,
      boolean matchCase,
      boolean wholeWords,
      Verdict verdict) {
    List<String> own = List.of();
    if (column.isPresent()) {
      own = References.of(sample, column);
      if (own.stream().allMatch(String::isBlank)) {
        return Reward.unscored("no words: column '" + column.get() + "' holds none");
      }
    }
    WordList more;
    try {
      more = new WordList(own, matchCase, wholeWords);
    } catch (IllegalArgumentException e) {
      return Reward.unscored("too long: the words of column '" + column.orElse("") + "'");
    }
    return Compared.alone(
        sample,
        within,
        text ->
            verdict.of(fixed.in(text).size() + more.in(text).size(), fixed.size() + more.size()));
  }
}
