package dev.goodhart.serve.scoring;

import java.util.OptionalInt;

/**
 * A request that gets no rewards, and why.
 *
 * <p>The statuses are those of HTTP: 400 or 422 for the client's mistake, 401 and 403, 413, 429
 * when too much waits already, 503 when something of ours is down, 504 after the deadline.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final int retryAfter;

  public Refusal(int status, String message) {
    this(status, message, 0);
  }

  /**
   * @param retryAfter in how many seconds trying again makes sense; 0 when nobody can say
   */
  public Refusal(int status, String message, int retryAfter) {
    super(message, null, false, false);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The client's mistake. */
  public static Refusal bad(String message) {
    return new Refusal(400, message);
  }

  public int status() {
    return status;
  }

  /** In seconds. */
  public OptionalInt retryAfter() {
    return retryAfter > 0 ? OptionalInt.of(retryAfter) : OptionalInt.empty();
  }

  /** What was wrong, for the client's eyes. */
  public String says() {
    return String.valueOf(getMessage());
  }
}
