package dev.goodhart.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SteerTest {
  private static final int DRAWS = 40_000;

  /** How often each index is chosen, as a share. */
  private static double[] shares(Steer steer, double... rewards) {
    SplittableRandom random = new SplittableRandom(1);
    double[] shares = new double[rewards.length];
    for (int i = 0; i < DRAWS; i++) {
      shares[steer.choose(rewards, random)] += 1.0 / DRAWS;
    }
    return shares;
  }

  /** Four standard errors of a share. */
  private static double tolerance(double share) {
    return 4 * Math.sqrt(share * (1 - share) / DRAWS) + 1e-12;
  }

  @Test
  void bestOfNTakesTheHighest() {
    assertEquals(1, new BestOfN().choose(new double[] {-3, 7, 2}, new SplittableRandom(1)));
    assertEquals(0, new BestOfN().choose(new double[] {-3}, new SplittableRandom(1)));
  }

  @Test
  void bestOfNBreaksTiesEvenly() {
    double[] shares = shares(new BestOfN(), 1, 0, 1, 1, -5);
    double third = 1.0 / 3;
    assertEquals(third, shares[0], tolerance(third));
    assertEquals(third, shares[2], tolerance(third));
    assertEquals(third, shares[3], tolerance(third));
  }

  @Test
  void aTieBelowTheBestDoesNotCount() {
    assertEquals(1, shares(new BestOfN(), 1, 2, 1, 1)[1], 1e-9);
  }

  /** Rewards 0 and 2 ln 3 at temperature 2: odds 1 to 3. */
  @Test
  void softBestOfNDrawsFromTheSoftmax() {
    double[] shares = shares(new SoftBestOfN(2), 0, 2 * Math.log(3));
    assertEquals(0.25, shares[0], tolerance(0.25));
  }

  @Test
  void softBestOfNDoesNotOverflowAndReachesBothEnds() {
    assertEquals(1, shares(new SoftBestOfN(1e-3), 0, 1e300, 5)[1], 1e-9);
    double[] uniform = shares(new SoftBestOfN(Double.POSITIVE_INFINITY), 0, 100);
    assertEquals(0.5, uniform[0], tolerance(0.5));
    assertThrows(IllegalArgumentException.class, () -> new SoftBestOfN(0));
    assertThrows(IllegalArgumentException.class, () -> new SoftBestOfN(Double.NaN));
  }

  @Test
  void thereIsSomethingToChooseFrom() {
    SplittableRandom random = new SplittableRandom(1);
    for (Steer steer : new Steer[] {new BestOfN(), new SoftBestOfN(1)}) {
      assertThrows(IllegalArgumentException.class, () -> steer.choose(new double[] {}, random));
    }
  }

  @Test
  void theKlOfBestOfN() {
    assertEquals(0, BestOfN.kl(1));
    assertEquals(Math.log(2) - 0.5, BestOfN.kl(2), 1e-15);
    assertEquals(Math.log(4) - 0.75, BestOfN.kl(4), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> BestOfN.kl(0));
  }

  /**
   * An independent road to the same number: of n uniform draws the largest has density n u^(n-1),
   * whose divergence from the uniform one is the integral of f log f.
   */
  @Test
  void theKlIsThatOfTheLargestOfNUniformDraws() {
    for (int n : new int[] {2, 5, 64}) {
      int steps = 200_000;
      double sum = 0;
      for (int i = 0; i < steps; i++) {
        double density = n * Math.pow((i + 0.5) / steps, n - 1.0);
        sum += density <= 0 ? 0 : density * Math.log(density) / steps;
      }
      assertEquals(sum, BestOfN.kl(n), 1e-4);
    }
  }

  /** With few distinct responses the bound is not reached: two equal ones cannot be told apart. */
  @Test
  void theKlIsAnUpperBoundWhereResponsesTie() {
    // A base policy of two responses, 0.5 each: best-of-4 takes the better one with 1 - 0.5^4.
    double better = 1 - Math.pow(0.5, 4);
    double exact = better * Math.log(better / 0.5) + (1 - better) * Math.log((1 - better) / 0.5);
    assertTrue(exact < BestOfN.kl(4));
  }
}
