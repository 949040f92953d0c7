package dev.goodhart;

import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with what a user gave us (a file, a spec, a model), not with Goodhart. The
 * message is one line that says what, where and what to do; the command line prints it and exits
 * with code 2.
 */
public class GoodhartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public GoodhartException(String message) {
    super(message);
  }

  public GoodhartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
