package dev.goodhart.neural.text.jinja;

/** A template is wrong, asks for too much, or refuses what it was given. */
public final class JinjaException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final boolean raised;

  JinjaException(String message) {
    this(message, false);
  }

  private JinjaException(String message, boolean raised) {
    super(message);
    this.raised = raised;
  }

  /** What the template says with {@code raise_exception}. */
  static JinjaException raised(String message) {
    return new JinjaException(message, true);
  }

  static JinjaException at(int line, String message) {
    return new JinjaException("line " + line + ": " + message);
  }

  /** Whether the template itself refused, with {@code raise_exception}. */
  public boolean isRaised() {
    return raised;
  }
}
