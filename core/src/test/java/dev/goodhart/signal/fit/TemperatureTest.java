package dev.goodhart.signal.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TemperatureTest {
  private static Temperature.Items items(double[] x, double[] p, double weight, boolean label) {
    double[] weights = new double[x.length];
    Arrays.fill(weights, weight);
    boolean[] labels = new boolean[x.length];
    Arrays.fill(labels, label);
    return new Temperature.Items(x, p, weights, labels);
  }

  @Test
  void findsTheTemperatureThatTheLabelsWereDrawnWith() {
    double[] x = {-3, -1, 0.5, 2, 4};
    double[] p = Arrays.stream(x).map(d -> 1 / (1 + Math.exp(-d / 2.5))).toArray();
    Temperature found = Temperature.of(items(x, p, 1e6, false));
    assertEquals(0.4, found.slope(), 1e-5);
    assertEquals(0, found.offset(), 1e-12);
  }

  @Test
  void oneDifferenceThatWinsThreeTimesInFourIsWorthLogThree() {
    Temperature found =
        Temperature.of(items(new double[] {2, 2, 2, 2}, new double[] {1, 1, 1, 0}, 1e6, false));
    assertEquals(Math.log(3) / 2, found.slope(), 1e-5);
    // the entropy of three to one, in nats
    assertEquals(0.562335144618808, found.loss(), 1e-6);
  }

  @Test
  void findsTheOffsetOfLabels() {
    double[] x = {-3, -1, 0.5, 2, 4};
    double[] p = Arrays.stream(x).map(r -> 1 / (1 + Math.exp(-(1.5 * r - 2)))).toArray();
    Temperature found = Temperature.of(items(x, p, 1e6, true));
    assertEquals(1.5, found.slope(), 1e-4);
    assertEquals(-2, found.offset(), 1e-4);
  }

  @Test
  void withNextToNothingToGoByItStaysNearOne() {
    Temperature found = Temperature.of(items(new double[] {0.1}, new double[] {1}, 1, false));
    assertEquals(1, found.slope(), 0.1);
    assertEquals(1, Temperature.of(items(new double[0], new double[0], 1, false)).slope(), 1e-12);
  }

  @Test
  void aRewardThatIsWorseThanChanceIsSwitchedOffNotTurnedAround() {
    double[] x = {1, 2, 3, 4};
    Temperature found = Temperature.of(items(x, new double[] {0, 0, 0, 1}, 100, false));
    assertEquals(Temperature.LEAST, found.slope(), 0);
  }

  @Test
  void perfectlySeparatedPairsDoNotRunAway() {
    double[] x = {1, 2, 3};
    Temperature found = Temperature.of(items(x, new double[] {1, 1, 1}, 1000, false));
    assertTrue(found.slope() > 1 && found.slope() < 20, "slope " + found.slope());
  }
}
