package dev.goodhart.serve.scoring;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The lane of a model: samples of any number of requests become batches of about equal lengths. A
 * batch goes when it is full, or when its oldest sample has waited long enough.
 */
final class BatchedLane implements Lane {
  private static final int BUCKETS = 32;

  private final String signal;
  private final Scores scores;
  private final int largest;
  private final long patience;
  private final IntConsumer sizes;
  private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final Rate rate = new Rate();
  private final Thread thread;
  private volatile int sorted;
  private volatile boolean closed;

  /**
   * @param sizes hears of each batch's size
   */
  BatchedLane(String signal, Scores scores, int largest, Duration patience, IntConsumer sizes) {
    this.signal = signal;
    this.scores = scores;
    this.largest = largest;
    this.patience = patience.toNanos();
    this.sizes = sizes;
    thread = Thread.ofPlatform().daemon().name(signal).start(this::run);
  }

  @Override
  public void submit(List<Pending> samples) {
    queue.addAll(samples);
  }

  @Override
  public int waiting() {
    return queue.size() + sorted;
  }

  @Override
  public double rate() {
    return rate.perSecond();
  }

  private void run() {
    List<List<Pending>> buckets = new ArrayList<>();
    for (int i = 0; i < BUCKETS; i++) {
      buckets.add(new ArrayList<>());
    }
    try {
      while (!closed) {
        List<Pending> arrived = new ArrayList<>();
        queue.drainTo(arrived);
        sort(arrived, buckets);
        List<Pending> next = next(buckets);
        if (next == null) {
          await(buckets);
        } else {
          score(next);
        }
      }
    } catch (InterruptedException e) {
      // closed
    } finally {
      buckets.forEach(b -> b.forEach(p -> p.abandon("shutting down")));
    }
  }

  /** The batch to go now: a full one, or the one whose oldest sample has waited long enough. */
  private @Nullable List<Pending> next(List<List<Pending>> buckets) {
    @Nullable List<Pending> due = null;
    long oldest = patience - 1;
    for (List<Pending> bucket : buckets) {
      bucket.removeIf(Pending::isDone);
      if (bucket.size() >= largest) {
        return take(bucket);
      }
      if (!bucket.isEmpty() && bucket.getFirst().age() > oldest) {
        oldest = bucket.getFirst().age();
        due = bucket;
      }
    }
    return due == null ? null : take(due);
  }

  private List<Pending> take(List<Pending> bucket) {
    List<Pending> first = bucket.subList(0, Math.min(largest, bucket.size()));
    List<Pending> batch = List.copyOf(first);
    first.clear();
    return batch;
  }

  /** Waits for samples: for ever when there are none, else until the oldest is due. */
  private void await(List<List<Pending>> buckets) throws InterruptedException {
    long oldest =
        buckets.stream()
            .filter(b -> !b.isEmpty())
            .mapToLong(b -> b.getFirst().age())
            .max()
            .orElse(-1);
    Pending first =
        oldest < 0
            ? queue.take()
            : queue.poll(Math.max(0, patience - oldest), TimeUnit.NANOSECONDS);
    if (first != null) {
      sort(List.of(first), buckets);
    }
  }

  private void sort(List<Pending> arrived, List<List<Pending>> buckets) {
    arrived.forEach(p -> buckets.get(bucket(p.sample)).add(p));
    sorted = buckets.stream().mapToInt(List::size).sum();
  }

  /** Lengths within a factor of two. */
  private static int bucket(Sample sample) {
    long length = sample.response().length();
    for (var message : sample.prompt().messages()) {
      length += message.content().length();
    }
    return BUCKETS - Integer.numberOfLeadingZeros((int) Math.min(length, Integer.MAX_VALUE) | 1);
  }

  private void score(List<Pending> batch) {
    sizes.accept(batch.size());
    long start = System.nanoTime();
    List<Reward> rewards = scores.safely(signal, batch.stream().map(p -> p.sample).toList());
    rate.took(System.nanoTime() - start, batch.size());
    Iterator<Reward> each = rewards.iterator();
    batch.forEach(p -> p.complete(each.next()));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    @Nullable Pending left;
    while ((left = queue.poll()) != null) {
      left.abandon("shutting down");
    }
  }
}
