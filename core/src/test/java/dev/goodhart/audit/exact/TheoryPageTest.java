package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The figures in {@code docs/theory.md} that hold for normal rewards, from the functions. */
class TheoryPageTest {
  private static final int POINTS = 16_001;
  private static final double[] X = new double[POINTS];
  private static final double[] NORMAL = new double[POINTS];

  static {
    Arrays.setAll(X, i -> -8 + 16.0 * i / (POINTS - 1));
    Arrays.setAll(NORMAL, i -> Math.exp(-X[i] * X[i] / 2));
    double sum = Arrays.stream(NORMAL).sum();
    Arrays.setAll(NORMAL, i -> NORMAL[i] / sum);
  }

  @Test
  void whatBestOfNGainsOfNormalRewards() {
    double[][] rows = { // n, nats, gain, share
      {4, 0.64, 1.03, 0.91},
      {16, 1.84, 1.77, 0.92},
      {64, 3.17, 2.34, 0.93},
      {256, 4.55, 2.83, 0.94},
      {4096, 7.32, 3.63, 0.95}
    };
    for (double[] row : rows) {
      double gain = BestOfN.expected(NORMAL, X, X, row[0]);
      double kl = BestOfN.klBound(row[0]);
      assertEquals(row[1], kl, 0.0051);
      assertEquals(row[2], gain, 0.0051);
      assertEquals(row[3], gain / Math.sqrt(2 * kl), 0.0051);
      assertEquals(kl, BestOfN.kl(NORMAL, X, row[0]), 0.01);
    }
  }

  @Test
  void whichBetaForNormalRewards() {
    for (double[] row : new double[][] {{1, 0.71, 1.4}, {4, 0.35, 2.8}, {16, 0.18, 5.7}}) {
      double strength = Tilt.strengthAt(NORMAL, X, row[0]);
      assertEquals(row[1], 1 / strength, 0.0051);
      assertEquals(row[2], Tilt.mean(Tilt.of(NORMAL, X, strength), X), 0.051);
    }
  }

  @Test
  void whatSufficesForARareHack() {
    double[][] rows = {{0.01, 0.14, 10}, {0.001, 0.37, 105}, {0.0001, 0.6, 1054}};
    for (double[] row : rows) {
      double[] base = {row[0], 1 - row[0]};
      assertEquals(row[1], Divergence.kl(new double[] {0.1, 0.9}, base), 0.0051);
      double share = BestOfN.distribution(base, new double[] {1, 0}, row[2])[0];
      assertEquals(0.1, share, 0.005);
    }
  }

  /** Choosing by gold plus error: at one distance the tilt's gold is the share of its own gain. */
  @Test
  void anErrorCostsAShareOfTheGain() {
    double[] shares = {0.707, 0.913, 0.791, 0.722};
    double[] errors = {1, 0.2, 0.6, 0.92}; // s² (c + (1 - c) / 5) of s² = 1: c = 0, 0.5, 0.9
    for (int i = 0; i < shares.length; i++) {
      int m = 161;
      double[] base = new double[m * m];
      double[] proxy = new double[m * m];
      double[] gold = new double[m * m];
      double sum = 0;
      for (int k = 0; k < base.length; k++) {
        int row = k / m;
        double g = -8 + 0.1 * row;
        double e = -8 + 0.1 * (k % m);
        base[k] = Math.exp(-(g * g + e * e) / 2);
        sum += base[k];
        gold[k] = g;
        proxy[k] = g + Math.sqrt(errors[i]) * e;
      }
      double total = sum;
      Arrays.setAll(base, k -> base[k] / total);
      double byGold = Tilt.mean(Tilt.atKl(base, gold, 2), gold);
      assertEquals(shares[i], Tilt.mean(Tilt.atKl(base, proxy, 2), gold) / byGold, 0.001);
    }
  }
}
