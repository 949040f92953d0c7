package dev.goodhart.audit;

/**
 * A whole number that records what is computed with it: each operation adds a line to its {@link
 * Trace}, and each result is what the trace's fault made of it. Comparisons are operations too, so
 * that a wrong number can also take a program another way.
 */
public final class TracedInteger {
  private final Trace trace;
  private final int value;

  TracedInteger(Trace trace, int value) {
    this.trace = trace;
    this.value = value;
  }

  public int value() {
    return value;
  }

  public TracedInteger plus(TracedInteger other) {
    return trace.line("+", trace.reduced((long) value + other.value), value, other.value);
  }

  public TracedInteger minus(TracedInteger other) {
    return trace.line("-", trace.reduced((long) value - other.value), value, other.value);
  }

  public TracedInteger times(TracedInteger other) {
    return trace.line("*", trace.reduced((long) value * other.value), value, other.value);
  }

  /** 1 if this is less than the other, 0 if not. */
  public TracedInteger less(TracedInteger other) {
    return trace.line("<", value < other.value ? 1 : 0, value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
