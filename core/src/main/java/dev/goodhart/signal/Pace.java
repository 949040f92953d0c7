package dev.goodhart.signal;

/** How long a {@link Signal} takes, which decides where a server lets it run. */
public enum Pace {
  /** Microseconds to milliseconds of the asking thread, bounded by the signal itself. */
  INSTANT,
  /** A model: one batch at a time, and cheaper by the sample the larger the batch. */
  BATCHED,
  /** Waits for others or computes for long: a judge, a sandbox, whatever nobody knows better. */
  SLOW
}
