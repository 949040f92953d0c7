package dev.goodhart.verify.math;

/** Balanced braces. */
final class Braces {
  /**
   * The index of the brace that closes the one at {@code open}; -1 when there is none. Escaped
   * braces do not count.
   */
  static int closing(String s, int open) {
    int depth = 0;
    for (int i = open; i < s.length(); i++) {
      switch (s.charAt(i)) {
        case '\\' -> i++;
        case '{' -> depth++;
        case '}' -> {
          if (--depth == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  private Braces() {}
}
