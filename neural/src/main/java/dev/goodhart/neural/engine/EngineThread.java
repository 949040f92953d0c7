package dev.goodhart.neural.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * The one platform thread on which models compute. A pass keeps all cores busy by itself, so two at
 * once gain nothing and need twice the memory; and a virtual thread that made a native call would
 * hold its carrier, and with it the other requests of a server.
 */
public final class EngineThread {
  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("goodhart-engine").factory());

  private EngineThread() {}

  /**
   * Does some work there and waits for it; works in the order of the calls. A thread that is
   * interrupted while it waits leaves, and its work is not begun if it had not been.
   *
   * @throws CancellationException if the thread was interrupted
   */
  public static <T> T call(Supplier<T> work) {
    Future<T> future = THREAD.submit(work::get);
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(false);
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      if (e.getCause() instanceof Error cause) throw cause;
      throw new IllegalStateException(e.getCause());
    }
  }
}
