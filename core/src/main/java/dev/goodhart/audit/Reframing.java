package dev.goodhart.audit;

/**
 * How much of a rater's or judge's inconsistency is noise, and how much the wording, order or time
 * of the question. Each item is put several times in either of two frames; with p and q the
 * probabilities of "yes":
 *
 * <pre>{@code
 * within  = mean over items of p (1 - p) + q (1 - q)      a repeated answer differs: noise
 * across  = mean over items of p (1 - q) + q (1 - p)      the reframed answer differs
 * across - within = mean over items of (p - q)^2          what the frame does, at least 0
 * }</pre>
 *
 * <p>From counts without bias: p (1 - p) as {@code k (n - k) / (n (n - 1))}. So the estimate of the
 * frame's effect may fall below 0 by chance. {@code shift}, the mean of p - q, tells a frame that
 * pushes one way from one that scatters.
 *
 * @param within the rate of reversals on asking again
 * @param across the rate of reversals on asking in the other frame
 * @param shift the mean of p - q
 */
public record Reframing(double within, double across, double shift) {
  /**
   * @param first how often yes in one frame, {@code [item]}
   * @param second in the other
   * @param asked how often each item was put in each frame, at least 2
   */
  public static Reframing of(int[] first, int[] second, int asked) {
    if (asked < 2 || first.length == 0 || first.length != second.length) {
      throw new IllegalArgumentException(
          "expected items asked at least twice in both frames, not %d and %d items asked %d times"
              .formatted(first.length, second.length, asked));
    }
    double within = 0;
    double across = 0;
    double shift = 0;
    for (int i = 0; i < first.length; i++) {
      double p = (double) first[i] / asked;
      double q = (double) second[i] / asked;
      within += (p * (1 - p) + q * (1 - q)) * asked / (asked - 1);
      across += p * (1 - q) + q * (1 - p);
      shift += p - q;
    }
    return new Reframing(within / first.length, across / first.length, shift / first.length);
  }

  /** The mean of (p - q)^2, without bias. */
  public double effect() {
    return across - within;
  }
}
