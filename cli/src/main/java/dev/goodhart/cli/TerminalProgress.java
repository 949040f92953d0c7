package dev.goodhart.cli;

import dev.goodhart.report.Figure;
import dev.goodhart.run.Progress;
import java.io.PrintWriter;

/**
 * Progress on a terminal: one line that is written over, nothing for work that is done in a blink.
 * Where the output is not a terminal, one line every ten seconds.
 */
final class TerminalProgress implements Progress {
  private static final long SECOND = 1_000_000_000;

  private final PrintWriter out;
  private final boolean terminal;

  private String what = "";
  private String note = "";
  private long total;
  private long done;
  private long started;
  private long next;
  private boolean written;

  TerminalProgress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public synchronized void start(String stage, long units) {
    done();
    what = stage;
    note = "";
    total = units;
    done = 0;
    started = System.nanoTime();
    next = started + (terminal ? SECOND / 2 : 10 * SECOND);
  }

  @Override
  public synchronized void advance(long by) {
    done += by;
    long now = System.nanoTime();
    if (now < next) {
      return;
    }
    next = now + (terminal ? SECOND / 10 : 10 * SECOND);
    String line =
        what + " " + Figure.count(done) + remaining(now) + (note.isEmpty() ? "" : ", " + note);
    if (terminal) {
      out.print("\r\u001b[K" + line);
    } else {
      out.println(line);
    }
    out.flush();
    written = true;
  }

  @Override
  public synchronized void note(String text) {
    note = text;
  }

  private String remaining(long now) {
    if (total <= 0 || done <= 0) {
      return "";
    }
    double seconds = (now - started) / (double) SECOND * (total - done) / done;
    return " of %s (%d %%), %.0f s left"
        .formatted(Figure.count(total), 100 * done / total, seconds);
  }

  @Override
  public synchronized void done() {
    if (written && terminal) {
      out.print("\r\u001b[K");
      out.flush();
    }
    written = false;
  }
}
