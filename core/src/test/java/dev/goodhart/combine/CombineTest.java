package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.ConservativeEnsemble.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CombineTest {
  private static final List<String> ABC = List.of("a", "b", "c");

  private static Map<String, Reward> parts(double a, double b, double c) {
    return Map.of("a", Reward.of(a), "b", Reward.of(b), "c", Reward.of(c));
  }

  private static double value(Reward reward) {
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }

  private static String reason(Reward reward) {
    return assertInstanceOf(Unscored.class, reward).reason();
  }

  // --- conservative-ensemble (system 7)

  /** Scores 1, 2, 6: mean 3, variance ((-2)^2 + (-1)^2 + 3^2) / 2 = 7. */
  @Test
  void meanWorstCaseAndUncertaintyWeighted() {
    Map<String, Reward> parts = parts(1, 2, 6);
    assertEquals(3, value(new ConservativeEnsemble(ABC, Objective.MEAN, 0.5).of(parts)));
    assertEquals(1, value(new ConservativeEnsemble(ABC, Objective.WCO, 0.5).of(parts)));
    assertEquals(-0.5, value(new ConservativeEnsemble(ABC, Objective.UWO, 0.5).of(parts)), 1e-15);
    assertEquals(2.3, value(new ConservativeEnsemble(ABC, Objective.UWO, 0.1).of(parts)), 1e-15);
  }

  /** Of 1, 2, 6: median 2; mean 3 less the deviation sqrt(7), or half of it. */
  @Test
  void medianAndMeanMinusDeviation() {
    Map<String, Reward> parts = parts(1, 2, 6);
    assertEquals(2, value(new ConservativeEnsemble(ABC, Objective.MEDIAN, 0.5).of(parts)));
    assertEquals(
        3 - Math.sqrt(7),
        value(new ConservativeEnsemble(ABC, Objective.MEAN_MINUS_STD, 1).of(parts)),
        1e-15);
    assertEquals(
        3 - Math.sqrt(7) / 2,
        value(new ConservativeEnsemble(ABC, Objective.MEAN_MINUS_STD, 0.5).of(parts)),
        1e-15);
    assertEquals(4, new ConservativeEnsemble(ABC, Objective.MEDIAN, 0).score(6, 1, 2, 100));
    assertEquals(
        Double.MAX_VALUE,
        new ConservativeEnsemble(ABC, Objective.MEDIAN, 0)
            .score(Double.MAX_VALUE, Double.MAX_VALUE));
  }

  @Test
  void theDeviationIsTheMembersSampleDeviation() {
    for (Objective objective : Objective.values()) {
      Scored reward = (Scored) new ConservativeEnsemble(ABC, objective, 0.5).of(parts(1, 2, 6));
      assertEquals(Math.sqrt(7), reward.deviation().orElseThrow(), 1e-15);
    }
  }

  @Test
  void oneMemberHasNoDisagreement() {
    for (Objective objective : Objective.values()) {
      ConservativeEnsemble one = new ConservativeEnsemble(List.of("a"), objective, 10);
      assertEquals(new Scored(4, 0), one.of(Map.of("a", Reward.of(4))));
    }
  }

  @Test
  void aSingleSignalThatIsAnEnsembleStandsForItsMembers() {
    Reward ensemble = new Scored(3, OptionalDouble.of(1), parts(1, 2, 6));
    ConservativeEnsemble worst = new ConservativeEnsemble(List.of("rm"), Objective.WCO, 0);
    assertEquals(1, value(worst.of(Map.of("rm", ensemble))));
    // two ensembles are two members
    ConservativeEnsemble two = new ConservativeEnsemble(List.of("rm", "x"), Objective.WCO, 0);
    assertEquals(3, value(two.of(Map.of("rm", ensemble, "x", Reward.of(5)))));
  }

  @Test
  void anUnscoredMemberLeavesTheEnsembleUnscored() {
    Map<String, Reward> parts = Map.of("a", Reward.of(1), "b", Reward.unscored("timeout: 5 s"));
    ConservativeEnsemble mean = new ConservativeEnsemble(List.of("a", "b"), Objective.MEAN, 0);
    assertEquals("timeout: 5 s", reason(mean.of(parts)));
  }

  @Property(tries = 300)
  void lambdaZeroIsTheMeanAndMoreCautionIsNeverMoreReward(
      @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = -1e3, max = 1e3) Double> scoresList,
      @ForAll @DoubleRange(min = 0, max = 5) double lambda) {
    double[] scores = array(scoresList);
    double mean = Arrays.stream(scores).average().orElseThrow();
    assertEquals(mean, new ConservativeEnsemble(ABC, Objective.UWO, 0).score(scores), 1e-9);
    assertTrue(new ConservativeEnsemble(ABC, Objective.UWO, lambda).score(scores) <= mean + 1e-9);
    assertTrue(new ConservativeEnsemble(ABC, Objective.WCO, lambda).score(scores) <= mean + 1e-9);
  }

  @Property(tries = 200)
  void theOrderOfTheMembersDoesNotMatter(
      @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = -1e3, max = 1e3) Double> scoresList) {
    double[] scores = array(scoresList);
    double[] reversed = new double[scores.length];
    Arrays.setAll(reversed, i -> scores[scores.length - 1 - i]);
    for (Objective objective : Objective.values()) {
      ConservativeEnsemble ensemble = new ConservativeEnsemble(ABC, objective, 0.5);
      double score = ensemble.score(scores);
      assertEquals(score, ensemble.score(reversed), 1e-9 * Math.max(1, Math.abs(score)));
    }
  }

  /** Shifting every member shifts the result: the variance does not see it. */
  @Property(tries = 200)
  void aShiftOfAllMembersIsAShiftOfTheResult(
      @ForAll @Size(min = 2, max = 5) List<@DoubleRange(min = -100, max = 100) Double> scoresList,
      @ForAll @DoubleRange(min = -100, max = 100) double shift) {
    double[] scores = array(scoresList);
    double[] shifted = Arrays.stream(scores).map(s -> s + shift).toArray();
    for (Objective objective : Objective.values()) {
      ConservativeEnsemble ensemble = new ConservativeEnsemble(ABC, objective, 0.5);
      assertEquals(ensemble.score(scores) + shift, ensemble.score(shifted), 1e-8);
    }
  }

  @Test
  void anEnsembleRefusesWhatMeansNothing() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConservativeEnsemble(List.of(), Objective.MEAN, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConservativeEnsemble(List.of("a", "a"), Objective.MEAN, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new ConservativeEnsemble(ABC, Objective.UWO, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConservativeEnsemble(ABC, Objective.UWO, Double.NaN));
  }

  // --- gated

  @Test
  void theGateOpensAtTheThreshold() {
    Gated gated = new Gated(new Part("a"), 0.5, new Part("b"), -1);
    assertEquals(7, value(gated.of(parts(0.5, 7, 0))));
    assertEquals(-1, value(gated.of(parts(0.4999, 7, 0))));
    assertEquals(Set.of("a", "b"), gated.parts());
  }

  @Test
  void anUnscoredGateIsUnscoredAndAnUnscoredRewardOnlyBehindAnOpenOne() {
    Gated gated = new Gated(new Part("a"), 0.5, new Part("b"), -1);
    assertEquals(
        "no verdict",
        reason(gated.of(Map.of("a", Reward.unscored("no verdict"), "b", Reward.of(1)))));
    assertEquals(
        "timeout", reason(gated.of(Map.of("a", Reward.of(1), "b", Reward.unscored("timeout")))));
    assertEquals(-1, value(gated.of(Map.of("a", Reward.of(0), "b", Reward.unscored("timeout")))));
  }

  @Test
  void aGateRefusesWhatMeansNothing() {
    Part part = new Part("a");
    assertThrows(IllegalArgumentException.class, () -> new Gated(part, Double.NaN, part, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new Gated(part, 0, part, Double.NEGATIVE_INFINITY));
  }

  // --- weighted

  @Test
  void weightedIsTheSumAndItsDeviationAddsInQuadrature() {
    Weighted weighted = new Weighted(Map.of("a", 2.0, "b", -0.5));
    assertEquals(2 * 3 - 0.5 * 4, value(weighted.of(parts(3, 4, 100))));
    // sqrt((2 * 3)^2 + (0.5 * 16)^2) = sqrt(36 + 64) = 10
    Reward uncertain =
        weighted.of(Map.of("a", new Scored(0, 3), "b", new Scored(0, 16), "c", Reward.of(1)));
    assertEquals(new Scored(0, 10), uncertain);
  }

  @Test
  void aCertainSumHasNoDeviation() {
    Reward sum = new Weighted(Map.of("a", 1.0)).of(parts(1, 2, 3));
    assertEquals(OptionalDouble.empty(), ((Scored) sum).deviation());
  }

  @Test
  void anUnscoredPartMattersUnlessItsWeightIsZero() {
    Map<String, Reward> parts = Map.of("a", Reward.of(1), "b", Reward.unscored("timeout"));
    assertEquals("timeout", reason(new Weighted(Map.of("a", 1.0, "b", 0.1)).of(parts)));
    assertEquals(1, value(new Weighted(Map.of("a", 1.0, "b", 0.0)).of(parts)));
  }

  @Test
  void weightsAreFiniteAndThereIsOne() {
    assertThrows(IllegalArgumentException.class, () -> new Weighted(Map.of()));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> new Weighted(Map.of("len", Double.NaN)))
            .getMessage()
            .contains("'len'"));
  }

  @Test
  void aPartIsTheSignalAsItIsWithoutPartsOfItsOwn() {
    Reward withParts = new Scored(2, OptionalDouble.of(1), parts(1, 2, 3));
    assertEquals(new Scored(2, 1), new Part("a").of(Map.of("a", withParts)));
  }

  private static double[] array(List<? extends Number> numbers) {
    return numbers.stream().mapToDouble(Number::doubleValue).toArray();
  }
}
