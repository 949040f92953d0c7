package dev.goodhart.serve.live;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.audit.AuditedSample;
import dev.goodhart.serve.scoring.Scoring;
import dev.goodhart.signal.Signal;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Asks a trusted signal about some samples, beside the requests: nobody waits for it. */
final class Auditor implements AutoCloseable {
  private static final int WAITING = 256;
  private static final long HEAVIEST = 1 << 18;

  private final AuditedSample monitor;
  private final Signal signal;
  private final ThreadPoolExecutor workers;
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Opens the trusted signal.
   *
   * @throws GoodhartException if something it needs is missing
   */
  Auditor(AuditedSample monitor) {
    this.monitor = monitor;
    signal = monitor.signal().open();
    workers =
        new ThreadPoolExecutor(
            monitor.workers(),
            monitor.workers(),
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("audited-sample-", 0).factory());
    workers.allowCoreThreadTimeOut(true);
  }

  /** Asks about a sample if it is one of the share; never waits. */
  void offer(Scoring scoring, BiConsumer<Reward, Reward> answer) {
    if (!(scoring.reward() instanceof Scored) || !monitor.picks(scoring.digest())) {
      return;
    }
    if (Texts.weight(scoring.sample()) > HEAVIEST) {
      dropped.incrementAndGet();
      return;
    }
    try {
      workers.execute(() -> answer.accept(scoring.reward(), trusted(scoring)));
    } catch (RejectedExecutionException full) {
      dropped.incrementAndGet();
    }
  }

  private Reward trusted(Scoring scoring) {
    try {
      return signal.of(scoring.sample());
    } catch (RuntimeException | StackOverflowError e) {
      return Reward.unscored("trusted signal failed: " + e);
    }
  }

  /** Samples that it had no time for. */
  long dropped() {
    return dropped.get();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    try {
      workers.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    signal.close();
  }
}
