package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.neural.engine.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** Autograd against central differences in 64 bits. */
final class Gradients {
  private static final double H = 1e-5;

  private Gradients() {}

  /** Numbers by row, {@code [rows, columns]}, or {@code [columns]} where there is one row. */
  static Tensor tensor(double[]... rows) {
    if (rows.length == 1) return Tensor.create(rows[0]);
    double[] all = new double[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
    }
    return Tensor.create(all).reshape(rows.length, rows[0].length);
  }

  static Tensor vector(double... values) {
    return Tensor.create(values);
  }

  /** The loss's gradient in each of the inputs is what small steps say. */
  static void agree(Function<List<Tensor>, Tensor> loss, double[][]... inputs) {
    List<double[]> analytic = new ArrayList<>();
    try (Scope scope = Scope.training()) {
      List<Tensor> tensors = new ArrayList<>();
      for (double[][] input : inputs) tensors.add(tensor(input).set_requires_grad(true));
      loss.apply(tensors).backward();
      for (Tensor t : tensors) analytic.add(doubles(t.grad()));
    }
    for (int n = 0; n < inputs.length; n++) {
      int columns = inputs[n][0].length;
      for (int i = 0; i < analytic.get(n).length; i++) {
        double[] place = inputs[n][i / columns];
        double before = place[i % columns];
        place[i % columns] = before + H;
        double up = at(loss, inputs);
        place[i % columns] = before - H;
        double down = at(loss, inputs);
        place[i % columns] = before;
        assertEquals((up - down) / (2 * H), analytic.get(n)[i], 2e-9, "input " + n + ", " + i);
      }
    }
  }

  private static double at(Function<List<Tensor>, Tensor> loss, double[][]... inputs) {
    try (Scope scope = Scope.inference()) {
      List<Tensor> tensors = new ArrayList<>();
      for (double[][] input : inputs) tensors.add(tensor(input));
      return item(loss.apply(tensors));
    }
  }
}
