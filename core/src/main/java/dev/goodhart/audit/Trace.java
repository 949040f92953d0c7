package dev.goodhart.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a computation with {@link TracedInteger}s did, line by line. A fault replaces results while
 * the computation runs, so that later lines go on with what it made of them.
 *
 * <pre>{@code
 * Trace trace = Trace.exact();
 * trace.of(47).plus(trace.of(85));
 * trace.lines();                    // [47 + 85 = 132]
 * }</pre>
 */
public final class Trace {
  /** No computation is longer: a wrong number can make a loop run for ever. */
  public static final int MOST = 10_000;

  /** What becomes of a result. */
  @FunctionalInterface
  public interface Fault {
    /**
     * @param line counted from 0
     * @param result what the operation gives for its operands
     * @return what is recorded and worked with instead; the result itself for no fault
     */
    int of(int line, int result);
  }

  /**
   * One operation.
   *
   * @param operation its name: {@code +}, {@code column}
   * @param computed what it gives for its operands
   * @param value what stands there instead, the same where there was no fault
   */
  @SuppressWarnings("ArrayRecordComponent") // a line is a few numbers, made by the million
  public record Line(String operation, int[] operands, int computed, int value) {
    /** Whether doing it over with the same operands gives another value. */
    public boolean isWrong() {
      return computed != value;
    }
  }

  private final Fault fault;
  private final int modulus;
  private final List<Line> lines = new ArrayList<>(8);

  /**
   * @param modulus to which sums, differences and products are reduced, into [0, modulus); 0 for
   *     none
   */
  public Trace(Fault fault, int modulus) {
    if (modulus < 0) {
      throw new IllegalArgumentException("modulus must be at least 0, not " + modulus);
    }
    this.fault = fault;
    this.modulus = modulus;
  }

  /** Of whole numbers, without any fault. */
  public static Trace exact() {
    return new Trace((line, result) -> result, 0);
  }

  /** A number given from outside: not computed, so no line. */
  public TracedInteger of(int value) {
    return new TracedInteger(this, value);
  }

  /**
   * Records an operation, which may be one of the caller's own (a column of a long addition).
   *
   * @throws ArithmeticException if the computation is longer than {@link #MOST} lines
   */
  public TracedInteger line(String operation, int result, int... operands) {
    if (lines.size() == MOST) {
      throw new ArithmeticException("a computation of more than " + MOST + " operations");
    }
    int value = fault.of(lines.size(), result);
    lines.add(new Line(operation, operands, result, value));
    return of(value);
  }

  /**
   * @throws ArithmeticException if the result of an operation does not fit
   */
  int reduced(long value) {
    return Math.toIntExact(modulus == 0 ? value : Math.floorMod(value, modulus));
  }

  public List<Line> lines() {
    return Collections.unmodifiableList(lines);
  }

  /** The value of each line, in their order. */
  public int[] values() {
    return lines.stream().mapToInt(Line::value).toArray();
  }
}
