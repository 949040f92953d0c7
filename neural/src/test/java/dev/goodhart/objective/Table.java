package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.slice;

import dev.goodhart.neural.engine.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** A policy with one logit a response, in whose logits gradients are known on paper. */
final class Table {
  private Table() {}

  static double[] softmax(double... logits) {
    double most = Arrays.stream(logits).max().orElseThrow();
    double[] p = Arrays.stream(logits).map(z -> Math.exp(z - most)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(x -> x / sum).toArray();
  }

  static double[] log(double... p) {
    return Arrays.stream(p).map(Math::log).toArray();
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** What a loss of the log-probabilities, {@code [responses]}, comes to, and its gradient. */
  record Slope(double loss, double[] gradient) {}

  static Slope slope(double[] logits, Function<Tensor, Tensor> loss) {
    try (Scope scope = Scope.training()) {
      Tensor leaf = Tensor.create(logits).set_requires_grad(true);
      Tensor cost = loss.apply(logSoftmax(leaf, -1));
      cost.backward();
      return new Slope(item(cost), doubles(leaf.grad()));
    }
  }

  /** The log-probabilities at these places, {@code [places]}. */
  static Tensor at(Tensor logProbs, int... places) {
    List<Tensor> parts = new ArrayList<>();
    for (int place : places) parts.add(slice(logProbs, 0, place, place + 1L));
    return dev.goodhart.neural.engine.Ops.cat(0, parts);
  }

  /** Pairs of a table's responses; lengths are 1. */
  static PreferenceBatch pairs(Tensor logProbs, double[] reference, int[] chosen, int[] rejected) {
    Tensor known = Tensor.create(reference);
    double[] ones = new double[chosen.length];
    Arrays.fill(ones, 1);
    return new PreferenceBatch(
        at(logProbs, chosen),
        at(logProbs, rejected),
        at(known, chosen),
        at(known, rejected),
        Tensor.create(ones),
        Tensor.create(ones));
  }
}
