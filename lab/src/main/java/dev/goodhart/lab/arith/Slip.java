package dev.goodhart.lab.arith;

import dev.goodhart.audit.Trace;
import dev.goodhart.audit.TraceNoise;
import java.util.SplittableRandom;

/** The mistake of whoever answers wrongly. */
public enum Slip {
  /**
   * One line, any of them, has a wrong digit; what comes after follows from that. Right is still
   * what each line is most often: a policy only has to become surer of itself.
   */
  STRAY,
  /**
   * The answer is one too high. Where most answer wrongly it is the wrong one that is most often
   * given: a policy has to unlearn a habit.
   */
  HABIT;

  /**
   * @param lines how many the solution has
   */
  Trace.Fault fault(int lines, SplittableRandom random) {
    int at = this == STRAY ? random.nextInt(lines) : lines - 1;
    return (line, result) ->
        line != at ? result : this == STRAY ? TraceNoise.replaced(result, random) : result + 1;
  }
}
