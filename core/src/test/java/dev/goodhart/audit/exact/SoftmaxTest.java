package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SoftmaxTest {
  private static final double[] LOGITS = {0, Math.log(2), Math.log(5)};

  @Test
  void byHand() {
    assertArrayEquals(new double[] {0.125, 0.25, 0.625}, Softmax.of(LOGITS), 1e-15);
    assertEquals(Math.log(8), Softmax.logSumExp(LOGITS), 1e-15);
    assertArrayEquals(
        new double[] {-Math.log(8), -Math.log(4), Math.log(0.625)}, Softmax.log(LOGITS), 1e-15);
    // mean of 1, 0, 0 is 1/8: gradient 1/8 (7/8), -1/4 1/8, -5/8 1/8
    assertArrayEquals(
        new double[] {7 / 64.0, -2 / 64.0, -5 / 64.0},
        Softmax.gradient(Softmax.of(LOGITS), new double[] {1, 0, 0}),
        1e-15);
    assertArrayEquals(
        new double[] {-0.125, 0.75, -0.625}, Softmax.score(Softmax.of(LOGITS), 1), 1e-15);
  }

  @Test
  void vastLogitsNeitherOverflowNorVanish() {
    assertArrayEquals(new double[] {0.5, 0.5}, Softmax.of(new double[] {1e300, 1e300}), 0);
    assertEquals(-5000, Softmax.log(new double[] {-5000, 0})[0], 1e-9);
    assertEquals(
        Double.NEGATIVE_INFINITY, Softmax.logSumExp(new double[] {Double.NEGATIVE_INFINITY}));
    assertArrayEquals(new double[] {0, 1}, Softmax.of(new double[] {Double.NEGATIVE_INFINITY, 3}));
  }

  @Test
  void whatIsNoLogitIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Softmax.of(new double[0]));
    assertThrows(IllegalArgumentException.class, () -> Softmax.of(new double[] {Double.NaN}));
    assertThrows(
        IllegalArgumentException.class, () -> Softmax.of(new double[] {Double.POSITIVE_INFINITY}));
  }
}
