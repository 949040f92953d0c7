package dev.goodhart.neural.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class AdamWTest {
  /** A matrix and a vector of one element each. */
  private static Parameters one() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("vector", Tensor.create(new float[] {1}, 1));
    tensors.put("matrix", Tensor.create(new float[] {1}, 1, 1));
    return Parameters.of(tensors, ScalarType.Float);
  }

  @Test
  void twoStepsByHand() {
    try (Scope scope = Scope.inference();
        Parameters parameters = one()) {
      var adamw = new AdamW(0.9, 0.99, 1e-8, 0.1);
      var moments = AdamW.Moments.of(parameters);

      // After one step the means, corrected, are the gradient and its square: a step of the rate.
      parameters.gradient().fill_(new Scalar(0.5));
      adamw.step(parameters, moments, 1, 0.1);
      assertEquals(0.99 - 0.1, item(parameters, "matrix"), 1e-6);
      assertEquals(1 - 0.1, item(parameters, "vector"), 1e-6);

      // m = 0.9 · 0.05 − 0.1 · 0.25 = 0.02, v = 0.99 · 0.0025 + 0.01 · 0.0625 = 0.0031
      parameters.gradient().fill_(new Scalar(-0.25));
      adamw.step(parameters, moments, 2, 0.1);
      double by = 0.1 * (0.02 / 0.19) / Math.sqrt(0.0031 / 0.0199);
      assertEquals(0.89 * 0.99 - by, item(parameters, "matrix"), 1e-6);
      assertEquals(0.9 - by, item(parameters, "vector"), 1e-6);
    }
  }

  @Test
  void epsilonBoundsTheStepOfATinyGradient() {
    try (Scope scope = Scope.inference();
        Parameters parameters = one()) {
      parameters.gradient().fill_(new Scalar(1e-3));

      new AdamW(0, 0, 3e-3, 0).step(parameters, AdamW.Moments.of(parameters), 1, 1);

      // 1e-3 / (1e-3 + 3e-3)
      assertEquals(0.75, item(parameters, "vector"), 1e-6);
    }
  }

  @Test
  void aLongRowIsTreatedLikeItsElements() {
    int n = 70_001;
    float[] start = new float[n];
    float[] gradient = new float[n];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < n; i++) {
      start[i] = (float) random.nextGaussian();
      gradient[i] = (float) random.nextGaussian();
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("vector", Tensor.create(start, n));
    tensors.put("matrix", Tensor.create(start, n, 1));
    try (Scope scope = Scope.inference();
        Parameters parameters = Parameters.of(tensors, ScalarType.Float)) {
      var moments = AdamW.Moments.of(parameters);
      parameters.view("vector").grad().copy_(Tensor.create(gradient, n));
      parameters.view("matrix").grad().copy_(Tensor.create(gradient, n, 1));
      var adamw = new AdamW(0.8, 0.9, 1e-3, 0.5);
      adamw.step(parameters, moments, 1, 0.1);
      adamw.step(parameters, moments, 2, 0.1);

      float[] vector = Ops.floats(parameters.view("vector"));
      float[] matrix = Ops.floats(parameters.view("matrix"));
      for (int i = 0; i < n; i++) {
        // A gradient that stays the same: the corrected means are it and its square in both steps.
        double by = 0.1 * gradient[i] / (Math.abs(gradient[i]) + 1e-3);
        assertEquals(start[i] - 2 * by, vector[i], 1e-5, "element " + i);
        assertEquals((start[i] * 0.95 - by) * 0.95 - by, matrix[i], 1e-5, "element " + i);
      }
    }
  }

  private static double item(Parameters parameters, String name) {
    return Ops.item(parameters.view(name));
  }
}
