package dev.goodhart.neural.engine;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Operations on tensors with plain Java numbers, to be imported statically: {@code
 * mean(softplus(neg(sub(chosen, rejected))))}. Numbers take the tensor's type; dimensions count
 * from 0, or from the end below 0.
 */
public final class Ops {
  private Ops() {}

  public static Tensor add(Tensor a, Tensor b) {
    return a.add(b);
  }

  public static Tensor add(Tensor a, double b) {
    try (Scalar s = new Scalar(b)) {
      return a.add(s);
    }
  }

  public static Tensor sub(Tensor a, Tensor b) {
    return a.sub(b);
  }

  public static Tensor sub(Tensor a, double b) {
    return add(a, -b);
  }

  /** a − b. */
  public static Tensor sub(double a, Tensor b) {
    return add(neg(b), a);
  }

  public static Tensor mul(Tensor a, Tensor b) {
    return a.mul(b);
  }

  public static Tensor mul(Tensor a, double b) {
    try (Scalar s = new Scalar(b)) {
      return a.mul(s);
    }
  }

  public static Tensor mul(double a, Tensor b) {
    return mul(b, a);
  }

  public static Tensor div(Tensor a, Tensor b) {
    return a.div(b);
  }

  public static Tensor div(Tensor a, double b) {
    try (Scalar s = new Scalar(b)) {
      return a.div(s);
    }
  }

  public static Tensor neg(Tensor a) {
    return a.neg();
  }

  public static Tensor abs(Tensor a) {
    return a.abs();
  }

  public static Tensor exp(Tensor a) {
    return a.exp();
  }

  public static Tensor log(Tensor a) {
    return a.log();
  }

  /** exp(a) − 1, exact near 0. */
  public static Tensor expm1(Tensor a) {
    return a.expm1();
  }

  /** log(1 + a). */
  public static Tensor log1p(Tensor a) {
    return a.log1p();
  }

  public static Tensor square(Tensor a) {
    return a.square();
  }

  public static Tensor sqrt(Tensor a) {
    return a.sqrt();
  }

  public static Tensor tanh(Tensor a) {
    return a.tanh();
  }

  public static Tensor sigmoid(Tensor a) {
    return a.sigmoid();
  }

  /** log σ(a), exact in both tails. */
  public static Tensor logSigmoid(Tensor a) {
    return torch.log_sigmoid(a);
  }

  /** log(1 + exp(a)), exact in both tails: −log σ(−a). */
  public static Tensor softplus(Tensor a) {
    // torch.softplus turns linear beyond 20, which loses 2e-9: log σ does not.
    return torch.log_sigmoid(a.neg()).neg();
  }

  public static Tensor silu(Tensor a) {
    return torch.silu(a);
  }

  /** Values outside [low, high] become its ends; their gradient is 0. */
  public static Tensor clamp(Tensor a, double low, double high) {
    try (Scalar l = new Scalar(low);
        Scalar h = new Scalar(high);
        ScalarOptional lo = new ScalarOptional(l);
        ScalarOptional hi = new ScalarOptional(h)) {
      return a.clamp(lo, hi);
    }
  }

  /** The smaller of each two. */
  public static Tensor min(Tensor a, Tensor b) {
    return torch.minimum(a, b);
  }

  /** The larger of each two. */
  public static Tensor max(Tensor a, Tensor b) {
    return torch.maximum(a, b);
  }

  /** Of all elements, a scalar. */
  public static Tensor mean(Tensor a) {
    return a.mean();
  }

  /** Over one dimension, which disappears. */
  public static Tensor mean(Tensor a, int dim) {
    return a.mean(dim);
  }

  /** Of all elements, a scalar. */
  public static Tensor sum(Tensor a) {
    return a.sum();
  }

  /** Over one dimension, which disappears. */
  public static Tensor sum(Tensor a, int dim) {
    return a.sum((long) dim);
  }

  /** The mean of the elements whose mask is 1: Σ mask·a / Σ mask; NaN if there is none. */
  public static Tensor maskedMean(Tensor a, Tensor mask) {
    return a.mul(mask).sum().div(mask.sum());
  }

  public static Tensor softmax(Tensor a, int dim) {
    return a.softmax(dim);
  }

