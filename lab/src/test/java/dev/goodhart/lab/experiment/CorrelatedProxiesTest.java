package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CorrelatedProxiesTest {
  private static final TomatoGrid GRID = TomatoGrid.random(new SplittableRandom(4));

  private static double[] policy(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] policy = new double[GRID.states() * TomatoGrid.ACTIONS];
    for (int s = 0; s < policy.length; s += TomatoGrid.ACTIONS) {
      double[] logits = random.doubles(TomatoGrid.ACTIONS, -2, 2).toArray();
      System.arraycopy(Softmax.of(logits), 0, policy, s, logits.length);
    }
    return policy;
  }

  @Test
  void anOccupancyIsADistribution() {
    double[] occupancy = GRID.occupancy(policy(1));

    assertEquals(1, Arrays.stream(occupancy).sum(), 1e-12);
    assertTrue(Arrays.stream(occupancy).allMatch(p -> p > 0));
  }

  /** The performance difference lemma, which holds for any two policies and any reward. */
  @Test
  void whatAnotherPolicyEarnsMoreIsTheAdvantageWhereItGoes() {
    double[] rewards = new SplittableRandom(2).doubles(policy(1).length, -1, 1).toArray();
    double[] advantages = GRID.advantages(policy(1), rewards);
    double[] one = GRID.occupancy(policy(1));
    double[] other = GRID.occupancy(policy(3));
    double gain = 0;
    double advantage = 0;
    for (int i = 0; i < rewards.length; i++) {
      gain += (other[i] - one[i]) * rewards[i];
      advantage += other[i] * advantages[i];
    }

    assertEquals(gain, advantage, 1e-12);
  }

  @Test
  void theProxyPaysMoreInTheBucketAndAgreesElsewhere() {
    double[] base = GRID.occupancy(GRID.base());
    double[] elsewhere = GRID.proxies();
    long more = Arrays.stream(elsewhere).filter(p -> p > 1.01).count();

    assertEquals(
        TomatoGrid.ACTIONS, more, "five tomatoes pay 1 at most; the bucket's cell alone more");
    assertTrue(GRID.correlation() >= 0.1);
    assertTrue(GRID.proxy(base) > GRID.gold(base));
  }

  @Test
  void withoutAStepNoArmMoves() {
    Outcome outcome = new CorrelatedProxies(0, 5).run(new Seeds(3));
    double base = outcome.figures().get("base");

    assertEquals(base, outcome.figures().get("none"), 1e-12);
    outcome.curves().values().forEach(curve -> curve.forEach(g -> assertEquals(base, g, 1e-12)));
  }

  @Test
  void theSameSeedGivesTheSameOutcome() {
    var small = new CorrelatedProxies(5, 5);
    assertEquals(small.run(new Seeds(4)), small.run(new Seeds(4)));
  }
}
