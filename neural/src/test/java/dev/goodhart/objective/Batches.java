package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.neural.engine.Scope;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** Batches of tokens in plain numbers. */
record Batches(
    double[] now,
    double[] old,
    double[] reference,
    double[] entropy,
    double[] advantage,
    double[] weight,
    int[] lengths) {
  /** One response, every token of weight 1. */
  static Batches of(double[] now, double[] old, double[] advantage) {
    double[] ones = new double[now.length];
    Arrays.fill(ones, 1);
    return new Batches(now, old, old, ones, advantage, ones, new int[] {now.length});
  }

  Batches withReference(double... reference) {
    return new Batches(now, old, reference, entropy, advantage, weight, lengths);
  }

  Batches withEntropy(double... entropy) {
    return new Batches(now, old, reference, entropy, advantage, weight, lengths);
  }

  Batches withWeight(double... weight) {
    return new Batches(now, old, reference, entropy, advantage, weight, lengths);
  }

  Batches withLengths(int... lengths) {
    return new Batches(now, old, reference, entropy, advantage, weight, lengths);
  }

  TokenBatch at(Tensor now, Tensor entropy) {
    return new TokenBatch(
        now,
        Tensor.create(old),
        Tensor.create(reference),
        entropy,
        Tensor.create(advantage),
        Tensor.create(weight),
        lengths);
  }

  /** What a cost came to. */
  record Outcome(double[] cost, double[] gradient, Map<String, double[]> also) {
    double[] also(String name) {
      return Objects.requireNonNull(also.get(name), name);
    }
  }

  /** Costs by token, and the gradient of Σ weight · cost in now. */
  Outcome of(Function<TokenBatch, TokenLoss> objective) {
    try (Scope scope = Scope.training()) {
      Tensor leaf = Tensor.create(now).set_requires_grad(true);
      TokenLoss loss = objective.apply(at(leaf, Tensor.create(entropy)));
      if (loss.cost().requires_grad()) sum(mul(Tensor.create(weight), loss.cost())).backward();
      Map<String, double[]> also = new TreeMap<>();
      loss.also().forEach((name, byToken) -> also.put(name, doubles(byToken)));
      double[] gradient = leaf.grad().defined() ? doubles(leaf.grad()) : new double[now.length];
      return new Outcome(doubles(loss.cost()), gradient, also);
    }
  }

  /** Σ weight · cost at other log-probabilities. */
  double loss(Function<TokenBatch, TokenLoss> objective, double[] now) {
    try (Scope scope = Scope.inference()) {
      TokenLoss loss = objective.apply(at(Tensor.create(now), Tensor.create(entropy)));
      return item(sum(mul(Tensor.create(weight), loss.cost())));
    }
  }
}
