package dev.goodhart.verify.code;

/** What became of one test of a program. Only {@link #PASSED} counts as passed. */
public enum Verdict {
  PASSED,
  /** It ran to its end and gave a wrong answer. */
  WRONG,
  /** An uncaught exception, a signal, an exit status other than 0, or an end before the answer. */
  CRASHED,
  /** It used more processor time, or took longer, than it may. */
  TIMED_OUT,
  /** It asked for more memory than it may use. */
  MEMORY_LIMIT,
  /** It wrote more than it may. */
  OUTPUT_LIMIT,
  /** It started more processes or threads than it may. */
  PROCESS_LIMIT,
  /** It is no program of its language. */
  COMPILE_ERROR,
  /** It did what no honest answer does: a forbidden system call, a forged report. */
  TAMPERED,
  /** Not run, since the verdict was already clear; counts as not passed. */
  SKIPPED
}
