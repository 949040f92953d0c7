package dev.goodhart.verify.code;

import java.util.Arrays;
import java.util.List;

/**
 * Compares what a program wrote with what it should have written.
 *
 * @param comparison how much white space matters
 * @param tolerance by how much a number may differ from the expected one, absolutely or relative to
 *     it, where the expected one has a fraction or an exponent; whole numbers must be equal
 */
record OutputMatch(Comparison comparison, double tolerance) {
  boolean matches(String expected, String actual) {
    return switch (comparison) {
      case EXACT -> expected.equals(actual);
      case WORDS -> words(Arrays.asList(split(expected)), Arrays.asList(split(actual)));
      case LINES -> {
        List<String> want = lines(expected);
        List<String> have = lines(actual);
        if (want.size() != have.size()) {
          yield false;
        }
        for (int i = 0; i < want.size(); i++) {
          if (!want.get(i).equals(have.get(i))
              && !words(Arrays.asList(split(want.get(i))), Arrays.asList(split(have.get(i))))) {
            yield false;
          }
        }
        yield true;
      }
    };
  }

  private static List<String> lines(String text) {
    List<String> lines = text.lines().toList();
    int end = lines.size();
    while (end > 0 && lines.get(end - 1).isBlank()) {
      end--;
    }
    return lines.subList(0, end);
  }

  private static String[] split(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() ? new String[0] : stripped.split("\\s+");
  }

  private boolean words(List<String> expected, List<String> actual) {
    if (expected.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!expected.get(i).equals(actual.get(i)) && !near(expected.get(i), actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean near(String expected, String actual) {
    if (tolerance == 0 || !isDecimal(expected) || !(isDecimal(actual) || isWhole(actual))) {
      return false;
    }
    return near(Double.parseDouble(expected), Double.parseDouble(actual), tolerance);
  }

  /** Within the tolerance of the expected number, absolutely or relative to it. */
  static boolean near(double expected, double actual, double tolerance) {
    if (!Double.isFinite(expected) || !Double.isFinite(actual)) {
      return Double.compare(expected, actual) == 0;
    }
    return Math.abs(expected - actual) <= tolerance * Math.max(1, Math.abs(expected));
  }

  private static boolean isWhole(String word) {
    return word.length() < 20 && word.matches("[-+]?\\d+");
  }

  private static boolean isDecimal(String word) {
    return word.length() < 400
        && word.matches("[-+]?(\\d+\\.\\d*|\\.\\d+|\\d+(?=[eE]))([eE][-+]?\\d{1,3})?");
  }
}
