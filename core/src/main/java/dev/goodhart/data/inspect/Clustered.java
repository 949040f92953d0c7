package dev.goodhart.data.inspect;

/**
 * A share among cases of which those of one prompt stand and fall together. With p the share, n_g
 * cases and x_g successes of prompt g, its variance is
 *
 * <pre>{@code V = G/(G-1) Σ_g (x_g - p n_g)² / n²}</pre>
 *
 * and as many independent cases as would give that variance, {@code p(1-p)/V}, go into the interval
 * (at most n; the number of prompts where all cases are alike and V says nothing).
 */
final class Clustered {
  /** By cluster: how many cases (upper half) and twice the successes (lower half). */
  private final LongMap clusters;

  private double successes;
  private long cases;

  Clustered(int limit) {
    this.clusters = new LongMap(limit);
  }

  /**
   * @param success 1, 0, or one half for a tie
   */
  void add(long cluster, double success) {
    cases++;
    successes += success;
    clusters.put(cluster, clusters.get(cluster) + (1L << 32) + Math.round(2 * success));
  }

  long cases() {
    return cases;
  }

  Share share() {
    double p = successes / cases;
    double squares =
        clusters
            .values()
            .mapToDouble(
                v -> {
                  double residual = (v & 0xffffffffL) / 2.0 - p * (v >>> 32);
                  return residual * residual;
                })
            .sum();
    int g = clusters.size();
    // Where memory was full, the remembered prompts speak for all.
    double remembered = clusters.values().mapToDouble(v -> v >>> 32).sum();
    double variance = g < 2 ? 0 : squares * g / (g - 1.0) / remembered / cases;
    double effective = variance == 0 ? Math.min(g, cases) : p * (1 - p) / variance;
    return new Share(successes, cases, Math.clamp(effective, 1, Math.max(1.0, (double) cases)));
  }
}
