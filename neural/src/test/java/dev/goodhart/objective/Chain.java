package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.cat;
import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.slice;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.neural.engine.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * A policy that says two tokens out of three, the second knowing the first: twelve logits, nine
 * responses, all of which stand in a batch with their probabilities as weights. Means over draws
 * are sums here, so that what an estimator's gradient is in the mean can be held against the
 * derivative of the closed form.
 */
final class Chain {
  static final int TOKENS = 3;
  static final int LOGITS = TOKENS + TOKENS * TOKENS;

  private Chain() {}

  static double[] logits(long seed) {
    return new Random(seed).doubles(LOGITS, -1, 1).toArray();
  }

  /** The probability of the first token alone, or of both where second is not below 0. */
  static double p(double[] logits, int first, int second) {
    double p = softmax(logits, 0, first);
    return second < 0 ? p : p * softmax(logits, TOKENS * (1 + first), second);
  }

  private static double softmax(double[] logits, int from, int token) {
    double sum = 0;
    for (int i = 0; i < TOKENS; i++) sum += Math.exp(logits[from + i]);
    return Math.exp(logits[from + token]) / sum;
  }

  /** By response and position, like the batch's tokens. */
  static double[] logProbs(double[] logits) {
    double[] logs = new double[2 * TOKENS * TOKENS];
    for (int a = 0; a < TOKENS; a++) {
      for (int b = 0; b < TOKENS; b++) {
        int at = 2 * (TOKENS * a + b);
        logs[at] = Math.log(softmax(logits, 0, a));
        logs[at + 1] = Math.log(softmax(logits, TOKENS * (1 + a), b));
      }
    }
    return logs;
  }

  /** Half of each response's probability at each of its two tokens. */
  static double[] weights(double[] logits) {
    double[] weights = new double[2 * TOKENS * TOKENS];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = p(logits, i / 2 / TOKENS, i / 2 % TOKENS) / 2;
    }
    return weights;
  }

  /** The mean gradient in the logits of tokens that the policy itself has drawn. */
  static double[] gradient(Regulariser regulariser, double[] logits, double[] reference) {
    return gradient(regulariser, logits, logits, reference);
  }

  /** The same of tokens that an older policy has drawn. */
  static double[] gradient(
      Regulariser regulariser, double[] logits, double[] old, double[] reference) {
    try (Scope scope = Scope.training()) {
      Tensor leaf = Tensor.create(logits).set_requires_grad(true);
      List<Tensor> log = new ArrayList<>();
      for (int i = 0; i <= TOKENS; i++) {
        log.add(logSoftmax(slice(leaf, 0, TOKENS * i, TOKENS * (i + 1L)), -1));
      }
      List<Tensor> tokens = new ArrayList<>();
      for (int a = 0; a < TOKENS; a++) {
        for (int b = 0; b < TOKENS; b++) {
          tokens.add(slice(log.getFirst(), 0, a, a + 1L));
          tokens.add(slice(log.get(1 + a), 0, b, b + 1L));
        }
      }
      Tensor now = cat(0, tokens);
      Tensor weight = Tensor.create(weights(old));
      int[] lengths = new int[TOKENS * TOKENS];
      Arrays.fill(lengths, 2);
      TokenBatch batch =
          new TokenBatch(
              now,
              Tensor.create(logProbs(old)),
              Tensor.create(logProbs(reference)),
              null,
              mul(weight, 0),
              weight,
              lengths);
      sum(mul(weight, regulariser.of(batch).cost())).backward();
      return doubles(leaf.grad());
    }
  }

  /** Central differences of a function of the logits. */
  static double[] derivative(ToDoubleFunction<double[]> f, double[] logits) {
    double h = 1e-5;
    double[] gradient = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      double[] up = logits.clone();
      double[] down = logits.clone();
      up[i] += h;
      down[i] -= h;
      gradient[i] = (f.applyAsDouble(up) - f.applyAsDouble(down)) / (2 * h);
    }
    return gradient;
  }
}
