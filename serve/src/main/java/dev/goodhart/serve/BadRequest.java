package dev.goodhart.serve;

/** The client's mistake, and the status that says so. */
final class BadRequest extends RuntimeException {
  private static final long serialVersionUID = 1;

  final int status;
  final String message;

  BadRequest(int status, String message) {
    super(message, null, false, false);
    this.status = status;
    this.message = message;
  }

  BadRequest(String message) {
    this(400, message);
  }
}
