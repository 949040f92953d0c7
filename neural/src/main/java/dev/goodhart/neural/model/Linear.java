package dev.goodhart.neural.model;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.linear;
import static dev.goodhart.neural.engine.Ops.mul;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x·Wᵀ + b, with a low-rank adapter where there is one: + scale · (x·Aᵀ)·Bᵀ.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}
 */
record Linear(Tensor weight, @Nullable Tensor bias, Lora.@Nullable Pair adapter, double scale) {
  Tensor of(Tensor x) {
    Tensor y = bias == null ? linear(x, weight) : linear(x, weight, bias);
    if (adapter == null) return y;
    return add(y, mul(linear(linear(x, adapter.a()), adapter.b()), scale));
  }
}
