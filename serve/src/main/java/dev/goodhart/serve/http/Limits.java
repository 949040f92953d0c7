package dev.goodhart.serve.http;

import java.time.Duration;

/**
 * How much may be asked for.
 *
 * @param body of one request, in bytes
 * @param batch of one request, in samples
 * @param patience how long an answer may take where the client sets no deadline, and at most
 * @param arrival how long a body may take to arrive
 * @param bodies of all requests at a time together, in bytes
 * @param connections at a time
 * @param idle how long a connection may say nothing, within a request or between two
 */
public record Limits(
    int body,
    int batch,
    Duration patience,
    Duration arrival,
    long bodies,
    int connections,
    Duration idle) {
  /** A body is enough for a batch of 1,024 samples of 32 kB. */
  public static final Limits USUAL =
      new Limits(
          32 << 20,
          16_384,
          Duration.ofSeconds(120),
          Duration.ofSeconds(30),
          Math.max(64 << 20, Runtime.getRuntime().maxMemory() / 16),
          20_000,
          Duration.ofMinutes(2));

  /** The usual ones for all else. */
  public Limits(int body, int batch, Duration patience) {
    this(body, batch, patience, USUAL.arrival, USUAL.bodies, USUAL.connections, USUAL.idle);
  }
}
