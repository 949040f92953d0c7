package dev.goodhart.neural.model;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.run.Seeds;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Low-rank adapters of a decoder's projections (Hu et al. 2021, LoRA): the frozen weight W acts as
 * W + (alpha / rank) · B·A.
 *
 * @param rank of A and B, at least 1
 * @param alpha above 0; the adapters are scaled by alpha / rank
 * @param pairs by the name of the projection, {@code model.layers.0.self_attn.q_proj}
 */
public record Lora(int rank, double alpha, Map<String, Pair> pairs) {
  /** Projections of attention and of the feed-forward layers: what is usually adapted. */
  public static final List<String> PROJECTIONS =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

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

  /**
   * Adapters to be trained: A uniform within ±1/√in, B zero, so that at first they change nothing.
   *
   * @param targets names of projections, of which those in all layers are adapted: {@code q_proj}
   * @throws IllegalArgumentException if the decoder has no such projection, naming it
   */
  public static Lora random(
      Decoder decoder, int rank, double alpha, List<String> targets, long seed) {
    Map<String, Pair> pairs = new LinkedHashMap<>();
    Device device = decoder.device();
    for (String target : targets) {
      boolean found = false;
      for (var weight : decoder.weights().entrySet()) {
        String name = weight.getKey();
        if (!name.endsWith("." + target + ".weight") || !PROJECTIONS.contains(target)) continue;
        found = true;
        long out = weight.getValue().size(0);
        long in = weight.getValue().size(1);
        ScalarType type = weight.getValue().scalar_type();
        SplittableRandom random = new Seeds(seed).of("lora " + name);
        float[] a = new float[Math.toIntExact(rank * in)];
        double bound = 1 / Math.sqrt(in);
        for (int i = 0; i < a.length; i++) a[i] = (float) random.nextDouble(-bound, bound);
        pairs.put(
            name.substring(0, name.length() - ".weight".length()),
            new Pair(
                Scope.outside(() -> device.move(Tensor.create(a, rank, in), type)),
                Scope.outside(() -> device.zeros(type, out, rank))));
      }
      if (!found) {
        throw new IllegalArgumentException(
            "'" + target + "' is not a projection of this model; known are " + PROJECTIONS);
      }
    }
    return new Lora(rank, alpha, pairs);
  }

  /**
   * A decoder without adapters that computes what the given one does with them: W + scale · B·A in
   * place of W. Weights that are not adapted are shared.
   */
  public static Decoder merge(Decoder decoder) {
    Lora lora = decoder.lora();
    if (lora == null) return decoder;
    Map<String, Tensor> weights = new LinkedHashMap<>(decoder.weights());
    lora.pairs.forEach(
        (name, pair) ->
            weights.compute(
                name + ".weight",
                (key, weight) -> lora.merged(Objects.requireNonNull(weight, key), pair)));
    return new Decoder(decoder.config(), weights);
  }

  private Tensor merged(Tensor weight, Pair pair) {
    // In 32 bits, so that a model in 16 rounds once.
    return Scope.outside(
        () -> {
          Tensor change =
              Ops.matmul(
                  Ops.to(pair.b.detach(), ScalarType.Float),
                  Ops.to(pair.a.detach(), ScalarType.Float));
          Tensor sum = Ops.add(Ops.to(weight.detach(), ScalarType.Float), Ops.mul(change, scale()));
          return Ops.to(sum, weight.scalar_type().intern());
        });
  }
}
