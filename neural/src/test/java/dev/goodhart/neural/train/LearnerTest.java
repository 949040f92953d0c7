package dev.goodhart.neural.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Fixtures.NextToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class LearnerTest {
  private static final AdamW PLAIN = new AdamW(0, 0, 1, 0);

  @Test
  void theGradientOfAWholeDecoderAgreesWithFiniteDifferences() {
    Decoder small = Fixtures.decoder(11, 8, 2);
    // Weights that are not small, so that no part of the model is nearly linear.
    Map<String, Tensor> weights = new LinkedHashMap<>(small.weights());
    try (Scope scope = Scope.inference()) {
      weights.replaceAll((name, w) -> w.dim() == 2 ? Ops.mul(w, 20) : w);
      List<int[]> data = Fixtures.counting(6, 11, 9, 5);
      try (Parameters parameters = Parameters.of(weights, ScalarType.Double);
          Scope inner = Scope.inference()) {
        Decoder decoder = new Decoder(small.config(), parameters.views());
        var task = new NextToken(decoder);
        var learner = new Learner<>(parameters, task, PLAIN, 1000, 0);
        learner.step(data, 0);
        Tensor values = parameters.values();
        double[] gradient = Ops.doubles(parameters.gradient());
        double[] at = Ops.doubles(values);
        double scale = parameters.norm();
        for (var view : parameters.shapes().keySet()) {
          int place = place(parameters, view);
          float up = (float) (at[place] + 1e-3);
          float down = (float) (at[place] - 1e-3);
          double high = loss(learner, data, place, up);
          double low = loss(learner, data, place, down);
          loss(learner, data, place, (float) at[place]);
          double slope = (high - low) / ((double) up - down);
          assertEquals(slope, gradient[place], 2e-6 * scale, view);
        }
      }
    }
  }

  /** An element in the middle of a tensor. */
  private static int place(Parameters parameters, String name) {
    Tensor view = parameters.view(name);
    long from = view.storage_offset();
    return Math.toIntExact(from + view.numel() / 2);
  }

  private static double loss(Learner<int[]> learner, List<int[]> data, int place, float value) {
    learner.parameters().values().select(0, place).fill_(new Scalar(value));
    learner.parameters().publish();
    return learner.evaluate(data).loss();
  }

  @Test
  void aStepIsTheSameHoweverItIsDivided() {
    List<int[]> data = Fixtures.counting(13, 17, 12, 2);
    long tokens = data.stream().mapToLong(d -> d.length).sum();
    List<double[]> after = new ArrayList<>();
    List<double[]> losses = new ArrayList<>();
    for (int perPass : new int[] {1, 20, 10_000}) {
      Decoder decoder = Fixtures.decoder(17, 16, 1);
      try (Parameters parameters = Parameters.of(decoder)) {
        var learner =
            new Learner<>(
                parameters, new NextToken(parameters.decoder(decoder)), PLAIN, perPass, 1);
        var outcome = learner.step(data, 0.1);
        assertEquals(tokens, outcome.tokens());
        after.add(Ops.doubles(parameters.gradient()));
        losses.add(
            new double[] {outcome.loss(), outcome.gradientNorm(), learner.evaluate(data).loss()});
      }
    }
    for (int i = 1; i < 3; i++) {
      assertArrayEquals(after.getFirst(), after.get(i), 1e-6);
      assertArrayEquals(losses.getFirst(), losses.get(i), 1e-5);
    }
    // 17 tokens, hardly trained: ln 17 nats.
    assertEquals(Math.log(17), losses.getFirst()[0], 0.05);
    assertTrue(losses.getFirst()[2] < losses.getFirst()[0]);
  }

  @Test
  void aLongGradientIsShortenedAndAShortOneIsNot() {
    List<int[]> data = Fixtures.counting(4, 17, 12, 2);
    Decoder decoder = Fixtures.decoder(17, 16, 1);
    try (Parameters parameters = Parameters.of(decoder)) {
      var task = new NextToken(parameters.decoder(decoder));
      double norm = new Learner<>(parameters, task, PLAIN, 1000, 0).step(data, 0).gradientNorm();
      assertEquals(norm, parameters.norm(), 0);

      new Learner<>(parameters, task, PLAIN, 1000, norm / 4).step(data, 0);
      assertEquals(norm / 4, parameters.norm(), 1e-6 * norm);

      new Learner<>(parameters, task, PLAIN, 1000, norm * 2).step(data, 0);
      assertEquals(norm, parameters.norm(), 0);
    }
  }

  @Test
  void aLossThatIsNotFiniteStopsBeforeItDoesHarm() {
    Decoder decoder = Fixtures.decoder(17, 16, 1);
    try (Parameters parameters = Parameters.of(decoder)) {
      var task = new NextToken(parameters.decoder(decoder));
      var broken =
          new Task<int[]>() {
            @Override
            public int tokens(int[] example) {
              return example.length;
            }

            @Override
            public Cost cost(List<int[]> examples) {
              return Cost.of(Ops.div(task.cost(examples).loss(), 0));
            }
          };
      double[] before = Ops.doubles(parameters.values());
      var learner = new Learner<>(parameters, broken, PLAIN, 1000, 1);

      var e =
          assertThrows(
              GoodhartException.class, () -> learner.step(Fixtures.counting(4, 17, 12, 2), 0.1));

      assertTrue(e.getMessage().startsWith("step 1: the loss is Infinity"), e.getMessage());
      assertArrayEquals(before, Ops.doubles(parameters.values()), 0);
      assertEquals(0, learner.steps());
    }
  }

  @Test
  void computesInSixteenBitsAndKeepsThirtyTwo() {
    Decoder decoder = Fixtures.decoder(17, 16, 1);
    List<int[]> data = Fixtures.counting(64, 17, 12, 2);
    try (Parameters half = Parameters.of(decoder.weights(), ScalarType.BFloat16);
        Parameters full = Parameters.of(decoder.weights(), ScalarType.Float)) {
      assertEquals(ScalarType.BFloat16, half.view("model.norm.weight").scalar_type().intern());
      assertEquals(ScalarType.Float, half.values().scalar_type().intern());
      var inHalf = learner(decoder, half);
      var inFull = learner(decoder, full);
      for (int i = 0; i < 60; i++) {
        double loss = inFull.step(data, 3e-3).loss();
        assertEquals(loss, inHalf.step(data, 3e-3).loss(), 0.01 * loss, "step " + i);
      }
      assertTrue(inHalf.evaluate(data).loss() < Math.log(17) / 2);

      // A step too small for 16 bits still moves what is kept in 32.
      double[] before = Ops.doubles(half.values());
      inHalf.step(data, 1e-6);
      assertFalse(Arrays.equals(before, Ops.doubles(half.values())));
    }
  }

  private static Learner<int[]> learner(Decoder decoder, Parameters parameters) {
    var task = new NextToken(new Decoder(decoder.config(), parameters.views()));
    return new Learner<>(parameters, task, AdamW.standard(), 200, 1);
  }
}
