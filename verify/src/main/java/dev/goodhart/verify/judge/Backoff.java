package dev.goodhart.verify.judge;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before asking again: {@code u · min(30 s, first · 2^attempt)} with u drawn from
 * [1/2, 1), so that those who failed together do not come back together; on top of what the server
 * asks for in {@code Retry-After}.
 */
final class Backoff {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Beyond all patience, and within what arithmetic in nanoseconds can hold. */
  private static final Duration NEVER = Duration.ofDays(10_000);

  /**
   * @param attempt that failed, from 0
   * @param retryAfter the header, in seconds or as a date; empty where there was none
   */
  static Duration wait(Duration first, int attempt, String retryAfter) {
    double longest =
        Math.min(LONGEST.toNanos(), first.toNanos() * Math.pow(2, Math.min(attempt, 60)));
    // Not from Seeds: no result depends on it, and two runs of one seed must not wait in step.
    double jitter = ThreadLocalRandom.current().nextDouble(0.5, 1);
    Duration drawn = Duration.ofNanos((long) (longest * jitter));
    Duration asked = asked(retryAfter.strip(), Instant.now());
    return asked.plus(drawn);
  }

  static Duration asked(String retryAfter, Instant now) {
    if (retryAfter.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      return Duration.ofMillis((long) Math.ceil(1000 * Double.parseDouble(retryAfter)));
    }
    try {
      Instant date =
          ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration until = date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
      return until.compareTo(NEVER) < 0 ? until : NEVER;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  private Backoff() {}
}
