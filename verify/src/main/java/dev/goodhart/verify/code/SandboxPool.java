package dev.goodhart.verify.code;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Warm sandboxes, one check in each at a time; started when they are needed, up to a number. One
 * that broke is thrown away. Safe for several threads.
 */
final class SandboxPool implements AutoCloseable {
  private final Launch launch;
  private final Semaphore free;
  private final Deque<Sandbox> idle = new ArrayDeque<>();
  private boolean closed;

  SandboxPool(Launch launch, int size) {
    this.launch = launch;
    this.free = new Semaphore(size);
  }

  /**
   * Does something with a sandbox of its own. If the sandbox breaks, that is done once more in a
   * new one.
   *
   * @throws SandboxException if none starts, the second breaks too, or the thread is interrupted
   */
  <T> T with(Function<Sandbox, T> use) {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("sandbox: interrupted before there was one free", e);
    }
    try {
      try {
        return once(use);
      } catch (SandboxException e) {
        if (Thread.currentThread().isInterrupted()
            || !String.valueOf(e.getMessage()).startsWith("sandbox: it broke")) {
          throw e;
        }
        return once(use);
      }
    } finally {
      free.release();
    }
  }

  private <T> T once(Function<Sandbox, T> use) {
    Sandbox sandbox = take();
    boolean whole = false;
    try {
      T result = use.apply(sandbox);
      sandbox.forget();
      whole = true;
      return result;
    } finally {
      if (!whole || !keep(sandbox)) {
        sandbox.close();
      }
    }
  }

  private Sandbox take() {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return Sandbox.start(launch);
  }

  private boolean keep(Sandbox sandbox) {
    synchronized (idle) {
      if (!closed) {
        idle.push(sandbox);
      }
      return !closed;
    }
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(Sandbox::close);
      idle.clear();
    }
  }
}
