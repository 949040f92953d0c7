package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DivergenceTest {
  private static final double[] P = {0.5, 0.5};
  private static final double[] Q = {0.25, 0.75};

  /** 1/2 ln 2 + 1/2 ln 2/3 = 1/2 ln 4/3. */
  @Test
  void byHand() {
    assertEquals(0.5 * Math.log(4 / 3.0), Divergence.kl(P, Q), 1e-15);
    // (1/4)² / (1/4) + (1/4)² / (3/4)
    assertEquals(1 / 4.0 + 1 / 12.0, Divergence.chiSquared(P, Q), 1e-15);
    assertEquals(0.25, Divergence.totalVariation(P, Q), 1e-15);
    // order 2: ln(1/4 / (1/4) + 1/4 / (3/4)); order 1/2: -2 ln(sqrt(1/8) + sqrt(3/8))
    assertEquals(Math.log(4 / 3.0), Divergence.renyi(P, Q, 2), 1e-15);
    assertEquals(
        -2 * Math.log(Math.sqrt(1 / 8.0) + Math.sqrt(3 / 8.0)), Divergence.renyi(P, Q, 0.5), 1e-14);
    assertEquals(Math.log(2), Divergence.renyi(P, Q, Double.POSITIVE_INFINITY), 1e-15);
    assertEquals(Math.log(2), Divergence.entropy(P), 1e-15);
  }

  @Test
  void whereQHasNoMass() {
    double[] one = {1, 0};
    assertEquals(Double.POSITIVE_INFINITY, Divergence.kl(P, one));
    assertEquals(Double.POSITIVE_INFINITY, Divergence.chiSquared(P, one));
    assertEquals(Double.POSITIVE_INFINITY, Divergence.renyi(P, one, 2));
    assertEquals(Math.log(2), Divergence.kl(one, P), 1e-15);
    assertEquals(Math.log(2), Divergence.renyi(P, one, 0.5), 1e-15); // -2 ln sqrt(1/2)
    assertEquals(0, Divergence.renyi(P, one, 0));
    assertEquals(Math.log(2), Divergence.renyi(one, P, 0), 1e-15);
    assertEquals(0, Divergence.entropy(one));
  }

  @Test
  void tablesOfPromptsAreAveraged() {
    assertEquals(
        0.25 * Math.log(4 / 3.0),
        Divergence.kl(new double[][] {P, Q}, new double[][] {Q, Q}),
        1e-15);
  }

  @Test
  void lengthsMatchAndOrdersAreNotNegative() {
    assertThrows(IllegalArgumentException.class, () -> Divergence.kl(P, new double[] {1}));
    assertThrows(IllegalArgumentException.class, () -> Divergence.renyi(P, Q, -1));
    assertThrows(IllegalArgumentException.class, () -> Divergence.renyi(P, Q, Double.NaN));
  }
}
