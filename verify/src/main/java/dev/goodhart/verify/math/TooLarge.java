package dev.goodhart.verify.math;

/**
 * A calculation would go beyond its bounds. Without a stack trace: adversarial inputs raise it by
 * the thousand.
 */
final class TooLarge extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooLarge(String what) {
    super(what, null, false, false);
  }
}
