package dev.goodhart.serve.scoring;

import dev.goodhart.run.Deadline;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The lane of a slow signal: a bounded number of threads, each with one sample. A thread whose
 * sample nobody waits for any more is interrupted; as it may not listen, another takes its place,
 * so that a signal that hangs on some samples does not starve the others.
 */
final class PooledLane implements Lane {
  /** So many threads that do not come back are replaced for each worker; then the lane is stuck. */
  private static final int SPARES = 4;

  private final String signal;
  private final Scores scores;
  private final int workers;
  private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final Rate rate = new Rate();
  private volatile boolean closed;

  PooledLane(String signal, Scores scores, int workers) {
    this.signal = signal;
    this.scores = scores;
    this.workers = workers;
  }

  @Override
  public void submit(List<Pending> samples) {
    queue.addAll(samples);
    for (int i = 0; i < samples.size() && started.get() - lost.get() < workers; i++) {
      start();
    }
  }

  private void start() {
    started.incrementAndGet();
    Thread.ofPlatform().daemon().name(signal + "-" + started.get()).start(new Worker());
  }

  @Override
  public int waiting() {
    return queue.size();
  }

  @Override
  public double rate() {
    return rate.perSecond() * workers;
  }

  /** Threads that were given up on and have not come back. */
  int lost() {
    return lost.get();
  }

  @Override
  public void abandon(Pending pending, String reason) {
    Thread thread = pending.abandon(reason);
    if (thread == null) {
      queue.remove(pending);
    } else if (lost.incrementAndGet() <= SPARES * workers) {
      start();
    }
  }

  /** One thread; ends when it was given up on while it was at work. */
  private final class Worker implements Runnable {
    @Override
    public void run() {
      try {
        while (!closed) {
          if (!judge(queue.take())) {
            lost.decrementAndGet(); // back, but another has its place
            return;
          }
        }
      } catch (InterruptedException e) {
        // closed
      } finally {
        started.decrementAndGet();
      }
    }

    /** False when this thread was given up on meanwhile. */
    private boolean judge(Pending pending) {
      if (!pending.begin()) {
        return true;
      }
      long start = System.nanoTime();
      var verdict =
          Deadline.until(pending.deadline, () -> scores.safely(signal, List.of(pending.sample)))
              .getFirst();
      rate.took(System.nanoTime() - start, 1);
      boolean awaited = pending.end(verdict);
      var _ = Thread.interrupted(); // an interruption that came late is not for the next sample
      return awaited;
    }
  }

  @Override
  public void close() {
    closed = true;
    @Nullable Pending left;
    while ((left = queue.poll()) != null) {
      left.abandon("shutting down");
    }
    for (int i = started.get(); i > 0; i--) {
      queue.add(done());
    }
  }

  /** Wakes a worker that waits, and is nothing to do. */
  private static Pending done() {
    Pending nothing = new Pending(dev.goodhart.Sample.of("", ""), 0);
    nothing.abandon("nothing");
    return nothing;
  }
}
