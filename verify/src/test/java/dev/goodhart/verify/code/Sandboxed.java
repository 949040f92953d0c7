package dev.goodhart.verify.code;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/** What the tests that need a sandbox share: the condition that there is one, and warm ones. */
final class Sandboxed {
  private static final Map<String, OpenCode> OPEN = new ConcurrentHashMap<>();

  private Sandboxed() {}

  /**
   * Skips the test where the sandbox or the language is not installed; in continuous integration
   * that is a failure.
   */
  static void need(Language language) {
    try {
      Toolchain python = Toolchain.of(Language.PYTHON, java.util.Optional.empty());
      Toolchain.of(language, java.util.Optional.empty());
      Launch.of(python.run(), java.util.List.of()).command();
    } catch (SandboxException e) {
      if ("true".equals(System.getenv("CI"))) {
        fail(e.getMessage());
      }
      abort(e.getMessage());
    }
  }

  /**
   * A warm signal with small limits; the same for all tests, so that one check follows another in
   * the same sandbox.
   */
  static synchronized OpenCode small(Language language, Code.Score score) {
    need(language);
    return OPEN.computeIfAbsent(
        language + " " + score,
        key -> {
          boolean quick = language == Language.PYTHON || language == Language.SHELL;
          Code code =
              new Code(
                  language,
                  score,
                  quick ? 0.6 : 2,
                  OptionalDouble.of(quick ? 3 : 8),
                  quick ? 128 : 256,
                  1,
                  16,
                  24,
                  Comparison.LINES,
                  1e-6,
                  false,
                  java.util.Optional.empty(),
                  java.util.Optional.empty());
          return new OpenCode(code, 4);
        });
  }
}
