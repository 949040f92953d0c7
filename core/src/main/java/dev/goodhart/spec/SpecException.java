package dev.goodhart.spec;

import dev.goodhart.GoodhartException;

/** A spec says something that cannot be; the message begins with {@code file:line: key: }. */
public final class SpecException extends GoodhartException {
  private static final long serialVersionUID = 1;

  public SpecException(String message) {
    super(message);
  }
}
