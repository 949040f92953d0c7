package dev.goodhart.serve.scoring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a service bears its load.
 *
 * @param maxBatch the most samples that a model scores at once
 * @param maxWait how long a batch that is not full waits for more
 * @param workers how many samples a slow signal judges at once
 * @param queue how many samples may wait for one signal before requests are refused with 429
 * @param cache how many rewards of models and slow signals are kept in memory; 0 for none
 * @param disk the file in which they outlive the server
 */
public record Load(
    int maxBatch, Duration maxWait, int workers, int queue, long cache, Optional<Path> disk) {
  public static final Load USUAL =
      new Load(64, Duration.ofMillis(2), 32, 8192, 100_000, Optional.empty());

  public Load {
    if (maxBatch < 1 || workers < 1 || queue < 1 || cache < 0 || maxWait.isNegative()) {
      throw new IllegalArgumentException(
          "max-batch, workers and queue must be at least 1, cache and max-wait at least 0");
    }
  }
}
