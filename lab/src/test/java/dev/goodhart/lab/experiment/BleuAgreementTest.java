package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BleuAgreementTest {
  @Test
  void agreementByHand() {
    double[] gold = {1, 2, 3, 3};
    // Pairs with different gold: 01, 02, 03, 12, 13.
    // All alike but 01, a tie: 4.5 of 5.
    assertEquals(0.9, BleuAgreement.agreement(new double[] {5, 5, 5.1, 5.2}, gold), 1e-12);
    // 02 and 12 alike, 01 a tie, 03 and 13 the other way: 2.5 of 5.
    assertEquals(0.5, BleuAgreement.agreement(new double[] {1, 1, 2, 0}, gold), 1e-12);
    assertEquals(1, BleuAgreement.agreement(gold, gold), 1e-12);
    assertEquals(0.5, BleuAgreement.agreement(new double[4], gold), 1e-12);
  }

  @Test
  void standardScoresByHand() {
    // mean 2, deviation sqrt(2/3)
    double one = Math.sqrt(1.5);
    assertArrayEquals(
        new double[] {-one, 0, one}, BleuAgreement.standard(new double[] {1, 2, 3}), 1e-12);
    assertArrayEquals(new double[2], BleuAgreement.standard(new double[] {7, 7}), 0);
  }
}
