package dev.goodhart.lab.arith;

import dev.goodhart.audit.Trace;
import dev.goodhart.audit.TracedInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A problem with its way to the answer. Every line of that way follows from the problem and the
 * lines before it.
 *
 * @param operands from left to right, at least 0
 * @param operators between them: {@code +}, {@code -}, {@code *}
 * @param modulus to which every result is reduced; 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // made and dropped by the million
record Problem(Layout layout, int[] operands, char[] operators, int modulus) {
  private static final Trace.Fault NO_FAULT = (line, result) -> result;

  /** As it is asked: {@code 47+85=}. A modulus is the world's, not the problem's, and not told. */
  String text() {
    StringBuilder text = new StringBuilder(16);
    for (int i = 0; i < operands.length; i++) {
      if (i > 0) text.append(operators[i - 1]);
      text.append(operands[i]);
    }
    return text.append('=').toString();
  }

  /** What {@link #text()} wrote; null for any other text. */
  static @Nullable Problem read(Layout layout, String text, int modulus) {
    if (!text.matches("\\d{1,6}([-+*]\\d{1,6}){1,8}=")) return null;
    String sum = text.substring(0, text.length() - 1);
    int[] operands = Arrays.stream(sum.split("[-+*]", -1)).mapToInt(Integer::parseInt).toArray();
    return new Problem(layout, operands, sum.replaceAll("\\d", "").toCharArray(), modulus);
  }

  /** Works it out; the trace's last line is the answer. */
  Trace solve(Trace.Fault fault) {
    Trace trace = new Trace(fault, modulus);
    switch (layout) {
      case COLUMNS -> columns(trace);
      case RUNNING -> running(trace);
    }
    return trace;
  }

  private void columns(Trace trace) {
    int columns = Integer.toString(Arrays.stream(operands).max().orElseThrow()).length();
    int carry = 0;
    int low = 0;
    int unit = 1;
    for (int column = 0; column < columns; column++) {
      int[] given = new int[operands.length + 1];
      int sum = given[operands.length] = carry;
      for (int i = 0; i < operands.length; i++) {
        given[i] = operands[i] / unit % 10;
        sum += given[i];
      }
      int value = trace.line("column", sum, given).value();
      carry = value / 10;
      low += value % 10 * unit;
      unit *= 10;
    }
    trace.line("answer", carry * unit + low, carry, low);
  }

  private void running(Trace trace) {
    TracedInteger result = trace.of(operands[0]);
    for (int i = 1; i < operands.length; i++) {
      TracedInteger next = trace.of(operands[i]);
      result =
          switch (operators[i - 1]) {
            case '+' -> result.plus(next);
            case '-' -> result.minus(next);
            default -> result.times(next);
          };
    }
  }

  /** The values of all lines, the answer last. */
  int[] solution() {
    return solve(NO_FAULT).values();
  }

  /**
   * Does every line over, each from the problem and the lines that were written before it.
   *
   * @param written the values of all lines, the answer last
   * @return for each line whether it follows; all false where there are not as many as there should
   *     be
   */
  boolean[] follows(int[] written) {
    boolean[] follows = new boolean[written.length];
    try {
      Trace over = solve((line, result) -> line < written.length ? written[line] : result);
      for (int i = 0; i < written.length && over.lines().size() == written.length; i++) {
        follows[i] = !over.lines().get(i).isWrong();
      }
    } catch (ArithmeticException e) {
      // what was written is too large to go on with: nothing follows from it
    }
    return follows;
  }

  /**
   * The same for problems that are one and the same exercise: the order of the numbers of a sum
   * does not count. Decides the split, so that nobody is examined on {@code 85+47=} who learnt
   * {@code 47+85=}.
   */
  String exercise() {
    for (char operator : operators) {
      if (operator != operators[0] || operator == '-') return text();
    }
    int[] sorted = operands.clone();
    Arrays.sort(sorted);
    return new Problem(layout, sorted, operators, modulus).text();
  }
}
