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
    for (Steer steer :
        new Steer[] {
          new BestOfN(), new SoftBestOfN(1), new ThresholdSampling(0), new RejectionSampling(1, 0)
        }) {
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

  @Test
  void theFirstThatIsGoodEnoughIsTakenElseTheBest() {
    ThresholdSampling steer = new ThresholdSampling(0.5);
    SplittableRandom random = new SplittableRandom(1);
    assertEquals(1, steer.choose(new double[] {0.4, 0.5, 0.9}, random));
    assertEquals(1, steer.choose(new double[] {0.1, 0.4, 0.3}, random));
    assertTrue(steer.accepted(new double[] {0.1, 0.4, 0.3}).isEmpty());
    assertThrows(IllegalArgumentException.class, () -> new ThresholdSampling(Double.NaN));
  }

  /**
   * A base policy of three responses, 0.5 0.3 0.2, rewards 0, ln 2 and ln 4 at beta 1: 0.5, 0.6 and
   * 0.8 of 1.9. With a bound of ln 4 a response is accepted with 1.9 / 4.
   */
  @Test
  void rejectionSamplingDrawsFromTheTiltedPolicy() {
    double[] base = {0.5, 0.3, 0.2};
    double[] rewards = {0, Math.log(2), Math.log(4)};
    RejectionSampling steer = new RejectionSampling(1, Math.log(4));
    SplittableRandom random = new SplittableRandom(2);
    double[] taken = new double[3];
    double none = 0;
    for (int i = 0; i < DRAWS; i++) {
      int[] drawn = new int[3];
      double[] theirs = new double[3];
      for (int k = 0; k < 3; k++) {
        double u = random.nextDouble();
        drawn[k] = u < 0.5 ? 0 : u < 0.8 ? 1 : 2;
        theirs[k] = rewards[drawn[k]];
      }
      var accepted = steer.accepted(theirs, random);
      none += accepted.isEmpty() ? 1.0 / DRAWS : 0;
      if (accepted.isPresent()) {
        taken[drawn[accepted.getAsInt()]]++;
      }
    }
    double rejected = Math.pow(1 - 1.9 / 4, 3);
    assertEquals(rejected, none, tolerance(rejected));
    for (int y = 0; y < 3; y++) {
      double tilted = base[y] * Math.exp(rewards[y]) / 1.9;
      assertEquals(tilted, taken[y] / ((1 - none) * DRAWS), 1.2 * tolerance(tilted));
    }
  }

  @Test
  void whereNothingIsAcceptedTheBestIsTaken() {
    RejectionSampling strict = new RejectionSampling(1e-3, 100);
    assertEquals(1, strict.choose(new double[] {-3, 7, 2}, new SplittableRandom(1)));
    assertThrows(IllegalArgumentException.class, () -> new RejectionSampling(0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new RejectionSampling(1, Double.POSITIVE_INFINITY));
  }
}
