package dev.goodhart.verify.code;

/** A sample's tests are missing or cannot be read; nothing is said about its response. */
public final class TestsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TestsException(String message) {
    super("tests: " + message);
  }
}
