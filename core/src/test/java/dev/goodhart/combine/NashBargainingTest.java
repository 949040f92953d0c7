package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.combine.NashBargaining.Stakeholder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** System 168, what several stakeholders agree on. */
class NashBargainingTest {
  /** Dividing one cake: each gets half of the share beyond the disagreement point. */
  @Test
  void aCakeIsHalved() {
    double[][] cake = {{1, 0}, {0, 1}};
    NashLottery even = NashLottery.of(cake, new double[] {0, 0});
    assertArrayEquals(new double[] {0.5, 0.5}, even.lottery(), 1e-9);
    // who can do without has the better half: 0.4 and (1 - 0.4) / 2
    NashLottery strong = NashLottery.of(cake, new double[] {0.4, 0});
    assertArrayEquals(new double[] {0.7, 0.3}, strong.lottery(), 1e-9);
    assertArrayEquals(new double[] {0.3, 0.3}, strong.gains(), 1e-9);
    assertTrue(strong.bargained() && Math.abs(strong.gap()) < 1e-8, strong.toString());
  }

  /** A sum would take the first option alone, which leaves the second group nothing. */
  @Test
  void aCompromiseBeatsTheLargestSum() {
    double[][] utilities = {{10, 0, 4}, {0, 1, 0.8}};
    NashLottery nash = NashLottery.of(utilities, new double[] {0, 0});
    // with p on the first and the rest on the third (4 + 6 p) 0.8 (1 - p) is largest at p = 1/6
    assertArrayEquals(new double[] {1 / 6.0, 0, 5 / 6.0}, nash.lottery(), 1e-8);
  }

  @Property(tries = 40)
  void noLotteryIsBetterAndNoUnitMatters(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    int groups = 2 + random.nextInt(3);
    double[][] utilities = new double[groups][10];
    double[] disagreement = new double[groups];
    for (int i = 0; i < groups; i++) {
      utilities[i] = random.doubles(10).toArray();
      disagreement[i] = Arrays.stream(utilities[i]).average().orElseThrow();
    }
    NashLottery nash = NashLottery.of(utilities, disagreement);
    assertTrue(nash.bargained());
    assertEquals(0, nash.gap(), 1e-7);
    assertEquals(1, Arrays.stream(nash.lottery()).sum(), 1e-12);
    double own = logs(nash.gains());
    for (int other = 0; other < 200; other++) {
      double[] pi = Softmax.of(random.doubles(10, 0, 12).toArray());
      double[] gains = new double[groups];
      for (int i = 0; i < groups; i++) {
        for (int y = 0; y < 10; y++) gains[i] += pi[y] * (utilities[i][y] - disagreement[i]);
      }
      if (Arrays.stream(gains).allMatch(g -> g > 0)) assertTrue(logs(gains) <= own + 1e-9);
    }
    double[][] scaled = utilities.clone();
    scaled[0] = Arrays.stream(utilities[0]).map(u -> 10 * u).toArray();
    double[] points = disagreement.clone();
    points[0] *= 10;
    assertArrayEquals(nash.lottery(), NashLottery.of(scaled, points).lottery(), 1e-5);
  }

  private static double logs(double[] gains) {
    return Arrays.stream(gains).map(Math::log).sum();
  }

  /**
   * At an efficient corner nothing is left to gain for both; the least gain is 0 and then the next.
   */
  @Test
  void whereNothingIsToBeGainedTheLeastGainIsRaised() {
    // base: the first option. The second harms one, the third neither and helps the third group
    double[][] utilities = {{1, 0, 1}, {0, 1, 0}, {0, 0, 0.5}};
    NashLottery answer = NashLottery.of(utilities, new double[] {1, 0, 0});
    assertFalse(answer.bargained());
    assertTrue(Double.isNaN(answer.gap()));
    assertArrayEquals(new double[] {0, 0, 0.5}, answer.gains(), 1e-6);
    assertThrows(
        IllegalArgumentException.class, () -> NashLottery.of(new double[0][], new double[0]));
  }

  @Test
  void aWeightIsOneOverTheGain() {
    var nash =
        new NashBargaining(
            Map.of("a", new Stakeholder(1, 0.1), "b", new Stakeholder(0, 0.5)),
            0.5,
            Map.of("a", 3.0));
    assertEquals(0.5, nash.weight("a"));
    assertEquals(2, nash.weight("b")); // no gain yet: the margin
    Map<String, Reward> parts = Map.of("a", Reward.of(5), "b", Reward.of(0.25));
    assertEquals(0.5 * 4 + 2 * 0.25, assertInstanceOf(Scored.class, nash.of(parts)).value(), 1e-15);
    NashBargaining next = nash.after(List.of(Reward.of(0).withParts(parts)));
    assertEquals(Map.of("a", 4.0, "b", 0.125), next.means()); // halfway to the batch
    assertEquals(1 / 3.0, next.weight("a"), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> new NashBargaining(Map.of()));
    assertThrows(IllegalArgumentException.class, () -> new Stakeholder(0, 0));
  }

  /** A table trained on the reward, exactly, comes to the lottery of the solver. */
  @Test
  void theRewardLeadsAPolicyToTheLottery() {
    double[][] utilities = {{1, 0.1, 0.5, 0}, {0, 0.9, 0.4, 0.2}};
    double[] disagreement = {0.4, 0.375};
    double[] lottery = NashLottery.of(utilities, disagreement).lottery();
    for (double unit : new double[] {1, 10}) {
      var reward =
          new NashBargaining(
              Map.of(
                  "a", new Stakeholder(unit * 0.4, unit * 0.05), "b", new Stakeholder(0.375, 0.05)),
              1,
              Map.of());
      double[] logits = new double[4];
      for (int step = 0; step < 6000; step++) {
        double[] pi = Softmax.of(logits);
        double[] rewards = new double[4];
        double a = 0;
        double b = 0;
        for (int y = 0; y < 4; y++) {
          Map<String, Reward> parts =
              Map.of("a", Reward.of(unit * utilities[0][y]), "b", Reward.of(utilities[1][y]));
          rewards[y] = assertInstanceOf(Scored.class, reward.of(parts)).value();
          a += pi[y] * unit * utilities[0][y];
          b += pi[y] * utilities[1][y];
        }
        double[] gradient = Softmax.gradient(pi, rewards);
        for (int y = 0; y < 4; y++) logits[y] += 0.05 * gradient[y];
        Map<String, Reward> means = Map.of("a", Reward.of(a), "b", Reward.of(b));
        reward = reward.after(List.of(Reward.of(0).withParts(means)));
      }
      assertArrayEquals(lottery, Softmax.of(logits), 0.01);
    }
  }
}
