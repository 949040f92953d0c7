package dev.goodhart.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How names are spelt in a spec, and which known name a misspelt one was probably meant to be. */
public final class Names {
  private static final int MOST_SHOWN = 16;

  /** {@code GroupNormalised} and {@code GROUP_NORMALISED} to {@code group-normalised}. */
  public static String kebab(String javaName) {
    return javaName
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
        .replace('_', '-')
        .toLowerCase(Locale.ROOT);
  }

  /**
   * The known name with the fewest edits to the given one, if it is near enough to be what was
   * meant.
   */
  public static Optional<String> closest(String name, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.<String>comparingInt(k -> edits(name, k))
                .thenComparing(Comparator.naturalOrder()))
        .filter(k -> edits(name, k) <= Math.max(1, Math.min(k.length(), name.length()) / 2));
  }

  /** {@code ; did you mean 'x'?} or nothing, to end an error message with. */
  public static String hint(String name, Collection<String> known) {
    return closest(name, known).map(k -> "; did you mean '" + k + "'?").orElse("");
  }

  /** The names to choose from, cut short where there are many. */
  static String known(Collection<String> known) {
    if (known.isEmpty()) {
      return "there is none";
    }
    return "known: "
        + String.join(", ", known.stream().limit(MOST_SHOWN).toList())
        + (known.size() > MOST_SHOWN ? ", ...; see 'goodhart methods --installed'" : "");
  }

  /** A user's own text as it can stand in a message of one line. */
  static String quoted(String text) {
    String line = text.replaceAll("\\s+", " ");
    return "'" + (line.length() > 60 ? line.substring(0, 57) + "..." : line) + "'";
  }

  /** The key of something within something. */
  static String join(String key, String name) {
    return key.isEmpty() ? name : key + "." + name;
  }

  /** Levenshtein's distance, with two letters swapped counted as one edit. */
  private static int edits(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private Names() {}
}
