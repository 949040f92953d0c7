package dev.goodhart.verify.code;

/** LiveCodeBench's private tests: JSON text, pickled as one string, compressed and in base 64. */
final class PackedTests {
  private static final int LARGEST = 1 << 30;

  private PackedTests() {}

  /** The JSON text; a text that already is JSON comes back as it is. */
  static String unpacked(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("[") || stripped.startsWith("{")) {
      return stripped;
    }
    try {
      if (PlainPickle.unpacked(stripped, LARGEST) instanceof String json) {
        return json;
      }
    } catch (IllegalArgumentException e) {
      // Said below, in the words of the column.
    }
    throw new TestsException(
        "'private_test_cases' is neither JSON nor packed as LiveCodeBench packs it");
  }
}
