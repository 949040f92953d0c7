package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.neural.engine.Ops.sum;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Scope;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PreferenceObjectiveTest {
  private static final double LN3 = Math.log(3);

  /** A pair in plain numbers: log-probabilities, those of the reference, lengths. */
  private record Pair(double w, double l, double refW, double refL, int lenW, int lenL) {
    double h() {
      return w - refW - (l - refL);
    }
  }

  /** The papers' formulas as they stand there, for one pair of moderate numbers. */
  private interface Paper {
    double of(Pair pair);
  }

  private record Case(PreferenceObjective objective, Paper paper) {
    @Override
    public String toString() {
      return objective.toString();
    }
  }

  static final List<Case> CASES =
      List.of(
          new Case(new Dpo(0.3), x -> -Math.log(sigmoid(0.3 * x.h()))),
          new Case(
              new ConservativeDpo(0.3, 0.2),
              x ->
                  -0.8 * Math.log(sigmoid(0.3 * x.h())) - 0.2 * Math.log(1 - sigmoid(0.3 * x.h()))),
          new Case(
              new RobustDpo(0.3, 0.2),
              x ->
                  (-0.8 * Math.log(sigmoid(0.3 * x.h())) + 0.2 * Math.log(1 - sigmoid(0.3 * x.h())))
                      / 0.6),
          new Case(new Ipo(0.25, false), x -> (x.h() - 2) * (x.h() - 2)),
          new Case(
              new Ipo(0.25, true),
              x -> Math.pow((x.w - x.refW) / x.lenW - (x.l - x.refL) / x.lenL - 1 / (2 * 0.25), 2)),
          new Case(
              new SimPo(2, 0.5),
              x -> -Math.log(sigmoid(2 * x.w / x.lenW - 2 * x.l / x.lenL - 0.5))),
          new Case(
              new Orpo(0.7),
              x -> {
                double p = Math.exp(x.w / x.lenW);
                double q = Math.exp(x.l / x.lenL);
                return -Math.log(p)
                    - 0.7 * Math.log(sigmoid(Math.log(p / (1 - p) / (q / (1 - q)))));
              }),
          new Case(new Slic(1.5, 0.2), x -> Math.max(0, 1.5 - x.w + x.l) - 0.2 * x.w),
          new Case(
              new Exo(0.3, 0.05),
              x -> {
                double q = sigmoid(0.3 * x.h());
                return q * Math.log(q / 0.95) + (1 - q) * Math.log((1 - q) / 0.05);
              }),
          new Case(
              new Rpo(new Dpo(0.3), 0.5, Rpo.Reduction.MEAN),
              x -> -Math.log(sigmoid(0.3 * x.h())) - 0.5 * x.w / x.lenW),
          new Case(
              new Rpo(new Dpo(0.3), 0.5, Rpo.Reduction.SUM),
              x -> -Math.log(sigmoid(0.3 * x.h())) - 0.5 * x.w),
          new Case(new DirectNash(0.3, 0.5), x -> -Math.log(sigmoid(0.3 * x.h()))),
          new Case(
              new PowerDl(0.3, 0.5, 0.9, PowerDl.Weight.ONE),
              x -> -Math.log(sigmoid(0.3 * (x.w - x.l))) - 0.5 * 0.3 * x.w),
          new Case(
              new PowerDl(0.7, 0.5, 0.9, PowerDl.Weight.INVERSE_LENGTH),
              x ->
                  -Math.log(sigmoid(0.7 * ((x.w + 1) / x.lenW - (x.l + 1) / x.lenL)))
                      - 0.5 * 0.7 * x.w / x.lenW));

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.training();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Pair pair(Random random) {
    int lenW = random.nextInt(1, 9);
    int lenL = random.nextInt(1, 9);
    return new Pair(
        random.nextDouble(-4, -0.2) * lenW,
        random.nextDouble(-4, -0.2) * lenL,
        random.nextDouble(-4, -0.2) * lenW,
        random.nextDouble(-4, -0.2) * lenL,
        lenW,
        lenL);
  }

  private static PreferenceBatch batch(Tensor w, Tensor l, Pair x) {
    return new PreferenceBatch(
        w, l, vector(x.refW), vector(x.refL), vector(x.lenW), vector(x.lenL));
  }

  private static PreferenceBatch batch(Pair x) {
    return batch(vector(x.w), vector(x.l), x);
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void costsWhatThePapersFormulaSays(Case c) {
    Random random = new Random(5);
    for (int i = 0; i < 50; i++) {
      Pair x = pair(random);
      assertEquals(c.paper.of(x), item(sum(c.objective.of(batch(x)))), 1e-11, x.toString());
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void gradientsAgreeWithFiniteDifferences(Case c) {
    Random random = new Random(6);
    for (int i = 0; i < 5; i++) {
      Pair x = pair(random);
      Gradients.agree(
          t -> sum(c.objective.of(batch(t.get(0), t.get(1), x))),
          new double[][] {{x.w}},
          new double[][] {{x.l}});
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void aLabelTurnedRoundIsThePairTurnedRound(Case c) {
    Pair x = pair(new Random(7));
    PairLabels labels = PairLabels.preferred(vector(0));
    double first = item(c.objective.loss(batch(x), labels.withProbability(vector(0.3))));
    double second = item(c.objective.loss(batch(x).turned(), labels.withProbability(vector(0.7))));

    assertEquals(first, second, 1e-12);
    assertEquals(
        0.3 * item(sum(c.objective.of(batch(x))))
            + 0.7 * item(sum(c.objective.of(batch(x).turned()))),
        first,
        1e-12);
    assertEquals(
        -item(sum(c.objective.lead(batch(x)))),
        item(sum(c.objective.lead(batch(x).turned()))),
        1e-12);
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void hopelessPairsCostFiniteAmountsIn32Bits(Case c) {
    for (double[] ends : new double[][] {{-20000, -0.001}, {0, -20000}, {0, 0}, {-1e-9, -1e-8}}) {
      Tensor w = floats(ends[0]).set_requires_grad(true);
      Tensor l = floats(ends[1]).set_requires_grad(true);
      Tensor cost =
          sum(
              c.objective.of(
                  new PreferenceBatch(w, l, floats(-9), floats(-9), floats(3), floats(2))));
      cost.backward();

      assertTrue(Double.isFinite(item(cost)), "costs " + item(cost));
      assertTrue(Double.isFinite(item(w.grad())), "slope " + item(w.grad()));
      assertTrue(Double.isFinite(item(l.grad())), "slope " + item(l.grad()));
    }
  }

  private static Tensor floats(double value) {
    return Tensor.create((float) value);
  }

  @Test
  void aPairOfThreeToOneOddsCostsLogFourThirds() {
    // β · h = 0.5 · 2 ln 3: σ = 3/4. A pair weighs as its label says; the second has no part.
    PreferenceBatch pairs =
        new PreferenceBatch(
            vector(-1 + 2 * LN3, -5),
            vector(-1, -1),
            vector(-2, -1),
            vector(-2, -1),
            vector(1, 1),
            vector(1, 1));
    PairLabels labels = PairLabels.preferred(pairs.chosen()).withWeight(vector(2, 0));

    assertEquals(Math.log(4.0 / 3), item(new Dpo(0.5).loss(pairs, labels)), 1e-14);
    assertEquals(
        0.9 * Math.log(4.0 / 3) + 0.1 * Math.log(4),
        item(new ConservativeDpo(0.5, 0.1).loss(pairs, labels)),
        1e-14);
    assertEquals(
        (0.9 * Math.log(4.0 / 3) - 0.1 * Math.log(4)) / 0.8,
        item(new RobustDpo(0.5, 0.1).loss(pairs, labels)),
        1e-14);
  }

  @Test
  void atTheReferenceDpoCostsLog2AndPullsByHalfOfBeta() {
    Tensor w = vector(-3).set_requires_grad(true);
    Tensor l = vector(-4).set_requires_grad(true);
    Tensor cost = sum(new Dpo(0.2).of(batch(w, l, new Pair(-3, -4, -3, -4, 2, 2))));
    cost.backward();

    assertEquals(Math.log(2), item(cost), 1e-15);
    assertEquals(-0.1, item(w.grad()), 1e-15);
    assertEquals(0.1, item(l.grad()), 1e-15);
  }

  @Test
  void forSmallBetaAllOfDposKindAreLinearInTheMargin() {
    // −log σ(βh) = ln 2 − βh/2 + O(β²): what β → 0 leaves.
    Pair x = pair(new Random(8));
    double beta = 1e-6;
    double slope = (item(sum(new Dpo(beta).of(batch(x)))) - Math.log(2)) / beta;
    double robust = (item(sum(new RobustDpo(beta, 0.3).of(batch(x)))) - Math.log(2)) / beta;
    double smooth = (item(sum(new ConservativeDpo(beta, 0.3).of(batch(x)))) - Math.log(2)) / beta;

    assertEquals(-x.h() / 2, slope, 1e-4);
    assertEquals(-x.h() / 2 / 0.4, robust, 1e-4);
    assertEquals(-x.h() / 2 * 0.4, smooth, 1e-4);
  }

  @Test
  void withoutWrongLabelsTheRobustAndTheConservativeAreDpo() {
    Pair x = pair(new Random(9));
    double dpo = item(sum(new Dpo(0.3).of(batch(x))));

    assertEquals(dpo, item(sum(new RobustDpo(0.3, 0).of(batch(x)))), 1e-15);
    assertEquals(dpo, item(sum(new ConservativeDpo(0.3, 0).of(batch(x)))), 1e-15);
  }

  @Test
  void theRobustCostOverFlippedLabelsIsDposOverTrueOnes() {
    Pair x = pair(new Random(10));
    RobustDpo robust = new RobustDpo(0.3, 0.2);
    double mean =
        0.8 * item(sum(robust.of(batch(x)))) + 0.2 * item(sum(robust.of(batch(x).turned())));

    assertEquals(item(sum(new Dpo(0.3).of(batch(x)))), mean, 1e-14);
  }

  @Test
  void eachIsAtItsBestWhereItsFormulaSays() {
    // h = ln(0.8/0.2)/β for cDPO and EXO, 1/(2β) for IPO.
    double clear = Math.log(4) / 0.3;
    assertFlat(new ConservativeDpo(0.3, 0.2), clear);
    assertFlat(new Exo(0.3, 0.2), clear);
    assertFlat(new Ipo(0.3, false), 1 / 0.6);
    assertEquals(0, item(sum(new Exo(0.3, 0.2).of(batch(new Pair(clear, 0, 0, 0, 1, 1))))), 1e-15);
  }

  private static void assertFlat(PreferenceObjective objective, double h) {
    Tensor w = vector(h).set_requires_grad(true);
    sum(objective.of(batch(w, vector(0), new Pair(h, 0, 0, 0, 1, 1)))).backward();
    assertEquals(0, item(w.grad()), 1e-15, objective.toString());
  }

  @Test
  void logOddsKeepTheirDigitsAtBothEnds() {
    // log(P/(1−P)): P = 1/2 is even; near P = 1 it is −log(1 − P), near 0 it is log P.
    double[] odds = doubles(Orpo.logOdds(vector(-Math.log(2), Math.log1p(-1e-5), -800, -1e-9, 0)));

    assertEquals(0, odds[0], 1e-15);
    assertEquals(Math.log1p(-1e-5) - Math.log(1e-5), odds[1], 1e-11);
    assertEquals(-800, odds[2], 0);
    // Bounded where P is 1 within a millionth.
    assertEquals(Math.log(1e6), odds[3], 2e-6);
    assertEquals(odds[3], odds[4], 0);
  }

  @Test
  void simPoDoesNotPayForLength() {
    // Twice as long at the same mean: the cost is the same.
    PreferenceObjective simPo = new SimPo(2, 0.5);
    double once = item(sum(simPo.of(batch(new Pair(-4, -6, 0, 0, 2, 3)))));
    double twice = item(sum(simPo.of(batch(new Pair(-8, -6, 0, 0, 4, 3)))));

    assertEquals(once, twice, 1e-15);
  }

  @Test
  void ktoValuesGainsAndLossesFromItsZero() {
    // z0 = 1, β = ln 3: r = 2 is a gain of one, 0 a loss of one: σ(∓ln 3) = 1/4, 3/4.
    Kto kto = new Kto(LN3, 2, 3);
    Tensor r = vector(2, 2, 0, 0);
    Tensor good = vector(1, 0, 1, 0);
    Tensor zero = Kto.zero(vector(0.5, 1.5));

    assertEquals(
        (2 * 0.25 + 3 * 0.75 + 2 * 0.75 + 3 * 0.25) / 4,
        item(kto.loss(r, good, vector(1, 1, 1, 1), zero)),
        1e-14);
    assertEquals(2 * 0.75, item(kto.loss(r, good, vector(0, 0, 5, 0), zero)), 1e-14);
    assertEquals(0, item(Kto.zero(vector(-3, 1))), "a divergence is never below 0");
  }

  @Test
  void ktosGradientsAgreeAndItsZeroIsHeldFixed() {
    Gradients.agree(
        t ->
            new Kto(0.4, 2, 3)
                .loss(t.get(0), vector(1, 0, 0.3), vector(1, 2, 0.5), Kto.zero(vector(1.2))),
        new double[][] {{0.3, -1, 4}});
    Tensor ratios = vector(1.5).set_requires_grad(true);
    assertTrue(!Kto.zero(ratios).requires_grad());
  }

  @Test
  void fineTuningCostsTheMeanOfTheTokensThatCount() {
    Tensor logProbs = vector(-1, -2, Double.NEGATIVE_INFINITY, -6).set_requires_grad(true);
    Tensor cost = new Sft().loss(logProbs, vector(1, 1, 0, 2));
    cost.backward();

    assertEquals(15.0 / 4, item(cost), 1e-15);
    assertArrayEquals(new double[] {-0.25, -0.25, 0, -0.5}, doubles(logProbs.grad()), 1e-15);
  }

  @Test
  void floatsStayFloats() {
    Tensor x = floats(-1);
    Tensor cost = new Orpo(0.1).of(new PreferenceBatch(x, x, null, null, x, x));
    assertEquals(ScalarType.Float, cost.scalar_type().intern());
  }

  @Test
  void whatIsMissingOrMeansNothingIsNamed() {
    PreferenceBatch bare =
        new PreferenceBatch(vector(-1), vector(-2), null, null, vector(1), vector(1));
    assertTrue(
        assertThrows(IllegalStateException.class, () -> new Dpo(0.1).of(bare))
            .getMessage()
            .contains("reference"));
    assertTrue(Double.isFinite(item(sum(new SimPo(2, 1).of(bare)))));
    for (Runnable wrong :
        List.<Runnable>of(
            () -> new Dpo(0),
            () -> new Ipo(-1, false),
            () -> new SimPo(Double.NaN, 1),
            () -> new Kto(0, 1, 1),
            () -> new Exo(0, 0.1))) {
      var e = assertThrows(IllegalArgumentException.class, wrong::run);
      assertTrue(e.getMessage().startsWith("beta "), e.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> new ConservativeDpo(0.1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new RobustDpo(0.1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new Exo(0.1, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PreferenceBatch(vector(-1), vector(-2, 1), null, null, vector(1), vector(1)));
  }
}
