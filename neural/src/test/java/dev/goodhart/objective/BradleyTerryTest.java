package dev.goodhart.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Torch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BradleyTerryTest {
  private PointerScope scope;

  @BeforeAll
  static void loadTorch() {
    Torch.load();
  }

  @BeforeEach
  void open() {
    scope = new PointerScope();
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
    var loss = new BradleyTerry(0.5, 0);
    Tensor cost = loss.loss(tensor(Math.log(3), 2), tensor(0, 0), tensor(2 * Math.log(3), 4));

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
        new BradleyTerry(0, 0)
            .loss(tensor(Math.log(3), 0, 5), tensor(0, Math.log(3), 5))
            .item_double(),
        1e-12);
  }

  @Test
  void aHopelessPairCostsItsDifferenceAndNotInfinity() {
    Tensor chosen = tensor(-2000).set_requires_grad(true);
    Tensor cost = new BradleyTerry(0, 0).loss(chosen, tensor(0));
    cost.backward();

    assertEquals(2000, cost.item_double(), 1e-9);
    assertEquals(-1, chosen.grad().item_double(), 1e-12);
  }

  @Test
  void gradientsAgreeWithFiniteDifferences() {
    var loss = new BradleyTerry(0.3, 0.05);
    double[] chosen = {1.2, -0.4, 0.0, 3.5};
    double[] rejected = {0.1, 0.9, -2.0, 3.4};
    double[] strength = {1, 2, 0, 3};
    Tensor c = tensor(chosen).set_requires_grad(true);
    Tensor r = tensor(rejected).set_requires_grad(true);
    loss.loss(c, r, tensor(strength)).backward();

    double h = 1e-5;
    for (int i = 0; i < chosen.length; i++) {
      assertEquals(
          (at(loss, bumped(chosen, i, h), rejected, strength)
                  - at(loss, bumped(chosen, i, -h), rejected, strength))
              / (2 * h),
          c.grad().data_ptr_double().get(i),
          1e-9);
      assertEquals(
          (at(loss, chosen, bumped(rejected, i, h), strength)
                  - at(loss, chosen, bumped(rejected, i, -h), strength))
              / (2 * h),
          r.grad().data_ptr_double().get(i),
          1e-9);
    }
  }

  @Test
  void shapesThatDifferAreNamed() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new BradleyTerry(0, 0).loss(tensor(1, 2), tensor(1)));

    assertEquals("rejected has shape [1], chosen has [2]", e.getMessage());
  }

  @Test
  void halfOfTheLabelsWrongTeachesNothing() {
    var e = assertThrows(IllegalArgumentException.class, () -> new BradleyTerry(0, 0.5));

    assertTrue(e.getMessage().contains("label-smoothing"), e.getMessage());
  }

  private static double plain(double margin, double smoothing, double chosen, double rejected) {
    return new BradleyTerry(margin, smoothing).loss(tensor(chosen), tensor(rejected)).item_double();
  }

  private static double at(BradleyTerry loss, double[] chosen, double[] rejected, double[] s) {
    return loss.loss(tensor(chosen), tensor(rejected), tensor(s)).item_double();
  }

  private static double[] bumped(double[] values, int i, double by) {
    double[] copy = values.clone();
    copy[i] += by;
    return copy;
  }

  private static Tensor tensor(double... values) {
    return Tensor.create(values);
  }
}