  public static Tensor logSoftmax(Tensor a, int dim) {
    return a.log_softmax(dim);
  }

  /** log Σ exp(a) over one dimension, which disappears. */
  public static Tensor logSumExp(Tensor a, int dim) {
    return a.logsumexp((long) dim);
  }

  /** a where the condition holds, else b. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return torch.where(condition, a, b);
  }

  /** True where a < b. */
  public static Tensor less(Tensor a, double b) {
    try (Scalar s = new Scalar(b)) {
      return a.lt(s);
    }
  }

  /** True where a > b. */
  public static Tensor greater(Tensor a, double b) {
    try (Scalar s = new Scalar(b)) {
      return a.gt(s);
    }
  }

  /** The number where the mask is true, else a. */
  public static Tensor fill(Tensor a, Tensor mask, double number) {
    try (Scalar s = new Scalar(number)) {
      return a.masked_fill(mask, s);
    }
  }

  public static Tensor matmul(Tensor a, Tensor b) {
    return a.matmul(b);
  }

  /**
   * Takes one element of the last dimension for each index.
   *
   * @param a {@code [..., n]}
   * @param index whole numbers in [0, n), {@code [...]}
   * @return {@code [...]}
   */
  public static Tensor pick(Tensor a, Tensor index) {
    return a.gather(-1, index.unsqueeze(-1)).squeeze(-1);
  }

  /** The rows (first dimension) with these numbers. */
  public static Tensor rows(Tensor a, Tensor index) {
    return a.index_select(0, index);
  }

  /** Elements from (inclusive) to (exclusive) of one dimension. A view. */
  public static Tensor slice(Tensor a, int dim, long from, long to) {
    return a.narrow(dim, from, to - from);
  }

  /** Parts of these sizes along one dimension, which add up to it. Views. */
  public static List<Tensor> split(Tensor a, int dim, long... sizes) {
    if (sizes.length == 1) return List.of(a);
    try (TensorVector parts = a.split_with_sizes(sizes, dim)) {
      List<Tensor> own = new ArrayList<>();
      // What the vector gives out lives as long as the vector.
      for (Tensor part : parts.get()) own.add(new Tensor(part));
      return own;
    }
  }

  public static Tensor cat(int dim, List<Tensor> tensors) {
    try (TensorVector vector = vector(tensors)) {
      return torch.cat(vector, dim);
    }
  }

  public static Tensor stack(int dim, List<Tensor> tensors) {
    try (TensorVector vector = vector(tensors)) {
      return torch.stack(vector, dim);
    }
  }

