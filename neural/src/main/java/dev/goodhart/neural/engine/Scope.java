package dev.goodhart.neural.engine;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Native memory of one step: whatever tensor is made between its opening and its closing is freed
 * at the closing, except what was handed on with {@link #keep}. Scopes nest; each belongs to the
 * thread that opened it.
 *
 * <pre>{@code
 * try (Scope step = Scope.training()) {
 *   Tensor loss = ...;
 *   loss.backward();
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
  private final @Nullable PointerScope outer;
  private final PointerScope scope;
  private final AutoGradMode mode;

  private Scope(boolean gradients) {
    Torch.load();
    Torch.enter();
    outer = PointerScope.getInnerScope();
    scope = new PointerScope();
    mode = new AutoGradMode(gradients);
  }

  /** Operations are recorded, so that {@code backward()} can follow them. */
  public static Scope training() {
    return new Scope(true);
  }

  /** Nothing is recorded: half the memory, and faster. */
  public static Scope inference() {
    return new Scope(false);
  }

  /** Lets a tensor live on in the scope around this one, or until it is closed where none is. */
  public Tensor keep(Tensor tensor) {
    tensor.retainReference();
    scope.detach(tensor);
    if (outer != null) {
      outer.attach(tensor);
      tensor.releaseReference();
    }
    return tensor;
  }

  /**
   * Makes a tensor that no scope frees, not even those that are open: it lives until it is closed
   * or can no longer be reached.
   */
  public static Tensor outside(Supplier<Tensor> work) {
    Torch.load();
    Torch.enter();
    try (PointerScope own = new PointerScope();
        AutoGradMode plain = new AutoGradMode(false)) {
      Tensor tensor = work.get();
      tensor.retainReference();
      own.detach(tensor);
      return tensor;
    } finally {
      Torch.leave();
    }
  }

  @Override
  public void close() {
    mode.deallocate();
    scope.close();
    Torch.leave();
  }
}
