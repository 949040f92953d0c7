package dev.goodhart.neural.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Computes until it is ended, for {@link EndTest}. */
final class Busy {
  private static final long PASS_NANOS = 1_000_000_000L;

  private Busy() {}

  public static void main(String[] args) {
    while (true) {
      try (Scope step = Scope.training()) {
        System.out.println("computing");
        long end = System.nanoTime() + PASS_NANOS;
        while (System.nanoTime() < end) {
          Tensor x = torch.randn(100, 100).set_requires_grad(true);
          Ops.sum(Ops.matmul(x, x)).backward();
        }
        System.out.println("finished");
      }
    }
  }
}
