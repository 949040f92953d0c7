package dev.goodhart.serve.live;

import java.time.Duration;

/**
 * When a window of a run is over and its point is drawn.
 *
 * <p>A run whose samples say their step has a window a step: it is over when the next step has half
 * as many samples, when the one after that begins, or after {@code silence}. A run without steps
 * has windows of {@code samples}, of {@code shortest} at least; after {@code longest} a window is
 * over when it has {@code fewest}, after ten times that with any.
 *
 * @param samples how many make a window
 * @param fewest how many are enough when time is up
 */
public record Windowing(
    int samples, int fewest, Duration shortest, Duration longest, Duration silence) {
  /** 256 samples, but at least a second; after a minute 16. */
  public static final Windowing USUAL =
      new Windowing(256, 16, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
}
