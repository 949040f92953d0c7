package dev.goodhart.serve.scoring;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One sample on its way through one signal. */
final class Pending {
  final Sample sample;
  final long deadline;
  private final long since = System.nanoTime();
  private final CompletableFuture<Reward> reward = new CompletableFuture<>();
  private @Nullable Thread runner;
  private volatile long until;

  Pending(Sample sample, long deadline) {
    this.sample = sample;
    this.deadline = deadline;
  }

  /** A thread takes it up; false when nobody waits for it any more. */
  synchronized boolean begin() {
    if (reward.isDone()) {
      return false;
    }
    runner = Thread.currentThread();
    return true;
  }

  /**
   * The thread that took it up is through with it.
   *
   * @return whether somebody still waited
   */
  synchronized boolean end(Reward verdict) {
    runner = null;
    return complete(verdict);
  }

  boolean complete(Reward verdict) {
    until = System.nanoTime();
    return reward.complete(verdict);
  }

  /**
   * Nobody waits for it any more.
   *
   * @return the thread that was at work on it, interrupted now; null when there was none
   */
  synchronized @Nullable Thread abandon(String reason) {
    if (!complete(new Unscored(reason)) || runner == null) {
      return null;
    }
    runner.interrupt();
    return runner;
  }

  boolean isDone() {
    return reward.isDone();
  }

  /** Waits for the verdict; null after {@code nanos}. */
  @Nullable Reward await(long nanos) throws InterruptedException {
    try {
      return reward.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      return null;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e); // it is never completed with a failure
    }
  }

  Reward verdict() {
    return reward.join();
  }

  /** From the request to the verdict. */
  long nanos() {
    return until - since;
  }

  long age() {
    return System.nanoTime() - since;
  }
}
