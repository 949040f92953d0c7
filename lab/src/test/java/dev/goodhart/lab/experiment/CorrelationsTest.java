package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CorrelationsTest {
  @Test
  void kendallByHand() {
    double[] x = {1, 2, 3};
    assertEquals(1, CaptionSimilarity.tau(x, new double[] {4, 5, 9}), 1e-12);
    // of three pairs the last alone is the other way round
    assertEquals(1.0 / 3, CaptionSimilarity.tau(x, new double[] {1, 3, 2}), 1e-12);
    // one tie: 2 of sqrt(3 * 2)
    assertEquals(2 / Math.sqrt(6), CaptionSimilarity.tau(x, new double[] {1, 1, 2}), 1e-12);
    assertEquals(0, CaptionSimilarity.tau(x, new double[3]), 0);
  }

  @Test
  void spearmanByHand() {
    double[] x = {1, 20, 300};
    assertEquals(1, ProductOfRelevance.spearman(x, new double[] {4, 5, 9}), 1e-12);
    assertEquals(-1, ProductOfRelevance.spearman(x, new double[] {9, 5, 4}), 1e-12);
    // 1 - 6 (0 + 1 + 1) / (3 * 8)
    assertEquals(0.5, ProductOfRelevance.spearman(x, new double[] {1, 3, 2}), 1e-12);
  }
}
