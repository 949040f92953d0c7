package dev.goodhart.signal;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;

/**
 * How long the response is. For a charge on length ({@code affine: { scale: -0.001 }} behind it),
 * for a gate, and as the baseline that a learned reward has to beat.
 *
 * @param unit {@code characters} (Unicode code points), {@code words} (runs of anything but white
 *     space) or {@code tokens} (runs of letters and digits, and every other visible character by
 *     itself: near to what a tokenizer makes of English, without one)
 */
@Method
public record Length(@Default("characters") Unit unit) implements Verifier {
  /** What is counted. */
  public enum Unit {
    CHARACTERS,
    WORDS,
    TOKENS;

    /** How many of them a text has. */
    public int count(String text) {
      return switch (this) {
        case CHARACTERS -> text.codePointCount(0, text.length());
        case WORDS -> words(text);
        case TOKENS -> tokens(text);
      };
    }
  }

  @Override
  public Reward of(Sample sample) {
    return Reward.of(unit.count(sample.response()));
  }

  private static int words(String text) {
    int words = 0;
    boolean within = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = Character.isWhitespace(text.charAt(i));
      words += !space && !within ? 1 : 0;
      within = !space;
    }
    return words;
  }

  private static int tokens(String text) {
    int tokens = 0;
    boolean within = false;
    int c;
    for (int i = 0; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      boolean word = Character.isLetterOrDigit(c);
      boolean counts = word ? !within : !Character.isWhitespace(c);
      tokens += counts ? 1 : 0;
      within = word;
    }
    return tokens;
  }
}
