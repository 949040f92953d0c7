package dev.goodhart.serve.scoring;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a request for rewards beside its samples.
 *
 * @param id of the request, unique within the life of a server
 * @param protocol whose words it was asked in: {@code openrlhf}
 * @param client the name of the key that it came with, {@code anyone} where none is needed
 * @param run the training run that the samples belong to, {@code default} where nobody says
 * @param step of that run, where the client says it; a sample's column {@code step} goes first
 * @param deadline when an answer is of no use any more, as of {@link System#nanoTime()}
 * @param key the client's {@code Idempotency-Key}
 */
public record Asked(
    String id,
    String protocol,
    String client,
    String run,
    @Nullable Long step,
    long deadline,
    @Nullable String key) {
  /** How long an answer is still of use, in nanoseconds; 0 or less when it no longer is. */
  public long remaining() {
    return deadline - System.nanoTime();
  }

  /** The same request, said to belong to another run and step. */
  public Asked of(String otherRun, @Nullable Long otherStep) {
    return new Asked(id, protocol, client, otherRun, otherStep, deadline, key);
  }

  /** The n-th batch of a request that is scored in several, from 0: its key is its own. */
  public Asked part(int n) {
    return key == null || n == 0
        ? this
        : new Asked(id, protocol, client, run, step, deadline, key + "/" + n);
  }

  /** The same request with another deadline. */
  public Asked until(long other) {
    return new Asked(id, protocol, client, run, step, other, key);
  }
}
