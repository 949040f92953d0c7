package dev.goodhart.neural.model;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.cat;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.rows;
import static dev.goodhart.neural.engine.Ops.split;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Scope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (Su et al. 2021) in Hugging Face's layout: dimensions i and i + d/2 of
 * a head turn together by {@code position · θ^(−2i/d)}. Angles are computed in 64 bits.
 */
final class Rope {
  /**
   * The turns of some tokens.
   *
   * @param cos {@code [tokens, 1, d/2]}
   * @param sin {@code [tokens, 1, d/2]}
   */
  record Angles(Tensor cos, Tensor sin) {
    /** Turns {@code [tokens, heads, d]}. */
    Tensor turn(Tensor x) {
      long d = x.size(2);
      List<Tensor> halves = split(x, 2, d / 2, d / 2);
      Tensor a = halves.getFirst();
      Tensor b = halves.getLast();
      return cat(2, List.of(sub(mul(a, cos), mul(b, sin)), add(mul(b, cos), mul(a, sin))));
    }
  }

  private final DecoderConfig config;
  private final Device device;
  private final ScalarType type;
  private int positions;
  private @Nullable Tensor cos;
  private @Nullable Tensor sin;

  Rope(DecoderConfig config, Device device, ScalarType type) {
    this.config = config;
    this.device = device;
    this.type = type;
  }

  /**
   * The angles of tokens at some positions.
   *
   * @param at {@code [tokens]}
   * @param below all positions are below this
   */
  Angles at(Tensor at, int below) {
    Tensor[] table = table(below);
    return new Angles(rows(table[0], at).unsqueeze(1), rows(table[1], at).unsqueeze(1));
  }

  private synchronized Tensor[] table(int below) {
    if (cos == null || sin == null || below > positions) {
      int n = Math.max(256, Integer.highestOneBit(Math.max(1, below - 1)) * 2);
      int half = config.headDim() / 2;
      float[] c = new float[n * half];
      float[] s = new float[n * half];
      for (int i = 0; i < half; i++) {
        double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
        if (config.ropeScaling() != null) frequency = config.ropeScaling().of(frequency);
        for (int p = 0; p < n; p++) {
          c[p * half + i] = (float) Math.cos(p * frequency);
          s[p * half + i] = (float) Math.sin(p * frequency);
        }
      }
      cos = global(c, n, half);
      sin = global(s, n, half);
      positions = n;
    }
    return new Tensor[] {cos, sin};
  }

  /** Lives as long as this object, whatever scope is open. */
  private Tensor global(float[] values, int n, int half) {
    return Scope.outside(() -> device.move(Tensor.create(values, n, half), type));
  }
}
