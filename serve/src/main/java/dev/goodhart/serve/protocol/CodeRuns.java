package dev.goodhart.serve.protocol;

import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.verify.code.SandboxException;
import dev.goodhart.verify.code.Sandboxes;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sandboxes behind the protocols that run programs: as many as the machine has cores, opened
 * with the first request. Without a sandbox nothing is run, whatever the user allowed for his own
 * data: here anyone who reaches the port sends programs.
 */
final class CodeRuns implements AutoCloseable {
  private static final int MOST_WAITING = 4096;

  private final int cores = Runtime.getRuntime().availableProcessors();
  private final Turns turns = new Turns(cores, MOST_WAITING);
  private @Nullable Sandboxes open;

  /**
   * @param late the status that makes the protocol's clients try again
   * @throws SandboxException if there is no sandbox here
   * @throws Refusal if no turn comes in time
   */
  <T> T with(Duration patience, int late, Function<Sandboxes, T> work) {
    Sandboxes sandboxes = sandboxes();
    return turns.take(patience, late, () -> work.apply(sandboxes));
  }

  private synchronized Sandboxes sandboxes() {
    if (open == null) {
      Sandboxes opened = new Sandboxes(cores);
      if (!opened.areSandboxed()) {
        opened.close();
        throw new Refusal(503, "this server runs without a sandbox, and so runs no one's programs");
      }
      open = opened;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
