package dev.goodhart.lab.experiment;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.matmul;
import static dev.goodhart.neural.engine.Ops.rows;

import dev.goodhart.lab.bandit.Comparisons;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.objective.PreferenceBatch;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A policy over a bandit's responses on the engine that language models train on, so that their
 * objectives can be put to the test as they are:
 *
 * <pre>{@code log pi(y | x) = log base(y | x) + phi(x, y) . theta - log Z}</pre>
 *
 * With features that responses share, what is learned on some moves others, as in a real model;
 * without, theta is a table of logits. Plain gradient descent in 64 bits. Mutable, one thread.
 */
final class TensorPolicy {
  private final double[] base;
  private final double @Nullable [] features;
  private final int prompts;
  private final int responses;
  private final double[] theta;

  private TensorPolicy(double[][] base, double @Nullable [] features, int width) {
    this.prompts = base.length;
    this.responses = base[0].length;
    this.base = Arrays.stream(base).flatMapToDouble(Arrays::stream).map(Math::log).toArray();
    this.features = features;
    this.theta = new double[width];
  }

  /** A table of logits that begins at the base policy, {@code [prompts][responses]}. */
  static TensorPolicy table(double[][] base) {
    return new TensorPolicy(base, null, base.length * base[0].length);
  }

  /**
   * All weights are 0.
   *
   * @param features {@code [prompts][responses][width]}
   */
  static TensorPolicy linear(double[][] base, double[][][] features) {
    double[] flat =
        Arrays.stream(features).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    return new TensorPolicy(base, flat, features[0][0].length);
  }

  /** {@code [prompts][responses]}. */
  double[][] probabilities() {
    double[] flat;
    try (Scope scope = Scope.inference()) {
      flat = doubles(logProbs(Tensor.create(theta)).exp());
    }
    double[][] table = new double[prompts][];
    Arrays.setAll(table, x -> Arrays.copyOfRange(flat, x * responses, (x + 1) * responses));
    return table;
  }

  /** Of all responses, prompt by prompt, {@code [prompts * responses]}. */
  private Tensor logProbs(Tensor weights) {
    Tensor shift =
        features == null
            ? weights
            : matmul(Tensor.create(features).reshape(base.length, theta.length), weights);
    return logSoftmax(add(Tensor.create(base), shift).reshape(prompts, responses), -1).reshape(-1);
  }

  /**
   * One step down the gradient.
   *
   * @param loss of the log-probabilities, {@code [prompts * responses]}: a scalar
   */
  void descend(Function<Tensor, Tensor> loss, double rate) {
    try (Scope scope = Scope.training()) {
      Tensor weights = Tensor.create(theta).set_requires_grad(true);
      loss.apply(logProbs(weights)).backward();
      double[] gradient = doubles(weights.grad());
      for (int i = 0; i < theta.length; i++) {
        theta[i] -= rate * gradient[i];
      }
    }
  }

  /** Which responses stand in which pair. */
  record Places(long[] chosen, long[] rejected) {
    static Places of(List<Comparisons.Pair> pairs, int responses) {
      return new Places(
          places(pairs, p -> p.prompt() * responses + p.chosen()),
          places(pairs, p -> p.prompt() * responses + p.rejected()));
    }

    private static long[] places(
        List<Comparisons.Pair> pairs, ToIntFunction<Comparisons.Pair> place) {
      return pairs.stream().mapToInt(place).asLongStream().toArray();
    }

    /**
     * The pairs as an objective takes them; responses are one token long.
     *
     * @param logProbs of all responses under the policy
     * @param reference the same under the reference, as logarithms
     */
    PreferenceBatch batch(Tensor logProbs, double[] reference) {
      Tensor c = Tensor.create(chosen);
      Tensor r = Tensor.create(rejected);
      Tensor known = Tensor.create(reference);
      double[] ones = new double[chosen.length];
      Arrays.fill(ones, 1);
      Tensor one = Tensor.create(ones);
      return new PreferenceBatch(
          rows(logProbs, c), rows(logProbs, r), rows(known, c), rows(known, r), one, one);
    }
  }

  /** Logarithms of the base policy, prompt by prompt: the reference. */
  double[] reference() {
    return base;
  }
}
