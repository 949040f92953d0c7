package dev.goodhart.lab.experiment;

import static dev.goodhart.neural.engine.Ops.mean;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.exact.PreferenceGame;
import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.Bandit;
import dev.goodhart.lab.bandit.BanditWorld;
import dev.goodhart.lab.bandit.Comparisons;
import dev.goodhart.lab.bandit.TablePolicy;
import dev.goodhart.objective.Brain;
import dev.goodhart.objective.Dpo;
import dev.goodhart.objective.PairLabels;
import dev.goodhart.objective.PowerDl;
import dev.goodhart.objective.PreferenceBatch;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.LogSigmoidCentred;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PreferenceExperimentsTest {
  private static final Bandit BANDIT = BanditWorld.DEFAULT.draw(new Seeds(5));

  /** Autograd on the engine against the policy gradient on paper. */
  @Test
  void theEnginesGradientIsTheTables() {
    double beta = 0.3;
    double[] proxy = flat(BANDIT.proxy());
    TensorPolicy policy = TensorPolicy.table(BANDIT.base());
    TablePolicy exact = TablePolicy.of(BANDIT.base());
    for (int step = 0; step < 3; step++) {
      policy.descend(
          logs -> {
            Tensor charge = mul(beta, sub(logs, Tensor.create(policy.reference())));
            Tensor value = sum(mul(logs.exp(), sub(Tensor.create(proxy), charge)));
            return mul(-1.0 / BANDIT.prompts(), value);
          },
          5);
      exact.step(BANDIT.gradient(exact.probabilities(), BANDIT.proxy(), beta), 5);
      equal(exact.probabilities(), policy.probabilities(), 1e-12);
    }
  }

  /** All responses once under an even proposal: the way to the posterior, and rest there. */
  @Test
  void brainOnAllResponsesGoesToTheExactOptimumAndStaysThere() {
    double temperature = 0.5;
    double[][] optimum = BANDIT.optimum(BANDIT.proxy(), temperature);
    TensorPolicy policy = TensorPolicy.table(optimum);
    double[] prior = Arrays.stream(flat(BANDIT.base())).map(Math::log).toArray();
    int n = BANDIT.responses(0);
    policy.descend(
        logs -> {
          Tensor model = Tensor.create(prior).reshape(-1, n);
          return new Brain(temperature, false)
              .loss(
                  logs.reshape(-1, n),
                  model,
                  mul(0, model),
                  Tensor.create(flat(BANDIT.proxy())).reshape(-1, n));
        },
        100);
    equal(optimum, policy.probabilities(), 1e-11);
  }

  @Test
  void theGradientOfRareComparisonsIsThatOfTheObjectives() {
    Random random = new Random(2);
    double[] start = Softmax.of(random.doubles(3, -1, 1).toArray());
    var data =
        List.of(
            new Comparisons.Pair(0, 1, 0),
            new Comparisons.Pair(0, 0, 2),
            new Comparisons.Pair(0, 0, 1));
    double[] labels = {1, 0.6, 0.9};
    double[] logits = Arrays.stream(start).map(Math::log).toArray();
    var places = TensorPolicy.Places.of(data, 3);

    double[] kept = labels.clone();
    double[] byHand =
        new RareComparisons.Loss(0.8, 0.3, 0.9, false).gradient(logits, logits, data, kept);
    TensorPolicy policy = TensorPolicy.table(new double[][] {start});
    var power = new PowerDl(0.8, 0.3, 0.9, PowerDl.Weight.ONE);
    policy.descend(
        logs -> {
          PreferenceBatch batch = places.batch(logs, policy.reference());
          Tensor dynamic = Tensor.create(labels);
          assertArrayEquals(
              kept, dev.goodhart.neural.engine.Ops.doubles(power.follow(batch, dynamic)), 1e-14);
          return power.loss(batch, PairLabels.preferred(batch.chosen()), dynamic);
        },
        1);
    assertArrayEquals(moved(logits, byHand), policy.probabilities()[0], 1e-14);

    double[] reference = {0.1, -0.2, 0.4};
    double[] ones = {1, 1, 1};
    byHand = new RareComparisons.Loss(0.8, 0, 1, true).gradient(logits, reference, data, ones);
    TensorPolicy other = TensorPolicy.table(new double[][] {start});
    other.descend(logs -> mean(new Dpo(0.8).of(places.batch(logs, reference))), 1);
    assertArrayEquals(moved(logits, byHand), other.probabilities()[0], 1e-14);
    assertArrayEquals(new double[] {1, 1, 1}, ones, 0);
  }

  private static double[] moved(double[] logits, double[] gradient) {
    double[] next = logits.clone();
    for (int y = 0; y < next.length; y++) next[y] -= gradient[y];
    return Softmax.of(next);
  }

  @Test
  void theFittedRewardOfABradleyTerryGameIsItsReward() {
    double[] levels = {0.5, -1, 2, 0.3};
    double[][] wins = new double[4][4];
    for (int y = 0; y < 4; y++) {
      for (int other = 0; other < 4; other++) {
        wins[y][other] = 1 / (1 + Math.exp(levels[other] - levels[y]));
      }
    }
    double[] fitted = CyclicPreferences.fitted(new PreferenceGame(wins));
    for (int y = 1; y < 4; y++) {
      assertEquals(levels[y] - levels[0], fitted[y] - fitted[0], 1e-8);
    }
  }

  /** The sum of two LSC rewards tilts by the probability that both properties hold. */
  @Test
  void theOptimumForSummedLscIsConditioningOnBoth() {
    var lsc = new LogSigmoidCentred(0.5, 2);
    double[] reference = {-0.5, 1.5}; // the median is 0.5
    double[] base = BANDIT.base()[0];
    double[] utility = new double[base.length];
    double[] conditioned = new double[base.length];
    double g = 0.4;
    double sum = 0;
    for (int y = 0; y < base.length; y++) {
      double first = BANDIT.proxy()[0][y];
      double second = BANDIT.gold()[0][y];
      utility[y] = lsc.of(first, reference) + lsc.of(second, reference);
      double both = 1 / (1 + Math.exp(0.5 - first)) / (1 + Math.exp(0.5 - second));
      conditioned[y] = base[y] * Math.pow(both, 1 / g);
      sum += conditioned[y];
      assertEquals(1 - Math.exp(lsc.of(first, reference)), lsc.slope(first, reference), 1e-12);
    }
    double all = sum;
    assertArrayEquals(
        Arrays.stream(conditioned).map(p -> p / all).toArray(),
        Tilt.of(base, utility, 1 / g),
        1e-12);
  }

  /** A rest of the gradient on paper: k/N + k/N · (1 − σ(m))/η, and k/N with labels that follow. */
  @Test
  void oneAccidentInFortyOneIsWorthItsShareTimesOnePlusOneOverEta() {
    var figures = RareComparisons.DEFAULT.run(new Seeds(1)).figures();
    double power = figures.get("bad wins, power");

    assertTrue(power > 1 / 41.0 && power < (1 + 1 / 0.5) / 41, "weight " + power);
    assertEquals(1 / 41.0, figures.get("bad wins, power-dl"), 1e-5);
  }

  /** Bradley–Terry labels of which a share e is wrong have their best margin where it is said. */
  @Test
  void wrongLabelsShrinkDposMargin() {
    double e = 0.2;
    double right = 1 / (1 + Math.exp(-3));
    double said = e + (1 - 2 * e) * right;
    double margin = Math.log(said / (1 - said));
    assertEquals(1.2, margin, 0.05); // the table of docs/theory.md
    // at β = 1 the pair is at rest there: said · σ(−h) = (1 − said) · σ(h)
    TensorPolicy policy = TensorPolicy.table(new double[][] {{0.5, 0.5}});
    var places = new TensorPolicy.Places(new long[] {0}, new long[] {1});
    for (int step = 0; step < 300; step++) {
      policy.descend(
          logs -> {
            PreferenceBatch batch = places.batch(logs, policy.reference());
            PairLabels labels = PairLabels.preferred(batch.chosen());
            return new Dpo(1).loss(batch, labels.withProbability(Tensor.create(said)));
          },
          2);
    }
    double[] end = policy.probabilities()[0];
    assertEquals(margin, Math.log(end[0] / end[1]), 1e-6);
  }

  /** With nothing added, the method is its baseline, and its claims cannot hold. */
  @Test
  void aMethodThatIsItsBaselineHoldsNoClaim() {
    noneHolds(
        new LeakingMass(4, 4, 0.2, 0.1, 0, 16),
        "more-gold",
        "less-on-the-unseen",
        "gap-is-the-coverage");
    noneHolds(
        new FlippedLabels(10, List.of(50, 100), 0),
        "nearer-than-dpo",
        "nearer-than-smoothing",
        "worse-with-few",
        "worse-where-gold-is-weak");
    noneHolds(new RareComparisons(0, 1, 500), "good-is-kept", "bad-stays-small");
  }

  private static void noneHolds(Experiment experiment, String... claims) {
    List<Outcome> outcomes = List.of(experiment.run(new Seeds(1)), experiment.run(new Seeds(2)));
    var byName =
        experiment.claims().stream().collect(Collectors.toMap(Claim::name, claim -> claim));
    for (String name : claims) {
      Claim claim = byName.get(name);
      double[] apart =
          outcomes.stream()
              .mapToDouble(o -> o.figures().get(claim.method()) - o.figures().get(claim.baseline()))
              .toArray();
      double difference = (apart[0] + apart[1]) / 2;
      assertTrue(
          claim.verdict(difference, Math.abs(apart[0] - apart[1]) / 2) != Claim.Verdict.HOLDS,
          name + " " + difference);
    }
  }

  private static double[] flat(double[][] table) {
    return Arrays.stream(table).flatMapToDouble(Arrays::stream).toArray();
  }

  private static void equal(double[][] expected, double[][] actual, double within) {
    for (int x = 0; x < expected.length; x++) {
      assertArrayEquals(expected[x], actual[x], within);
    }
  }
}
