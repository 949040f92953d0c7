package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.RewardRobust.Nominal;
import dev.goodhart.combine.RewardRobust.Worst;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** System 40. */
class RewardRobustTest {
  private static final List<String> ABC = List.of("a", "b", "c");

  private static Map<String, Reward> parts(double... values) {
    return Map.of(
        "a",
        new Scored(values[0], values[1]),
        "b",
        new Scored(values[2], values[3]),
        "c",
        new Scored(values[4], values[5]));
  }

  private static double value(Reward reward) {
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }

  /** Members 3, 5, 1 with deviations 0.5, 0.2, 2: the surest says 5, the worst 1. */
  @Test
  void theSurestMemberIsTradedAgainstTheWorst() {
    Map<String, Reward> parts = parts(3, 0.5, 5, 0.2, 1, 2);
    assertEquals(0.6 * 5 + 0.4 * 1, value(new RewardRobust(ABC, 0.6).of(parts)), 1e-15);
    assertEquals(1, value(new RewardRobust(ABC, 0).of(parts)));
    assertEquals(5, value(new RewardRobust(ABC, 1).of(parts)));
    // the mean instead of the surest: 3
    var mean = new RewardRobust(ABC, 0.5, Nominal.MEAN, Worst.SAMPLE, 0, Optional.empty());
    assertEquals(2, value(mean.of(parts)), 1e-15);
    // with caution 3 the members are 1.5, 4.4 and -5
    var cautious = new RewardRobust(ABC, 0.5, Nominal.SUREST, Worst.SAMPLE, 3, Optional.empty());
    assertEquals((5 - 5) / 2.0, value(cautious.of(parts)), 1e-15);
  }

  /**
   * Means over the batch: a (3 + 1) / 2 = 2, b (5 - 4) / 2 = 0.5, c (1 + 9) / 2 = 5: b is worst.
   */
  @Test
  void inModeBatchOneMemberIsTheWorstForAll() {
    var batch = new RewardRobust(ABC, 0.5, Nominal.MEAN, Worst.BATCH, 0, Optional.empty());
    Map<String, Reward> first = parts(3, 0, 5, 0, 1, 0);
    Map<String, Reward> second = parts(1, 0, -4, 0, 9, 0);
    assertEquals((3 + 1) / 2.0, value(batch.of(first)), 1e-15); // as yet the sample's own
    RewardRobust next =
        batch.after(List.of(batch.of(first).withParts(first), batch.of(second).withParts(second)));
    assertEquals(Optional.of(1), next.lowest());
    assertEquals((3 + 5) / 2.0, value(next.of(first)), 1e-15);
    assertEquals(batch, batch.after(List.of(Reward.unscored("nothing"))));
    var sample = new RewardRobust(ABC, 0.5);
    assertEquals(sample, sample.after(List.of(sample.of(first).withParts(first))));
  }

  @Test
  void aSingleSignalThatIsAnEnsembleStandsForItsMembers() {
    Reward ensemble = new Scored(3, OptionalDouble.of(1), parts(3, 0.5, 5, 0.2, 1, 2));
    assertEquals(1, value(new RewardRobust(List.of("rm"), 0).of(Map.of("rm", ensemble))));
  }

  @Test
  void withoutDeviationsNoneIsTheSurestAndTheMistakeIsNamed() {
    Map<String, Reward> parts = Map.of("a", Reward.of(1), "b", Reward.of(2));
    GoodhartException e =
        assertThrows(
            GoodhartException.class, () -> new RewardRobust(List.of("a", "b"), 0.5).of(parts));
    assertTrue(e.getMessage().contains("nominal: mean"), e.getMessage());
    assertEquals(1, value(new RewardRobust(List.of("a", "b"), 0).of(parts)));
  }

  @Test
  void anUnscoredMemberLeavesTheWholeUnscored() {
    Map<String, Reward> parts = Map.of("a", new Scored(1, 1), "b", Reward.unscored("late"));
    assertEquals(new Unscored("late"), new RewardRobust(List.of("a", "b"), 0.5).of(parts));
  }

  /** Pointwise the worst is never above the nominal reward, so more lambda is never less reward. */
  @Property(tries = 300)
  void theWorstIsNeverAboveTheNominalReward(
      @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = -1e3, max = 1e3) Double> means,
      @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
    double[] mu = means.stream().mapToDouble(Double::doubleValue).toArray();
    double[] s = new double[mu.length];
    for (int m = 0; m < s.length; m++) {
      s[m] = Math.abs(Math.sin(m + mu[m]));
    }
    double worst = new RewardRobust(ABC, 0).score(mu, s);
    double mixed = new RewardRobust(ABC, lambda).score(mu, s);
    double nominal = new RewardRobust(ABC, 1).score(mu, s);
    assertTrue(worst <= mixed + 1e-9 && mixed <= nominal + 1e-9);
  }

  /**
   * The mean of minima is at most the minimum of the means; and the minimum of M standard normals
   * has deviation 0.669 for M = 5 and 0.429 for M = 100 (tables of order statistics): it tends to a
   * constant, but slowly.
   */
  @Test
  void theWorstOfMoreMembersSpreadsLess() {
    var random = new SplittableRandom(40);
    for (double[] expected : new double[][] {{5, 0.669}, {100, 0.429}}) {
      int members = (int) expected[0];
      int n = 20_000;
      double sum = 0;
      double squares = 0;
      double[] sums = new double[members];
      for (int i = 0; i < n; i++) {
        double[] mu = new double[members];
        for (int m = 0; m < members; m++) {
          mu[m] = random.nextGaussian();
          sums[m] += mu[m] / n;
        }
        double worst = new RewardRobust(ABC, 0).score(mu, new double[members]);
        sum += worst / n;
        squares += worst * worst / n;
      }
      assertEquals(expected[1], Math.sqrt(squares - sum * sum), 0.015);
      assertTrue(sum <= java.util.Arrays.stream(sums).min().orElseThrow());
    }
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RewardRobust(List.of(), 0.5));
    assertThrows(IllegalArgumentException.class, () -> new RewardRobust(List.of("a", "a"), 0.5));
    assertThrows(IllegalArgumentException.class, () -> new RewardRobust(ABC, 1.1));
    assertThrows(IllegalArgumentException.class, () -> new RewardRobust(ABC, Double.NaN));
    assertThrows(
        IllegalArgumentException.class,
        () -> new RewardRobust(ABC, 0.5, Nominal.MEAN, Worst.SAMPLE, -1, Optional.empty()));
  }
}
