package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A charge on saying the same thing again: the share of the response's n-grams that stood in it
 * before, times {@code max-penalty}.
 *
 * <p>share = 1 − distinct n-grams / n-grams, in [0, 1), 0 where the response is shorter than n; the
 * reward is share · max-penalty. Part {@code share}.
 *
 * @param n how many words (or characters) in a row
 * @param maxPenalty the reward of endless repetition; 1 for the share itself
 * @param unit words, in lower case, or characters, for languages without spaces
 * @param within which part of the response is looked at
 */
@Method(source = "arXiv 2502.03373")
public record Repetition(
    @Default("3") int n,
    @Default("-1") double maxPenalty,
    @Default("words") Unit unit,
    @Default("response") Within within)
    implements Verifier {

  /** What n counts. */
  public enum Unit {
    WORDS,
    CHARACTERS
  }

  public Repetition {
    if (n < 1 || n > 1000) {
      throw new IllegalArgumentException("n: expected 1 to 1000, found " + n);
    }
    if (!Double.isFinite(maxPenalty)) {
      throw new IllegalArgumentException("max-penalty: expected a finite number");
    }
  }

  /** Of this many words, at most -1. */
  public Repetition(int n) {
    this(n, -1, Unit.WORDS, Within.RESPONSE);
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.alone(
        sample,
        within,
        text -> {
          double share = share(text.toLowerCase(Locale.ROOT));
          // + 0.0: no repetition is 0, not minus 0
          return new Scored(
              share * maxPenalty + 0.0, OptionalDouble.empty(), Map.of("share", Reward.of(share)));
        });
  }

  private double share(String text) {
    Numbering numbering = new Numbering(1);
    int[] tokens =
        unit == Unit.WORDS ? numbering.words(Words.split(text)) : text.codePoints().toArray();
    int total = tokens.length - n + 1;
    if (total < 1) {
      return 0;
    }
    int[] grams = tokens;
    for (int length = 1; length < n; length *= 2) {
      // A gram of up to 2k tokens is a pair of grams of k that may overlap.
      int step = Math.min(length, n - length);
      grams = Numbering.pairs(grams, step);
    }
    return 1 - (double) Arrays.stream(grams).distinct().count() / total;
  }
}
