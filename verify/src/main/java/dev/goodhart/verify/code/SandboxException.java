package dev.goodhart.verify.code;

/**
 * The sandbox itself is missing or failed; nothing is said about the program that was to run in it.
 */
public final class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SandboxException(String message) {
    super(message);
  }

  SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
