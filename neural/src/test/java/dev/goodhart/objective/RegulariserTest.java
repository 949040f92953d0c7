package dev.goodhart.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.objective.ChiSquared.Form;
import dev.goodhart.objective.ChiSquared.On;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegulariserTest {
  private static final double[] POLICY = Chain.logits(1);
  private static final double[] REFERENCE = Chain.logits(2);
  private static final double[] OLDER = Chain.logits(3);
  private static final double LN2 = Math.log(2);

  // What one token says.

  @Test
  void theEstimatesOfATokenTwiceAndHalfAsLikely() {
    // l = ln 2: k3 = ½ − 1 + ln 2; l = −ln 2: k3 = 2 − 1 − ln 2.
    double[] now = {-1 + LN2, -1 - LN2, -1};
    double[] reference = {-1, -1, -1};

    assertArrayEquals(new double[] {LN2, -LN2, 0}, KlEstimator.K1.of(now, reference), 1e-15);
    assertArrayEquals(
        new double[] {LN2 * LN2 / 2, LN2 * LN2 / 2, 0}, KlEstimator.K2.of(now, reference), 1e-15);
    assertArrayEquals(
        new double[] {LN2 - 0.5, 1 - LN2, 0}, KlEstimator.K3.of(now, reference), 1e-15);
  }

  @ParameterizedTest
  @EnumSource
  void tensorsAndNumbersSayTheSame(KlEstimator estimator) {
    double[] now = {-0.3, -4, -1, 0, -700};
    double[] reference = {-2.3, -0.1, -1, -900, 0};
    try (Scope scope = Scope.inference()) {
      assertArrayEquals(
          estimator.of(now, reference),
          Ops.doubles(estimator.of(Tensor.create(now), Tensor.create(reference))),
          1e-4,
          "in 64 bits, of numbers up to 10^11");
    }
  }

  // Whose gradient is whose, in the mean.

  @Test
  void k1InTheLossDoesNothing() {
    assertArrayEquals(
        new double[Chain.LOGITS], gradient(new KlPenalty(1, KlEstimator.K1, false)), 1e-16);
  }

  @Test
  void k2InTheLossPullsByTheDivergenceFromTheReference() {
    assertArrayEquals(
        positions(POLICY, (p, r) -> p * Math.log(p / r)),
        gradient(new KlPenalty(1, KlEstimator.K2, false)),
        1e-9);
  }

  @Test
  void k3InTheLossPullsByTheDivergenceOfTheReference() {
    assertArrayEquals(
        positions(POLICY, (p, r) -> r * Math.log(r / p)),
        gradient(new KlPenalty(1, KlEstimator.K3, false)),
        1e-9);
  }

  @ParameterizedTest
  @EnumSource(names = {"K1", "K3"})
  void withImportanceWeightsTokensOfAnOlderPolicyDoAsWell(KlEstimator estimator) {
    // Tokens' own weights do not correct how often the older policy comes to a state.
    assertArrayEquals(
        positions(OLDER, (p, r) -> p * Math.log(p / r)),
        Chain.gradient(new KlPenalty(1, estimator, true), POLICY, OLDER, REFERENCE),
        1e-9);
  }

  @Test
  void takenOffTheRewardK1PullsByTheDivergenceAndK3DoesNot() {
    Term kl = (p, r) -> p * Math.log(p / r);
    Term both = (p, r) -> p * Math.log(p / r) - r * Math.log(r / p);

    assertArrayEquals(positions(POLICY, kl), gradient(inReward(KlEstimator.K1)), 1e-9);
    assertArrayEquals(positions(POLICY, both), gradient(inReward(KlEstimator.K3)), 1e-9);
  }

  /** The policy gradient of the estimate as a token's own penalty. */
  private static Regulariser inReward(KlEstimator estimator) {
    return batch ->
        TokenLoss.of(Ops.mul(estimator.of(batch.now(), batch.toReference()).detach(), batch.now()));
  }

  private interface Term {
    double of(double p, double reference);
  }

  /**
   * The derivative of half the sum over both positions of Σ term, where states of the second are
   * met as often as some policy meets them.
   */
  private static double[] positions(double[] visits, Term term) {
    return Chain.derivative(
        logits -> {
          double sum = 0;
          for (int a = 0; a < Chain.TOKENS; a++) {
            sum += term.of(Chain.p(logits, a, -1), Chain.p(REFERENCE, a, -1));
            for (int b = 0; b < Chain.TOKENS; b++) {
              double p = Chain.p(logits, a, b) / Chain.p(logits, a, -1);
              double r = Chain.p(REFERENCE, a, b) / Chain.p(REFERENCE, a, -1);
              sum += Chain.p(visits, a, -1) * term.of(p, r);
            }
          }
          return sum / 2;
        },
        POLICY);
  }

  private static double[] gradient(Regulariser regulariser) {
    return Chain.gradient(regulariser, POLICY, REFERENCE);
  }

  // χ².

  @Test
  void chiSquaredOfResponsesPullsByTheDivergenceOfResponses() {
    assertArrayEquals(
        Chain.derivative(RegulariserTest::ofResponses, POLICY),
        gradient(new ChiSquared(1, On.RESPONSE, false, Form.EXACT, 10, 1e-4)),
        1e-8);
  }

  @Test
  void itsRootPullsByTheRoot() {
    assertArrayEquals(
        Chain.derivative(l -> 0.3 * Math.sqrt(ofResponses(l)), POLICY),
        gradient(new ChiSquared(0.3, On.RESPONSE, true, Form.EXACT, 10, 1e-4)),
        1e-8);
  }

  @Test
  void chiSquaredOfTheOccupancyIsThatOfEveryPrefix() {
    ToDoubleFunction<double[]> closed = l -> (ofFirst(l) + ofResponses(l)) / 2;
    assertArrayEquals(
        Chain.derivative(closed, POLICY),
        gradient(new ChiSquared(1, On.OCCUPANCY, false, Form.EXACT, 10, 1e-4)),
        1e-8);
    assertArrayEquals(
        Chain.derivative(l -> Math.sqrt(closed.applyAsDouble(l)), POLICY),
        gradient(new ChiSquared(1, On.OCCUPANCY, true, Form.EXACT, 10, 1e-4)),
        1e-8);
  }

  @Test
  void chiSquaredOfTokensForgetsHowThePolicyCameThere() {
    assertArrayEquals(
        positions(POLICY, (p, r) -> p * (p / r - 1)),
        gradient(new ChiSquared(1, On.TOKEN, false, Form.EXACT, 10, 1e-4)),
        1e-8);
  }

  @Test
  void theSymmetricFormPullsByHalfOfChiSquaredAndByTheDivergenceOfTheReference() {
    ToDoubleFunction<double[]> closed =
        l -> {
          double kl = 0;
          for (int i = 0; i < Chain.TOKENS * Chain.TOKENS; i++) {
            double r = Chain.p(REFERENCE, i / Chain.TOKENS, i % Chain.TOKENS);
            kl += r * Math.log(r / Chain.p(l, i / Chain.TOKENS, i % Chain.TOKENS));
          }
          return ofResponses(l) / 2 + kl;
        };
    assertArrayEquals(
        Chain.derivative(closed, POLICY),
        gradient(new ChiSquared(1, On.RESPONSE, false, Form.SYMMETRIC, 10, 1e-4)),
        1e-8);
  }

  @Test
  void whatIsReportedIsTheDivergence() {
    double[] weights = Chain.weights(POLICY);
    Batches batch =
        Batches.of(Chain.logProbs(POLICY), Chain.logProbs(POLICY), new double[18])
            .withReference(Chain.logProbs(REFERENCE))
            .withWeight(weights)
            .withLengths(2, 2, 2, 2, 2, 2, 2, 2, 2);
    double[] rises =
        batch
            .of(new ChiSquared(1, On.RESPONSE, true, Form.EXACT, 10, 1e-4)::of)
            .also("chi-squared");
    double mean = 0;
    for (int i = 0; i < rises.length; i++) mean += weights[i] * rises[i];
    assertEquals(ofResponses(POLICY), mean, 1e-14);
  }

  private static double ofResponses(double[] logits) {
    double sum = -1;
    for (int i = 0; i < Chain.TOKENS * Chain.TOKENS; i++) {
      double p = Chain.p(logits, i / Chain.TOKENS, i % Chain.TOKENS);
      sum += p * p / Chain.p(REFERENCE, i / Chain.TOKENS, i % Chain.TOKENS);
    }
    return sum;
  }

  private static double ofFirst(double[] logits) {
    double sum = -1;
    for (int a = 0; a < Chain.TOKENS; a++) {
      double p = Chain.p(logits, a, -1);
      sum += p * p / Chain.p(REFERENCE, a, -1);
    }
    return sum;
  }

  /** The same gradient by the other road: each response is charged, held fixed. */
  @Test
  void chargedInTheRewardItPullsTheSame() {
    for (boolean root : new boolean[] {false, true}) {
      ChiSquared chi = new ChiSquared(0.7, On.RESPONSE, root, Form.EXACT, 10, 1e-4);
      double divergence = ofResponses(POLICY);
      Regulariser charged =
          batch -> {
            Tensor l =
                batch.atTokens(batch.sumByResponse(Ops.sub(batch.now(), batch.toReference())));
            double[] charges = Ops.doubles(l);
            for (int t = 0; t < charges.length; t++) {
              // The weights share a response's charge among its two tokens.
              charges[t] = 2 * chi.inReward(charges[t], divergence);
            }
            return TokenLoss.of(Ops.mul(Ops.like(batch.now(), charges), batch.now()));
          };
      assertArrayEquals(gradient(chi), gradient(charged), 1e-12);
    }
  }

  @Test
  void theRootIsFlatBelowItsFloorAndExponentialsEndAsTangents() {
    Batches near = Batches.of(new double[] {-1}, new double[] {-1}, new double[1]);
    var flat =
        near.withReference(-1.00001)
            .of(new ChiSquared(1, On.TOKEN, true, Form.EXACT, 10, 1e-4)::of);
    var far =
        near.withReference(-13).of(new ChiSquared(1, On.TOKEN, false, Form.EXACT, 10, 1e-4)::of);

    assertArrayEquals(new double[1], flat.gradient());
    // l = 12: exp goes on from e^10 with that slope; 2 · (e^10 · 3 − 1 − 12).
    assertEquals(2 * (3 * Math.exp(10) - 13), far.cost()[0], 1e-9);
    assertEquals(2 * (Math.exp(10) - 1), far.gradient()[0], 1e-9);
  }

  // Entropy and covariance.

  @Test
  void entropyIsPaidForByToken() {
    Batches batch =
        Batches.of(new double[] {-1, -2}, new double[] {-1, -2}, new double[2])
            .withEntropy(0.5, 1.5);

    assertArrayEquals(
        new double[] {-0.05, -0.15}, batch.of(new EntropyBonus(0.1)::of).cost(), 1e-15);
    assertTrue(new EntropyBonus(0.1).entropy());
  }

  @Test
  void klCovHoldsTheTokensOfLargestCovariance() {
    // Means −2 and 0: cov = 3, 0, 1, 0, 0 … the first is the largest; now − old = 0.5.
    double[] now = {-1, -2, -3, -2, -2};
    double[] old = {-1.5, -2, -3.5, -2, -2};
    Batches batch = Batches.of(now, old, new double[] {3, 0, -1, -1, -1});

    var outcome = batch.of(new KlCov(0.2, 2)::of);

    assertArrayEquals(new double[] {3, 0, 1, 0, 0}, outcome.also("cov"), 1e-15);
    assertArrayEquals(new double[] {1, 0, 0, 0, 0}, outcome.cost(), 1e-15);
    assertArrayEquals(new double[] {2, 0, 0, 0, 0}, outcome.gradient(), 1e-15);
  }

  @Test
  void aReferenceThatNobodyComputedIsMissedByName() {
    try (Scope scope = Scope.inference()) {
      Tensor now = Tensor.create(-1.0);
      TokenBatch batch = new TokenBatch(now, now, null, null, now, now, new int[] {1});
      var e =
          assertThrows(
              IllegalStateException.class, () -> new KlPenalty(1, KlEstimator.K2, false).of(batch));
      assertTrue(e.getMessage().contains("reference"), e.getMessage());
      assertTrue(new KlPenalty(1, KlEstimator.K2, false).reference());
    }
  }
}
