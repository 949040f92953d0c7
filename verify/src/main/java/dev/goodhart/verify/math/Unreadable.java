package dev.goodhart.verify.math;

/**
 * A text is not mathematics that the parser knows. Without a stack trace: it is an everyday
 * outcome.
 */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unreadable(String what) {
    super(what, null, false, false);
  }
}
