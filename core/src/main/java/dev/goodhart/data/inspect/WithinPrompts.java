package dev.goodhart.data.inspect;

/**
 * Pearson's correlation of two numbers among the responses to the same prompt: of their deviations
 * from the prompt's own means. Over all prompts together, prompts that ask for long answers and are
 * hard would hide what length does to a rating.
 *
 * <p>In one pass, with the sums about moving means (Welford): when the n-th pair of a prompt
 * arrives, {@code C += (x - mean x before) (y - mean y after)}.
 */
final class WithinPrompts {
  private final LongMap counts;
  private final LongMap meansX;
  private final LongMap meansY;
  private double xx;
  private double yy;
  private double xy;
  private long compared;

  WithinPrompts(int limit) {
    counts = new LongMap(limit);
    meansX = new LongMap(limit);
    meansY = new LongMap(limit);
  }

  void add(long prompt, double x, double y) {
    long before = counts.get(prompt);
    counts.put(prompt, before + 1);
    if (counts.get(prompt) == 0) {
      return; // a new prompt, and memory is full
    }
    double n = before + 1.0;
    double oldX = before == 0 ? x : Double.longBitsToDouble(meansX.get(prompt));
    double oldY = before == 0 ? y : Double.longBitsToDouble(meansY.get(prompt));
    double newX = oldX + (x - oldX) / n;
    double newY = oldY + (y - oldY) / n;
    xx += (x - oldX) * (x - newX);
    yy += (y - oldY) * (y - newY);
    xy += (x - oldX) * (y - newY);
    compared += before == 0 ? 0 : 1;
    meansX.put(prompt, Double.doubleToLongBits(newX));
    meansY.put(prompt, Double.doubleToLongBits(newY));
  }

  /** How many responses had an earlier one of the same prompt to be compared with. */
  long compared() {
    return compared;
  }

  /** NaN when one of the two never differs within a prompt. */
  double correlation() {
    return xy / Math.sqrt(xx * yy);
  }
}
