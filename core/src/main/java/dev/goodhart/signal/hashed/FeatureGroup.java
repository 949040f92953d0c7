package dev.goodhart.signal.hashed;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What of a response the model looks at. An n-gram counts once however often it occurs: on judged
 * pairs presence did better than counts, their roots, their logarithms, and all of these scaled to
 * unit length.
 *
 * <p>Each group learns at its own pace. There are many more character n-grams than words in a
 * response, so that a step of the same size would move the reward by much more; their value is
 * therefore taken to be smaller than 1.
 */
public enum FeatureGroup {
  /** Single words in lower case, and each mark and line break. */
  WORDS(0, 0.5f),
  /** Two words in a row. Little is gained by them beside {@link #CHARACTERS}. */
  WORD_PAIRS(1, 0.3f),
  /** Four characters in a row, with their case. */
  CHARACTERS(2, 0.2f),
  /** The first one, two and three words, and the last ones. */
  OPENINGS(3, 1),
  /** Length and what a response looks like from afar: {@link Style}. */
  STYLE(-1, 1),
  /** What it has in common with its prompt: {@link Overlap}. */
  PROMPT(-1, 1);

  /** The groups of n-grams, by their place. */
  static final List<FeatureGroup> HASHED = List.of(WORDS, WORD_PAIRS, CHARACTERS, OPENINGS);

  /** Where the group's n-grams stand in {@link Features}, and what sets its hashes apart. */
  final int place;

  /** What the presence of a feature counts. */
  final float value;

  FeatureGroup(int place, float value) {
    this.place = place;
    this.value = value;
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
  public static FeatureGroup of(String id) {
    for (FeatureGroup group : values()) {
      if (group.id().equals(id)) {
        return group;
      }
    }
    throw new IllegalArgumentException("expected one of " + ids() + ", not '" + id + "'");
  }

  private static String ids() {
    return Arrays.stream(values()).map(FeatureGroup::id).collect(Collectors.joining(", "));
  }
}
