package dev.goodhart.audit;

/**
 * What clipping adds to the surrogate of PPO and GRPO: whether it can be the clip that teaches. Of
 * tokens with ratios {@code rho = pi / pi_old} and advantages A,
 *
 * <pre>{@code
 * sum min(rho A, clip(rho, 1 - low, 1 + high) A)  =  raw + upper + lower
 * raw   = sum rho A
 * upper = sum (1 + high - rho) A     where A > 0 and rho > 1 + high         <= 0
 * lower = sum (1 - low - rho) A      where A < 0 and rho < 1 - low          <= 0
 * }</pre>
 *
 * <p>The law of clipping (system 1) compares {@code E |raw|} with {@code E |upper|} over batches,
 * {@link #dominance}: far above 1 the clip is a small correction and no signal. It still shifts the
 * entropy over many steps: the upper clip lowers it, the lower one raises it.
 *
 * <p>Published, the upper correction also counts tokens with A < 0, which the surrogate leaves
 * alone; here it is what the surrogate does. Source: arXiv 2512.16912.
 *
 * @param raw the surrogate without a clip
 * @param upper what the upper clip adds
 * @param lower what the lower clip adds
 * @param tokens how many
 * @param clipped how many of them either clip touches
 */
public record ClipCorrection(double raw, double upper, double lower, long tokens, long clipped) {
  /**
   * Of one batch.
   *
   * @param ratios of probabilities, above 0; {@code [token]}
   * @param advantages {@code [token]}
   * @param low the lower clip's width, in [0, 1]
   * @param high the upper clip's width, at least 0
   */
  public static ClipCorrection of(double[] ratios, double[] advantages, double low, double high) {
    if (ratios.length != advantages.length) {
      throw new IllegalArgumentException(
          "expected as many ratios as advantages, not "
              + ratios.length
              + " and "
              + advantages.length);
    }
    if (!(low >= 0 && low <= 1 && high >= 0)) {
      throw new IllegalArgumentException(
          "clips must be low in [0, 1] and high at least 0, not " + low + " and " + high);
    }
    double raw = 0;
    double upper = 0;
    double lower = 0;
    long clipped = 0;
    for (int t = 0; t < ratios.length; t++) {
      double advantage = advantages[t];
      raw += ratios[t] * advantage;
      if (advantage > 0 && ratios[t] > 1 + high) {
        upper += (1 + high - ratios[t]) * advantage;
        clipped++;
      } else if (advantage < 0 && ratios[t] < 1 - low) {
        lower += (1 - low - ratios[t]) * advantage;
        clipped++;
      }
    }
    return new ClipCorrection(raw, upper, lower, ratios.length, clipped);
  }

  /** The clipped surrogate. */
  public double surrogate() {
    return raw + upper + lower;
  }

  /** The share of tokens that a clip touches. */
  public double activation() {
    return tokens == 0 ? 0 : (double) clipped / tokens;
  }

  /** {@code E |raw| / E |upper|} over batches; infinite where the upper clip never fires. */
  public static double dominance(Iterable<ClipCorrection> batches) {
    double raw = 0;
    double upper = 0;
    for (ClipCorrection batch : batches) {
      raw += Math.abs(batch.raw);
      upper += Math.abs(batch.upper);
    }
    return upper == 0 ? Double.POSITIVE_INFINITY : raw / upper;
  }
}
