package dev.goodhart.signal;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;

/**
 * How long the response is. For a charge on length ({@code affine: { scale: -0.001 }} behind it),
 * for a gate, and as the baseline that a learned reward has to beat.
 *
 * @param unit {@code characters} (Unicode code points) or {@code words} (runs of anything but white
 *     space)
 */
@Method
public record Length(@Default("characters") Unit unit) implements Signal {
  /** What is counted. */
  public enum Unit {
    CHARACTERS,
    WORDS
  }

  @Override
  public Reward of(Sample sample) {
    String response = sample.response();
    return Reward.of(
        switch (unit) {
          case CHARACTERS -> response.codePointCount(0, response.length());
          case WORDS -> words(response);
        });
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
}
