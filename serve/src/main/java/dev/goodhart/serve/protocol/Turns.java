package dev.goodhart.serve.protocol;

import dev.goodhart.serve.scoring.Refusal;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** So many at a time, first come first served; the others wait, not too many and not too long. */
final class Turns {
  private final Semaphore free;
  private final int most;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param most that wait
   */
  Turns(int atATime, int most) {
    free = new Semaphore(atATime, true);
    this.most = most;
  }

  /**
   * @param late the status for whoever waited in vain or may not wait
   * @throws Refusal if there are too many already, or no turn comes in time
   */
  <T> T take(Duration patience, int late, Supplier<T> work) {
    if (!free.tryAcquire() && !acquire(patience)) {
      throw new Refusal(late, "too many programs wait to be run; try again", 1);
    }
    try {
      return work.get();
    } finally {
      free.release();
    }
  }

  private boolean acquire(Duration patience) {
    try {
      return waiting.incrementAndGet() <= most
          && free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.decrementAndGet();
    }
  }
}
