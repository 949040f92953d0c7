package dev.goodhart.neural.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Low-rank adapters of a decoder's projections (Hu et al. 2021, LoRA): the frozen weight W acts as
 * W + (alpha / rank) · B·A.
 *
 * @param rank of A and B, at least 1
 * @param alpha above 0; the adapters are scaled by alpha / rank
 * @param pairs by the name of the projection, {@code model.layers.0.self_attn.q_proj}
 */
public record Lora(int rank, double alpha, Map<String, Pair> pairs) {
  /**
   * @param a {@code [rank, in]}
   * @param b {@code [out, rank]}
   */
  public record Pair(Tensor a, Tensor b) {}

  public Lora {
    if (rank < 1) throw new IllegalArgumentException("rank must be at least 1, not " + rank);
    if (!(alpha > 0)) throw new IllegalArgumentException("alpha must be above 0, not " + alpha);
    pairs = Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
  }

  public double scale() {
    return alpha / rank;
  }
}