  private static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(tensors.toArray(Tensor[]::new));
  }

  /** The rows of a table by number, differentiable in the table. */
  public static Tensor embedding(Tensor table, Tensor ids) {
    return torch.embedding(table, ids);
  }

  /** x·Wᵀ. {@code x: [..., in]}, {@code weight: [out, in]}. */
  public static Tensor linear(Tensor x, Tensor weight) {
    return isFewRows(x, weight) ? byRow(x, weight) : torch.linear(x, weight);
  }

  /** x·Wᵀ + b. */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return isFewRows(x, weight)
        ? byRow(x, weight).add(bias)
        : torch.linear(x, weight, new TensorOptional(bias));
  }

  /**
   * Up to four rows on a CPU: a matrix product copies all weights before it uses them, and a
   * product with a vector reads them where they are. That is 3.6 times as fast for one row, 1.7
   * times for four (measured with weights that do not fit the caches).
   */
  private static boolean isFewRows(Tensor x, Tensor weight) {
    return x.dim() == 2
        && x.size(0) >= 1
        && x.size(0) <= 4
        && !x.is_cuda()
        && !x.requires_grad()
        && !weight.requires_grad();
  }

  private static Tensor byRow(Tensor x, Tensor weight) {
    if (x.size(0) == 1) return weight.mv(x.select(0, 0)).unsqueeze(0);
    List<Tensor> rows = new ArrayList<>();
    for (long i = 0; i < x.size(0); i++) rows.add(weight.mv(x.select(0, i)));
    return stack(0, rows);
  }

  /** x / √(mean(x²) + ε) · weight over the last dimension. */
  public static Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
    return torch.rms_norm(
        x, new long[] {weight.numel()}, new TensorOptional(weight), new DoubleOptional(epsilon));
  }

  /**
   * softmax(q·kᵀ·scale)·v by head.
   *
   * @param q {@code [..., heads, tokens, d]}
   * @param k {@code [..., kv-heads, tokens, d]}; each is shared by heads / kv-heads heads
   * @param causal whether a token sees only itself and those before it
   */
  public static Tensor attention(Tensor q, Tensor k, Tensor v, double scale, boolean causal) {
    boolean grouped = q.size(-3) != k.size(-3);
    return torch.scaled_dot_product_attention(
        q, k, v, new TensorOptional(), 0.0, causal, new DoubleOptional(scale), grouped);
  }

  /**
   * The same with a mask that is added to the scores, or of truth values: true where a token may
   * look; it must broadcast to {@code [..., heads, queries, keys]}.
   */
  public static Tensor attention(Tensor q, Tensor k, Tensor v, double scale, Tensor mask) {
    boolean grouped = q.size(-3) != k.size(-3);
    return torch.scaled_dot_product_attention(
        q, k, v, new TensorOptional(mask), 0.0, false, new DoubleOptional(scale), grouped);
  }

  /**
   * −log softmax(logits)[target] of each row.
   *
   * @param logits {@code [rows, classes]}
   * @param targets class numbers, {@code [rows]}
   * @return {@code [rows]}
   */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return pick(logSoftmax(logits, -1), targets).neg();
  }

  /** The same values in another type. */
  public static Tensor to(Tensor a, ScalarType type) {
    return a.scalar_type().intern() == type ? a : a.to(type);
  }

  /** The number in a tensor of one element. */
  public static double item(Tensor a) {
    return a.item_double();
  }

  /** A number with the type and on the device of a tensor, to be broadcast. */
  public static Tensor scalarLike(Tensor a, double value) {
    try (Scalar s = new Scalar(value)) {
      return torch.full(new long[0], s, a.options());
    }
  }

  /** Numbers with the type and on the device of a tensor, {@code [values.length]}. */
  public static Tensor like(Tensor a, double... values) {
    return Device.of(a).move(Tensor.create(values), a.scalar_type());
  }

  /** All elements in row order. */
  public static double[] doubles(Tensor a) {
    try (Scope ignored = Scope.inference()) {
      Tensor flat = cpu(a, ScalarType.Double);
      double[] values = new double[Math.toIntExact(flat.numel())];
      if (values.length > 0) flat.data_ptr_double().get(values);
      return values;
    }
  }

  /** All elements in row order, in 32 bits. */
  public static float[] floats(Tensor a) {
    try (Scope ignored = Scope.inference()) {
      Tensor flat = cpu(a, ScalarType.Float);
      float[] values = new float[Math.toIntExact(flat.numel())];
      if (values.length > 0) flat.data_ptr_float().get(values);
      return values;
    }
  }

  /** All elements of whole numbers in row order. */
  public static long[] longs(Tensor a) {
    try (Scope ignored = Scope.inference()) {
      Tensor flat = cpu(a, ScalarType.Long);
      long[] values = new long[Math.toIntExact(flat.numel())];
      if (values.length > 0) flat.data_ptr_long().get(values);
      return values;
    }
  }

  private static Tensor cpu(Tensor a, ScalarType type) {
    return Device.CPU.move(a.detach(), type).contiguous();
  }

  /** The k largest of the last dimension, largest first. */
  public static Top top(Tensor a, int k) {
    var found = a.topk(k, -1, true, true);
    // What a pair gives out lives as long as the pair.
    return new Top(new Tensor(found.get0()), new Tensor(found.get1()));
  }

  /** Values and where they stood. */
  public record Top(Tensor values, Tensor indices) {}

  /** The place of the largest of the last dimension. */
  public static Tensor argmax(Tensor a) {
    return a.argmax(new LongOptional(-1), false);
  }

  /** The running sum over one dimension. */
  public static Tensor cumulativeSum(Tensor a, int dim) {
    return a.cumsum(dim, new ScalarTypeOptional());
  }
}
