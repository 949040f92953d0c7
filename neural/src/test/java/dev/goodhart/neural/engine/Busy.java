package dev.goodhart.neural.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Computes until it is ended, for {@link EndTest}. */
final class Busy {
  private Busy() {}

  public static void main(String[] args) {
    boolean told = false;
    while (true) {
      try (Scope step = Scope.training()) {
        Tensor x = torch.randn(200, 200).set_requires_grad(true);
        Ops.sum(Ops.matmul(x, x)).backward();
      }
      if (!told) System.out.println("computing");
      told = true;
    }
  }
}
