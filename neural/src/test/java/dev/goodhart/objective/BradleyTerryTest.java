package dev.goodhart.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Scope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BradleyTerryTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.training();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void threeToOneOddsCostLogFourThirds() {
    // σ(ln 3) = 3/4.
    assertEquals(Math.log(4.0 / 3), plain(0, 0, Math.log(3), 0), 1e-12);
  }

  @Test
  void aMarginIsTakenOffTheDifference() {
    // ln 3 asked for and ln 3 given leaves even odds.
    assertEquals(Math.log(2), plain(Math.log(3), 0, Math.log(3), 0), 1e-12);
  }

  @Test
  void aMarginGrowsWithTheStrengthOfThePair() {
    var loss = new BradleyTerry(0.5, 0, 0);
    Tensor chosen = tensor(Math.log(3), 2);
    Tensor cost =
        loss.loss(
            chosen,
            tensor(0, 0),
            PairLabels.preferred(chosen).withStrength(tensor(2 * Math.log(3), 4)));

    assertEquals(Math.log(2), cost.item_double(), 1e-12);
  }

  @Test
  void aTenthOfTheLabelsMayBeWrong() {
    // 0.9 · ln(4/3) + 0.1 · ln 4
    assertEquals(0.9 * Math.log(4.0 / 3) + 0.1 * Math.log(4), plain(0, 0.1, Math.log(3), 0), 1e-12);
  }

  @Test
  void theBatchIsAveraged() {
    assertEquals(
        (Math.log(4.0 / 3) + Math.log(4) + Math.log(2)) / 3,
        new BradleyTerry(0, 0, 0)
            .loss(tensor(Math.log(3), 0, 5), tensor(0, Math.log(3), 5))
            .item_double(),
        1e-12);
  }

  @Test
  void aHopelessPairCostsItsDifferenceAndNotInfinity() {
    Tensor chosen = tensor(-2000).set_requires_grad(true);
    Tensor cost = new BradleyTerry(0, 0, 0).loss(chosen, tensor(0));
    cost.backward();

    assertEquals(2000, cost.item_double(), 1e-9);
    assertEquals(-1, chosen.grad().item_double(), 1e-12);
  }

  @Test
  void aTieTrainsATieAndAProbabilityAProbability() {
    // The gradient vanishes where the model says what the label says: σ(ln 4) = 0.8, σ(0) = 0.5.
    Tensor chosen = tensor(Math.log(4), 1.5).set_requires_grad(true);
    PairLabels labels =
        PairLabels.of(chosen, new double[] {0.8, 0.5}, new double[] {1, 1}, new double[] {1, 1});
    new BradleyTerry(0, 0, 0).loss(chosen, tensor(0, 1.5), labels).backward();

    assertEquals(0, chosen.grad().data_ptr_double().get(0), 1e-16);
    assertEquals(0, chosen.grad().data_ptr_double().get(1), 1e-16);
  }

  @Test
  void aTieAsksForNoMargin() {
    assertEquals(
        Math.log(2),
        new BradleyTerry(3, 0, 0)
            .loss(
                tensor(1),
                tensor(1),
                PairLabels.of(tensor(0), new double[] {0.5}, new double[] {2}, new double[] {1}))
            .item_double(),
        1e-15);
  }

  @Test
  void theSecondBetterIsTheFirstBetterTurnedRound() {
    var loss = new BradleyTerry(0.7, 0.1, 0.02);
    Tensor strength = tensor(2);

    double first =
        loss.loss(tensor(0.3), tensor(1.1), PairLabels.preferred(tensor(0)).withStrength(strength))
            .item_double();
    PairLabels turned = PairLabels.preferred(tensor(0)).withStrength(strength);
    double second =
        loss.loss(tensor(1.1), tensor(0.3), turned.withProbability(tensor(0))).item_double();

    assertEquals(first, second, 1e-15);
  }

  @Test
  void centringCostsTheSquareOfTheSum() {
    // ln 2 + 0.01 · (3 + 3)²
    assertEquals(
        Math.log(2) + 0.36,
        new BradleyTerry(0, 0, 0.01).loss(tensor(3), tensor(3)).item_double(),
        1e-15);
  }

  /** Numbers of PyTorch in Python: binary_cross_entropy_with_logits, in 64 bits. */
  @Test
  void softLabelsAndCentringCostWhatPyTorchSays() {
    Tensor chosen = tensor(1.2, -0.4, 0, 3.5);
    Tensor rejected = tensor(0.1, 0.9, -2, 3.4);
    PairLabels labels = PairLabels.preferred(chosen).withProbability(tensor(1, 0.25, 0.9, 0.5));

    assertEquals(
        0.46866711251624155,
        new BradleyTerry(0, 0, 0).loss(chosen, rejected, labels).item_double(),
        1e-15);
    assertEquals(
        0.6025421125162416,
        new BradleyTerry(0, 0, 0.01).loss(chosen, rejected, labels).item_double(),
        1e-15);
  }

  @Test
  void shapesThatDifferAreNamed() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new BradleyTerry(0, 0, 0).loss(tensor(1, 2), tensor(1)));

    assertEquals("rejected has shape [1], chosen has [2]", e.getMessage());
  }

  @Test
  void halfOfTheLabelsWrongTeachesNothing() {
    var e = assertThrows(IllegalArgumentException.class, () -> new BradleyTerry(0, 0.5, 0));

    assertTrue(e.getMessage().contains("label-smoothing"), e.getMessage());
  }

  private static double plain(double margin, double smoothing, double chosen, double rejected) {
    return new BradleyTerry(margin, smoothing, 0)
        .loss(tensor(chosen), tensor(rejected))
        .item_double();
  }

  private static Tensor tensor(double... values) {
    return Tensor.create(values);
  }
}
