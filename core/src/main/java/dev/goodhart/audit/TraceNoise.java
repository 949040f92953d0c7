package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.SplittableRandom;

/**
 * Errors in worked solutions: how much of them data bears, and which kind it bears worse. For
 * demonstrations with errors of a known kind and rate, to try filters, verifiers and training
 * methods on.
 *
 * <p>Each of a computation's results is replaced with probability {@code rate}, in a {@code share}
 * of the solutions:
 *
 * <ul>
 *   <li><b>static</b>: in the written text alone. Later lines and the answer stay right.
 *   <li><b>dynamic</b>: while it is computed. Later lines go on with the wrong number, and so does
 *       the answer.
 * </ul>
 *
 * <p>A replacement differs from the number in one decimal digit and never equals it. The answer,
 * which is the last line, is never replaced by static noise: it is not part of the way to it.
 *
 * @param rate the probability that a line is replaced, in [0, 1]
 * @param share of the solutions that are noisy at all, in [0, 1]
 */
@Method(id = 187, source = "arXiv 2402.04004")
public record TraceNoise(
    @Default("dynamic") Type type, @Default("0") double rate, @Default("1") double share) {
  /** Where an error comes in. */
  public enum Type {
    STATIC,
    DYNAMIC
  }

  /** No errors. */
  public static final TraceNoise NONE = new TraceNoise(Type.DYNAMIC, 0, 1);

  public TraceNoise {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate must lie in [0, 1], not " + rate);
    }
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share must lie in [0, 1], not " + share);
    }
  }

  /** The same for a solution that is noisy for certain or certainly not, as the share decides. */
  public TraceNoise drawn(SplittableRandom random) {
    boolean noisy = random.nextDouble() < share;
    return new TraceNoise(type, noisy ? rate : 0, 1);
  }

  /** What dynamic noise does to a computation; nothing where the noise is static. */
  public Trace.Fault fault(SplittableRandom random) {
    return (line, result) ->
        type == Type.DYNAMIC && hits(random) ? replaced(result, random) : result;
  }

  /** What static noise makes of the lines' values; the same values where the noise is dynamic. */
  public int[] written(int[] values, SplittableRandom random) {
    int[] written = values.clone();
    for (int i = 0; i < values.length - 1 && type == Type.STATIC; i++) {
      if (hits(random)) written[i] = replaced(values[i], random);
    }
    return written;
  }

  private boolean hits(SplittableRandom random) {
    return rate > 0 && random.nextDouble() < rate;
  }

  /**
   * Another number of as many digits: one of them, drawn evenly, is another digit; the first of
   * several is never 0.
   */
  public static int replaced(int value, SplittableRandom random) {
    int magnitude = Math.abs(value);
    int digits = Integer.toString(magnitude).length();
    int at = random.nextInt(Math.min(digits, 9)); // the first of ten digits could overflow
    int unit = 1;
    for (int i = 0; i < at; i++) unit *= 10;
    int digit = magnitude / unit % 10;
    boolean first = at == digits - 1 && digits > 1;
    int other = first ? 1 + random.nextInt(8) : random.nextInt(9);
    other += other >= digit ? 1 : 0; // skips the digit itself
    int changed = magnitude + (other - digit) * unit;
    return value < 0 ? -changed : changed;
  }
}
