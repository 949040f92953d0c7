package dev.goodhart.neural.model;

import org.bytedeco.pytorch.Tensor;

/**
 * Who sees whom: the one thing in which training, scoring and generating with a {@link Decoder}
 * differ. Everything else in a decoder treats each token by itself, so a batch is one row of tokens
 * without padding.
 */
public interface Attention {
  /**
   * softmax(q·kᵀ·scale)·v for each token over the tokens that it may see.
   *
   * @param layer from 0
   * @param q {@code [tokens, heads, d]}
   * @param k {@code [tokens, kv-heads, d]}, of the same tokens
   * @param v {@code [tokens, kv-heads, d]}
   * @return {@code [tokens, heads, d]}
   */
  Tensor of(int layer, Tensor q, Tensor k, Tensor v, double scale);
}
