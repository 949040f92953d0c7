package dev.goodhart.lab.style;

import dev.goodhart.Default;

/**
 * What an annotator falls for: log-odds that have nothing to do with what a response is worth.
 *
 * <pre>{@code
 * charm = length log2(words) + flattery log2(1 + compliments) + format [a list] + repetition log2(1 + repeats)
 * }</pre>
 *
 * <p>Counts enter by their logarithms: twice the words are worth {@code length}, whatever the
 * length. Below 0 it is a dislike.
 */
public record Taste(
    @Default("0") double length,
    @Default("0") double flattery,
    @Default("0") double format,
    @Default("0") double repetition) {
  /** Falls for nothing. */
  public static final Taste NONE = new Taste(0, 0, 0, 0);

  public Taste {
    if (!Double.isFinite(length + flattery + format + repetition)) {
      throw new IllegalArgumentException("a taste must be finite");
    }
  }

  /** Nothing but length. */
  public static Taste forLength(double logOdds) {
    return new Taste(logOdds, 0, 0, 0);
  }

  double charm(Attributes a) {
    return length * log2(Math.max(1, a.words()))
        + flattery * log2(1 + a.flattery())
        + (a.bullets() ? format : 0)
        + repetition * log2(1 + a.repeats());
  }

  private static double log2(int count) {
    return Math.log(count) / Math.log(2);
  }
}
