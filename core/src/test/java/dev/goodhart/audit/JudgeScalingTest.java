package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class JudgeScalingTest {
  private static final List<JudgeScaling> GRID =
      List.of(
          new JudgeScaling(0, 1, 0),
          new JudgeScaling(0.2, 1, 2),
          new JudgeScaling(0.5, 1, -1),
          new JudgeScaling(-0.5, 2, 0.5));

  @Test
  void theIntegralIsWhatDrawingAndPickingGives() {
    var random = new SplittableRandom(11);
    for (JudgeScaling model : GRID) {
      double s2 = model.deviation() * model.deviation();
      for (double t : new double[] {0.5, 2, 10}) {
        for (int k : new int[] {2, 5, 32}) {
          int blocks = 25;
          double sum = 0;
          double squares = 0;
          for (int block = 0; block < blocks; block++) {
            double mean = model.simulated(k, t * s2, 4_000 / k + 100, random);
            sum += mean;
            squares += mean * mean;
          }
          double mean = sum / blocks;
          double error = Math.sqrt((squares / blocks - mean * mean) / (blocks - 1));
          assertEquals(model.error(k, t * s2), mean, 3.5 * error, model + " " + k + " " + t);
        }
      }
    }
  }

  @Test
  void manyDrawsApproachTheirLimit() {
    for (JudgeScaling model : GRID) {
      for (double t : new double[] {0.5, 2, 10}) {
        double s2 = model.deviation() * model.deviation();
        double limit = model.many(t * s2);
        assertEquals(limit, model.error(4096, t * s2), 0.01 * limit, model + " " + t);
      }
    }
  }

  /**
   * What is left beyond the first order shrinks with the square of 1 / T; for two draws with the
   * cube, as their weights differ by a hyperbolic tangent, which has no even orders.
   */
  @Test
  void aHotJudgeIsItsFirstOrder() {
    for (JudgeScaling model : GRID) {
      double s2 = model.deviation() * model.deviation();
      for (int k : new int[] {2, 16}) {
        double left = model.error(k, 100 * s2) - model.hot(k, 100 * s2);
        double less = model.error(k, 200 * s2) - model.hot(k, 200 * s2);
        assertEquals(k == 2 ? 8 : 4, left / less, 0.4, model + " " + k);
      }
    }
  }

  /** k = 1 and, where the judge is right, 2 ∫ r P(|y - y_T| > r)^k dr by another rule. */
  @Test
  void bestOfKAgainstItsTail() {
    for (JudgeScaling model : GRID) assertEquals(model.single(), model.best(1), 1e-9);
    var model = new JudgeScaling(0.5, 1, 0);
    for (int k : new int[] {2, 7, 64}) {
      double sum = 0;
      double h = 1e-4;
      var normal = new org.apache.commons.math3.distribution.NormalDistribution(0.5, 1);
      for (double r = h / 2; r < 12; r += h) {
        double beyond = normal.cumulativeProbability(-r) + 1 - normal.cumulativeProbability(r);
        sum += 2 * r * Math.pow(beyond, k) * h;
      }
      assertEquals(sum, model.best(k), 1e-6 * sum);
    }
  }

  /** A cold judge picks the nearest. */
  @Test
  void bestOfKAgainstDraws() {
    var model = new JudgeScaling(0.4, 1, 1.5);
    var random = new SplittableRandom(3);
    assertEquals(model.best(8), model.simulated(8, 1e-9, 100_000, random), 0.02);
  }

  @Test
  void withARightJudgeBestOfKFallsWithTheSquareOfK() {
    for (double a : new double[] {0, 0.2, 0.5}) {
      var model = new JudgeScaling(a, 1, 0);
      double slope = Math.log(model.best(16_384) / model.best(256)) / Math.log(16_384.0 / 256);
      assertEquals(-2, slope, 0.02);
      for (int k : new int[] {64, 256, 16_384}) {
        double asymptote = Math.PI * Math.exp(a * a) / ((k + 1.0) * (k + 2.0));
        assertEquals(asymptote, model.best(k), (k == 64 ? 0.005 : 0.002) * asymptote, a + " " + k);
      }
    }
  }

  /** Figures that were published in a check of the model. */
  @Test
  void aJudgeWrongOnTheModelsSideHasADrawToStopAt() {
    var same = new JudgeScaling(0.2, 1, 2);
    assertEquals(1.040, same.single(), 1e-12);
    assertEquals(1.0233, same.error(2, 10), 5e-5);
    assertEquals(1.0827, same.error(256, 10), 5e-5);
    assertEquals(2, JudgeScaling.stop(List.of(same), 10, 256).draws());

    var other = new JudgeScaling(0.2, 1, -2);
    double[] doubled = other.curve(new int[] {4, 8, 16}, 10);
    assertEquals(0.8579, doubled[1], 5e-5);
    assertTrue(doubled[1] < doubled[0] && doubled[1] < doubled[2]);
    var stop = JudgeScaling.stop(List.of(other), 10, 256);
    assertTrue(stop.draws() > 4 && stop.draws() < 16 && stop.error() <= doubled[1]);
    assertEquals(1.04, stop.single(), 1e-12);
    assertEquals(0.8609, other.error(256, 10), 5e-5);
  }

  @Property(tries = 12)
  void nearTheTruthMoreDrawsNeverHurt(
      @ForAll @DoubleRange(min = -0.5, max = 0.5) double shift,
      @ForAll @DoubleRange(min = 2, max = 24) double temperature) {
    double[] curve =
        new JudgeScaling(0, 1, shift).curve(new int[] {1, 2, 4, 8, 32, 128}, temperature);
    for (int j = 1; j < curve.length; j++) assertTrue(curve[j] < curve[j - 1]);
  }

  /** Minimised by trying: temperature and judge for many draws. */
  @Property(tries = 60)
  void bestTemperatureAndBestJudgeAreThoseThatTryingFinds(
      @ForAll @DoubleRange(min = -2, max = 2) double bias,
      @ForAll @DoubleRange(min = -3, max = 3) double shift) {
    var model = new JudgeScaling(bias, 1, shift);
    double best = model.bestTemperature();
    double at =
        best == 0 ? shift * shift : Double.isInfinite(best) ? model.single() : model.many(best);
    for (double t = 1e-3; t < 1e4; t *= 1.1) {
      assertTrue(model.many(t) >= at - 1e-9, best + " beaten by " + t);
    }
    double c = model.bestShift(3);
    double least = new JudgeScaling(bias, 1, c).many(3);
    assertTrue(new JudgeScaling(bias, 1, c + 0.01).many(3) > least);
    assertTrue(new JudgeScaling(bias, 1, c - 0.01).many(3) > least);
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new JudgeScaling(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> GRID.getFirst().error(4, 0.01));
    assertThrows(IllegalArgumentException.class, () -> GRID.getFirst().best(0));
    assertThrows(IllegalArgumentException.class, () -> JudgeScaling.stop(List.of(), 1, 4));
    assertEquals(1, JudgeScaling.stop(GRID, 10, 1).draws());
  }
}
