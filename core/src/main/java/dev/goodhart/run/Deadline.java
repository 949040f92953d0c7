package dev.goodhart.run;

import java.util.function.Supplier;

/**
 * When the answer to a request is of no use any more. Whoever waits for others (a judge's server, a
 * sandbox) asks {@link #remaining()} and waits no longer than that.
 */
public final class Deadline {
  private static final ScopedValue<Long> AT = ScopedValue.newInstance();

  private Deadline() {}

  /**
   * Does some work under a deadline.
   *
   * @param at as of {@link System#nanoTime()}
   */
  public static <T> T until(long at, Supplier<T> work) {
    return ScopedValue.where(AT, at).call(work::get);
  }

  /** In nanoseconds; 0 or less after the deadline, {@link Long#MAX_VALUE} where there is none. */
  public static long remaining() {
    return AT.isBound() ? AT.get() - System.nanoTime() : Long.MAX_VALUE;
  }
}
