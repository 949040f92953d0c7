package dev.goodhart.verify.text;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Optional;

/**
 * A response's text beside its references, once both are known to be there and of a size that can
 * be dealt with.
 */
record Compared(String text, List<String> references) {
  /** How long a text may be, in UTF-16 units: four times what a long response has. */
  static final int LONGEST = 4 << 20;

  /** What a signal makes of the pair. */
  interface Verdict {
    Reward of(String text, List<String> references);
  }

  /** What a signal makes of a text alone. */
  interface Alone {
    Reward of(String text);
  }

  static Reward of(Sample sample, Within within, Optional<String> column, Verdict verdict) {
    List<String> references = References.of(sample, column);
    if (references.isEmpty()) {
      return Reward.unscored(
          column.isEmpty()
              ? "no reference: the sample has no true answer to compare with"
              : "no reference: column '" + column.get() + "' holds none");
    }
    for (String reference : references) {
      if (reference.length() > LONGEST) {
        return Reward.unscored(tooLong("a reference", reference));
      }
    }
    return alone(sample, within, text -> verdict.of(text, references));
  }

  static Reward alone(Sample sample, Within within, Alone verdict) {
    return sample.response().length() > LONGEST
        ? Reward.unscored(tooLong("the response", sample.response()))
        : verdict.of(within.of(sample.response()));
  }

  private static String tooLong(String what, String text) {
    return "too long: " + what + " has " + text.length() + " characters, at most " + LONGEST;
  }
}
