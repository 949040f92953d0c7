package dev.goodhart.serve.http;

import java.time.Duration;

/**
 * How much one request may ask for.
 *
 * @param body its size in bytes
 * @param batch its samples
 * @param patience how long its answer may take where the client sets no deadline
 */
public record Limits(int body, int batch, Duration patience) {
  /** Enough for a batch of 1,024 samples of 32 kB. */
  public static final Limits USUAL = new Limits(32 << 20, 16_384, Duration.ofSeconds(120));
}
