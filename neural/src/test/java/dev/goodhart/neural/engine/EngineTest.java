package dev.goodhart.neural.engine;

import static dev.goodhart.neural.engine.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class EngineTest {
  @Test
  void whatWasKeptOutlivesItsScope() {
    Tensor kept;
    Tensor lost;
    try (Scope scope = Scope.inference()) {
      lost = Tensor.create(1.0, 2.0);
      kept = scope.keep(mul(lost, 3));
    }

    assertArrayEquals(new double[] {3, 6}, doubles(kept));
    assertTrue(lost.isNull());
    kept.close();
  }

  @Test
  void onlyATrainingScopeRecordsGradients() {
    try (Scope outer = Scope.training()) {
      Tensor x = Tensor.create(2.0).set_requires_grad(true);
      try (Scope inner = Scope.inference()) {
        assertFalse(square(x).requires_grad());
      }
      square(x).backward();
      assertArrayEquals(new double[] {4}, doubles(x.grad()));
    }
  }

  @Test
  void softplusKeepsItsTails() {
    try (Scope scope = Scope.inference()) {
      double[] at = doubles(softplus(Tensor.create(-50.0, 0.0, 30.0, 1000.0)));

      assertEquals(Math.exp(-50), at[0], 1e-30);
      assertEquals(Math.log(2), at[1], 1e-15);
      assertEquals(30 + Math.exp(-30), at[2], 1e-14);
      assertEquals(1000, at[3], 0);
    }
  }

  @Test
  void oneElementOfEachRowIsPicked() {
    try (Scope scope = Scope.inference()) {
      Tensor table = Tensor.create(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);

      assertArrayEquals(new double[] {3, 4}, doubles(pick(table, Tensor.create(2L, 0L))));
      assertArrayEquals(
          new double[] {4, 5, 6, 1, 2, 3}, doubles(rows(table, Tensor.create(1L, 0L))));
      assertArrayEquals(
          new double[] {1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6},
          doubles(cat(0, List.of(table, table))));
    }
  }

  @Test
  void theRootMeanSquareOfThreeAndFour() {
    try (Scope scope = Scope.inference()) {
      // sqrt((9 + 16) / 2) = 5 / sqrt(2)
      Tensor normed = rmsNorm(Tensor.create(3.0, 4.0), Tensor.create(1.0, 10.0), 0);

      double[] expected = {3 * Math.sqrt(2) / 5, 40 * Math.sqrt(2) / 5};
      assertArrayEquals(expected, doubles(normed), 1e-14);
    }
  }

  @Test
  void headsThatShareKeysSeeTheSame() {
    try (Scope scope = Scope.inference()) {
      Tensor q = Tensor.create(new double[] {1, 1}, 2, 1, 1);
      Tensor k = Tensor.create(new double[] {0, Math.log(3)}, 1, 2, 1);
      Tensor v = Tensor.create(new double[] {0, 4}, 1, 2, 1);

      // Weights 1/4 and 3/4 in both heads.
      assertArrayEquals(new double[] {3, 3}, doubles(attention(q, k, v, 1, false)), 1e-12);
    }
  }

  @Test
  void devicesThatAreNotThereAreNamed() {
    assertEquals(Device.CPU, Device.of("cpu"));
    assertEquals("cpu", Device.CPU.toString());
    var typo = assertThrows(GoodhartException.class, () -> Device.of("gpu"));
    assertEquals("device gpu: expected cpu, cuda, cuda:N or auto", typo.getMessage());
  }

  @Test
  void withoutAGpuCudaIsAnErrorAndAutoIsTheCpu() {
    Torch.load();
    Assumptions.assumeFalse(torch.hasCUDA() && torch.cuda_is_available(), "there is a GPU");

    var e = assertThrows(GoodhartException.class, () -> Device.of("cuda:1"));

    assertTrue(e.getMessage().startsWith("device cuda:1: "), e.getMessage());
    assertTrue(e.getMessage().contains("--device cpu"), e.getMessage());
    assertEquals(Device.CPU, Device.of("auto"));
  }
}
