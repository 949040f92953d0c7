package dev.goodhart.verify.judge;

import org.jspecify.annotations.Nullable;

/** The judge did not say; the message is the reason why the sample is unscored. */
final class NoVerdictException extends RuntimeException {
  NoVerdictException(String reason) {
    super(reason, null, false, false);
  }

  /** The reason; never null. */
  String reason() {
    @Nullable String message = getMessage();
    return message == null ? "judge failed" : message;
  }
}
