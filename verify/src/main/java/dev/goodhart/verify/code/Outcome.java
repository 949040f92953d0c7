package dev.goodhart.verify.code;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * How a process ended.
 *
 * @param exit its status, or -1 when a signal ended it
 * @param signal the signal that ended it, or 0
 * @param reason the limit for which it was stopped ({@code cpu}, {@code wall}, {@code memory},
 *     {@code output}, {@code processes}), or empty
 * @param cpuSeconds with all that it started
 * @param memoryBytes the most that was resident
 * @param stdout as UTF-8, what is none replaced
 * @param stderr the first 16 KiB
 * @param channel what it answered on descriptor 3 (for a tester: its verdicts)
 */
record Outcome(
    String kind,
    int exit,
    int signal,
    String reason,
    double cpuSeconds,
    double wallSeconds,
    long memoryBytes,
    String stdout,
    String stderr,
    ByteBuffer channel) {
  private static final int EXIT_MEMORY = 87;
  private static final int EXIT_SYNTAX = 88;
  private static final int SIGKILL = 9;
  private static final int SIGXCPU = 24;
  private static final int SIGSYS = 31;
  private static final int EXIT_FORBIDDEN = 128 + SIGSYS;

  /**
   * How the runtimes say that memory ran out. A program may write this itself; it has failed either
   * way.
   */
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile(
          "^MemoryError|std::bad_alloc|java\\.lang\\.OutOfMemoryError|heap out of memory|Array"
              + " buffer allocation failed|[Cc]annot allocate memory|memory"
              + " exhausted|xmalloc:|xrealloc:",
          Pattern.MULTILINE);

  /**
   * The verdict as far as the end of the process decides it: PASSED says that it ended well,
   * whatever it wrote.
   */
  Verdict end(Limits limits, boolean python) {
    return switch (reason) {
      case "cpu", "wall" -> Verdict.TIMED_OUT;
      case "memory" -> Verdict.MEMORY_LIMIT;
      case "output" -> Verdict.OUTPUT_LIMIT;
      case "processes" -> Verdict.PROCESS_LIMIT;
      default -> {
        if (exit == 0) {
          yield Verdict.PASSED;
        }
        if (signal == SIGSYS || exit == EXIT_FORBIDDEN) {
          yield Verdict.TAMPERED;
        }
        if (signal == SIGXCPU || (signal == SIGKILL && cpuSeconds >= limits.cpuSeconds())) {
          yield Verdict.TIMED_OUT;
        }
        if (python && exit == EXIT_SYNTAX) {
          yield Verdict.COMPILE_ERROR;
        }
        // A kill that nobody here asked for is the kernel's, when the machine itself is out of
        // memory.
        boolean memory =
            (python && exit == EXIT_MEMORY)
                || signal == SIGKILL
                || OUT_OF_MEMORY.matcher(stderr).find();
        yield memory ? Verdict.MEMORY_LIMIT : Verdict.CRASHED;
      }
    };
  }

  /** What happened, in a line. */
  String detail(Verdict verdict, Limits limits) {
    return switch (verdict) {
      case TIMED_OUT ->
          reason.equals("wall")
              ? "stopped after " + limits.wallSeconds() + " s"
              : "more than " + limits.cpuSeconds() + " s of processor time";
      case MEMORY_LIMIT -> "more than " + (limits.memoryBytes() >> 20) + " MiB of memory";
      case OUTPUT_LIMIT -> "more than " + limits.outputBytes() + " bytes of output";
      case PROCESS_LIMIT -> "more than " + limits.processes() + " processes";
      case TAMPERED -> "a forbidden system call";
      case CRASHED, COMPILE_ERROR -> {
        String last = lastLine(stderr);
        yield last.isEmpty() ? (signal > 0 ? "signal " + signal : "exit status " + exit) : last;
      }
      case PASSED, WRONG, SKIPPED -> "";
    };
  }

  private static String lastLine(String text) {
    String stripped = text.strip();
    String line = stripped.substring(stripped.lastIndexOf('\n') + 1);
    return line.length() > 300 ? line.substring(0, 300) : line;
  }
}
