package dev.goodhart.signal.hashed;

import java.util.Locale;

/**
 * What of a response the model looks at. An n-gram counts once however often it occurs: on judged
 * pairs presence did better than counts, their roots, their logarithms, and all of these scaled to
 * unit length.
 *
 * <p>Each group learns at its own rate. There are many more character n-grams than words in a
 * response, so that a step of the same size would move the reward by much more; a smaller rate with
 * a larger initial accumulator is exactly what a smaller feature value would be.
 */
public enum FeatureGroup {
  /** Single words in lower case, and each punctuation mark and line break. */
  WORDS(0.5f),
  /** Two words in a row. */
  WORD_PAIRS(0.3f),
  /** Four characters in a row, with their case. */
  CHARACTERS(0.2f),
  /** The first one, two and three words, and the last ones. */
  OPENINGS(1),
  /** Length and what a response looks like: see {@link Style}. */
  STYLE(1);

  /** The hashed groups come first; their ordinals are their places in {@link Features}. */
  static final int HASHED = 4;

  /** What the value of a feature of this group is taken to be. */
  final float scale;

  FeatureGroup(float scale) {
    this.scale = scale;
  }

  /** The name in kebab case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The group of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static FeatureGroup of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
