package dev.goodhart.signal;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The threads on which an open signal judges a batch; the rewards come in the batch's order. */
public final class Workers implements AutoCloseable {
  private final ExecutorService threads;

  private Workers(ExecutorService threads) {
    this.threads = threads;
  }

  /** For work that keeps a core busy: so many threads as cores, which end with the program. */
  public static Workers of(String name, int cores) {
    return new Workers(
        Executors.newFixedThreadPool(
            cores, Thread.ofPlatform().daemon().name(name + "-", 0).factory()));
  }

  /** For work that waits for others: a thread for each sample. */
  public static Workers waiting() {
    return new Workers(Executors.newVirtualThreadPerTaskExecutor());
  }

  /**
   * Judges a batch.
   *
   * @throws RuntimeException the first that judging a sample ended in
   */
  public List<Reward> all(List<Sample> batch, Function<Sample, Reward> judge) {
    if (batch.size() == 1) {
      return List.of(judge.apply(batch.getFirst()));
    }
    List<Callable<Reward>> tasks = new ArrayList<>(batch.size());
    batch.forEach(sample -> tasks.add(() -> judge.apply(sample)));
    return all(tasks);
  }

  /** Runs tasks; the results come in the tasks' order. */
  public <T> List<T> all(List<? extends Callable<T>> tasks) {
    List<T> results = new ArrayList<>(tasks.size());
    try {
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
