package dev.goodhart.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.lab.Claim.Verdict;
import dev.goodhart.lab.Evidence.Tested;
import dev.goodhart.lab.experiment.CoinRewards;
import dev.goodhart.lab.experiment.CompressedEvaluators;
import dev.goodhart.lab.experiment.DirectOverOptimisation;
import dev.goodhart.lab.experiment.LongSequences;
import dev.goodhart.lab.experiment.PreferenceAsRewardTilt;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class ReproductionTest {
  /** A world so small that its evidence can be computed by hand: two figures, given by the seed. */
  private record Toy(List<Claim> claims, ToDoubleBiFunction<String, Seeds> figure)
      implements Experiment {
    @Override
    public int system() {
      return 0;
    }

    @Override
    public String name() {
      return "toy";
    }

    @Override
    public String title() {
      return "A toy";
    }

    @Override
    public String tuning() {
      return "";
    }

    @Override
    public Axis axis() {
      return new Axis("n", List.of());
    }

    @Override
    public Outcome run(Seeds seeds) {
      return new Outcome(
          Map.of(
              "method",
              figure.applyAsDouble("method", seeds),
              "baseline",
              figure.applyAsDouble("baseline", seeds)),
          Map.of());
    }

    @Override
    public Experiment smoke() {
      return this;
    }
  }

  private static final Claim ABOVE =
      Claim.above("above", "method is above baseline", "method", "baseline");

  /**
   * Differences 1, 2, 3, 4 under seeds 1 to 4: mean 2.5, variance 5/3, standard error sqrt(5/12).
   */
  private static double rising(String arm, Seeds seeds) {
    return arm.equals("method") ? 10.0 + seeds.seed() : 10;
  }

  @Test
  void meanAndStandardErrorOfThePairedDifferences() {
    Tested tested = test(new Toy(List.of(ABOVE), ReproductionTest::rising), 4);
    assertEquals(12.5, tested.method(), 1e-12);
    assertEquals(10, tested.baseline(), 1e-12);
    assertEquals(2.5, tested.difference().mean(), 1e-12);
    assertEquals(Math.sqrt(5 / 12.0), tested.difference().standardError(), 1e-12);
    assertEquals(Verdict.HOLDS, tested.verdict());
  }

  @Test
  void pairingTakesOutWhatTheArmsShare() {
    // Both arms move by thousands with the seed, the difference stays between 1 and 4.
    Tested tested =
        test(
            new Toy(
                List.of(ABOVE),
                (arm, s) -> 1000 * s.seed() + (arm.equals("method") ? s.seed() : 0)),
            4);
    assertEquals(Verdict.HOLDS, tested.verdict());
  }

  @Test
  void swappedArmsFail() {
    assertEquals(
        Verdict.FAILS,
        test(new Toy(List.of(ABOVE.swapped()), ReproductionTest::rising), 4).verdict());
  }

  @Test
  void aMethodThatIsItsBaselineDoesNotHold() {
    assertEquals(
        Verdict.INCONCLUSIVE, test(new Toy(List.of(ABOVE), (arm, s) -> s.seed()), 4).verdict());
    // Nor does one that differs by noise alone, more often than two standard errors allow.
    int holds = 0;
    for (int world = 0; world < 200; world++) {
      int offset = world;
      var noise =
          new Toy(
              List.of(ABOVE),
              (arm, s) -> new Seeds(s.seed() + 1000L * offset).of(arm).nextGaussian());
      holds += test(noise, 10).verdict() == Verdict.HOLDS ? 1 : 0;
    }
    assertTrue(
        holds <= 20,
        holds + " of 200 pure noises held"); // t with 9 degrees of freedom: 3.8 % expected
  }

  /**
   * With one step a batch no ratio ever leaves 1, a clip is no clip, and no claim on it may hold.
   */
  @Test
  void clipsThatNeverClipDoNotHold() {
    Evidence evidence =
        new Reproduction(2001, 4).of(new CoinRewards(20, 1, 0.1, 0.2, 500), Progress.NONE);
    for (String claim :
        List.of("clip-holds-it-down", "upper-clip-holds-it-down", "lower-clip-lets-it-rise")) {
      assertEquals(
          Verdict.INCONCLUSIVE,
          evidence.claims().stream()
              .filter(c -> c.name().equals(claim))
              .findFirst()
              .orElseThrow()
              .verdict(),
          claim);
    }
  }

  /** No claim of these experiments holds between a figure of theirs and itself. */
  @Test
  void noClaimHoldsBetweenAFigureAndItself() {
    int tried = 0;
    for (Experiment experiment :
        List.of(
            LongSequences.DEFAULT.smoke(),
            DirectOverOptimisation.DEFAULT.smoke(),
            CompressedEvaluators.DEFAULT.smoke(),
            PreferenceAsRewardTilt.DEFAULT.smoke())) {
      List<Outcome> outcomes =
          List.of(experiment.run(new Seeds(2001)), experiment.run(new Seeds(2002)));
      for (Claim claim : experiment.claims()) {
        if (claim.relation() == Claim.Relation.EQUAL) {
          continue; // that two equal figures are equal is no claim about a method
        }
        var replaced =
            new Toy(
                List.of(claim),
                (arm, s) -> outcomes.get((int) s.seed() - 1).figure(claim.baseline()));
        Outcome same = replaced.run(new Seeds(1));
        assertEquals(same.figure("method"), same.figure("baseline"), 0);
        Claim onToy =
            new Claim(claim.name(), claim.says(), "method", "baseline", claim.relation(), 0);
        Tested tested = test(new Toy(List.of(onToy), replaced.figure()), 2);
        assertEquals(Verdict.INCONCLUSIVE, tested.verdict(), claim.name());
        tried++;
      }
    }
    assertTrue(tried > 20, tried + " claims");
  }

  @Test
  void severalExperimentsComeBackInTheirOrderWithTheirTimes() {
    List<Evidence> both =
        Reproduction.all(
            List.of(
                new Toy(List.of(ABOVE), ReproductionTest::rising),
                new Toy(List.of(ABOVE.swapped()), ReproductionTest::rising)),
            1,
            4,
            Progress.NONE);
    assertEquals(Verdict.HOLDS, both.getFirst().claims().getFirst().verdict());
    assertEquals(Verdict.FAILS, both.getLast().claims().getFirst().verdict());
    assertEquals(
        new Reproduction(1, 4)
            .of(new Toy(List.of(ABOVE), ReproductionTest::rising), Progress.NONE)
            .claims(),
        both.getFirst().claims());
    assertTrue(both.stream().allMatch(e -> e.seconds() != null && e.seconds() >= 0));
  }

  /** 0.1 + 0.2 is a little more than 0.3, in every seed alike: without spread that would "hold". */
  @Test
  void roundingDecidesNothing() {
    Tested tested =
        test(new Toy(List.of(ABOVE), (arm, s) -> arm.equals("method") ? 0.1 + 0.2 : 0.3), 4);
    assertEquals(Verdict.INCONCLUSIVE, tested.verdict());
    assertEquals(0, tested.difference().mean(), 0);
  }

  @Test
  void twoStandardErrorsAreTheBorder() {
    assertEquals(Verdict.HOLDS, ABOVE.verdict(2.01, 1));
    assertEquals(Verdict.INCONCLUSIVE, ABOVE.verdict(1.99, 1));
    assertEquals(Verdict.INCONCLUSIVE, ABOVE.verdict(-1.99, 1));
    assertEquals(Verdict.FAILS, ABOVE.verdict(-2.01, 1));
  }

  @Test
  void aClaimOfLessIsDecidedTheOtherWayRound() {
    Claim below = Claim.below("below", "method is below baseline", "method", "baseline");
    assertEquals(Verdict.HOLDS, below.verdict(-2.01, 1));
    assertEquals(Verdict.INCONCLUSIVE, below.verdict(-1.99, 1));
    assertEquals(Verdict.FAILS, below.verdict(2.01, 1));
  }

  @Test
  void equalityHoldsOnlyWithItsErrorInsideTheTolerance() {
    Claim equal = Claim.equal("equal", "equal", "method", "baseline", 0.5);
    assertEquals(Verdict.HOLDS, equal.verdict(-0.1, 0.15));
    assertEquals(Verdict.INCONCLUSIVE, equal.verdict(0.1, 0.25));
    assertEquals(Verdict.INCONCLUSIVE, equal.verdict(0.6, 0.1));
    assertEquals(Verdict.FAILS, equal.verdict(-0.8, 0.1));
  }

  @Test
  void evidenceDoesNotDependOnTheNumberOfThreads() throws Exception {
    var experiment = new Toy(List.of(ABOVE), (arm, s) -> s.of(arm).nextGaussian());
    Evidence one;
    try (var pool = new ForkJoinPool(1)) {
      one = pool.submit(() -> new Reproduction(1, 16).of(experiment, Progress.NONE)).get();
    }
    try (var pool = new ForkJoinPool(4)) {
      assertEquals(
          one.claims(),
          pool.submit(() -> new Reproduction(1, 16).of(experiment, Progress.NONE)).get().claims());
    }
  }

  @Test
  void oneSeedHasNoStandardError() {
    assertThrows(GoodhartException.class, () -> new Reproduction(1, 1));
  }

  @Test
  void aClaimAboutAFigureThatWasNotMeasuredIsABug() {
    var experiment =
        new Toy(List.of(Claim.above("x", "x", "method", "missing")), ReproductionTest::rising);
    assertThrows(IllegalStateException.class, () -> test(experiment, 2));
  }

  private static Tested test(Experiment experiment, int seeds) {
    return new Reproduction(1, seeds).of(experiment, Progress.NONE).claims().getFirst();
  }
}
