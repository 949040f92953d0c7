package dev.goodhart.neural.model;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.embedding;
import static dev.goodhart.neural.engine.Ops.linear;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.rmsNorm;
import static dev.goodhart.neural.engine.Ops.silu;

import dev.goodhart.neural.engine.Device;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer: Llama, Mistral, Qwen2 or Qwen3. It is a function over named weights,
 *
 * <pre>{@code
 * x ← x + o(attention(rope(q(norm(x))), rope(k(norm(x))), v(norm(x))))
 * x ← x + down(silu(gate(norm(x))) · up(norm(x)))
 * }</pre>
 *
 * <p>a layer, and does not own them. Tokens stand in one row without padding; who sees whom is the
 * {@link Attention}'s matter. Safe to call from several threads.
 */
public final class Decoder {
  private final DecoderConfig config;
  private final Map<String, Tensor> weights;
  private final @Nullable Lora lora;
  private final List<Layer> layers;
  private final Device device;
  private final Rope rope;

  private record Layer(
      Tensor norm,
      Linear q,
      Linear k,
      Linear v,
      Linear o,
      @Nullable Tensor qNorm,
      @Nullable Tensor kNorm,
      Tensor mlpNorm,
      Linear gate,
      Linear up,
      Linear down) {}

  /**
   * @param weights by their names in the Hugging Face layout, all on one device and of one type
   * @throws IllegalArgumentException if one is missing, too many or of a wrong shape, naming it
   */
  public Decoder(DecoderConfig config, Map<String, Tensor> weights) {
    this(config, check(config, weights), null, null);
  }

  private Decoder(
      DecoderConfig config, Map<String, Tensor> weights, @Nullable Lora lora, @Nullable Rope rope) {
    this.config = config;
    this.weights = weights;
    this.lora = lora;
    Tensor table = weight("model.embed_tokens.weight");
    this.device = Device.of(table);
    this.rope = rope == null ? new Rope(config, device, table.scalar_type()) : rope;
    this.layers = IntStream.range(0, config.layers()).mapToObj(this::layer).toList();
  }

  private static Map<String, Tensor> check(DecoderConfig config, Map<String, Tensor> weights) {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    config
        .shapes()
        .forEach(
            (name, shape) -> {
              Tensor tensor = weights.get(name);
              if (tensor == null) {
                throw new IllegalArgumentException(
                    name + " " + Arrays.toString(shape) + " is missing");
              }
              if (!Arrays.equals(tensor.shape(), shape)) {
                throw new IllegalArgumentException(
                    name
                        + " has the shape "
                        + Arrays.toString(tensor.shape())
                        + ", expected "
                        + Arrays.toString(shape));
              }
              ordered.put(name, tensor);
            });
    TreeSet<String> extra = new TreeSet<>(weights.keySet());
    extra.removeAll(ordered.keySet());
    if (!extra.isEmpty()) {
      throw new IllegalArgumentException(
          extra.first() + " is not a tensor of a " + config.architecture());
    }
    return Collections.unmodifiableMap(ordered);
  }

  private Layer layer(int i) {
    String at = "model.layers." + i + ".";
    return new Layer(
        weight(at + "input_layernorm.weight"),
        linearOf(at + "self_attn.q_proj"),
        linearOf(at + "self_attn.k_proj"),
        linearOf(at + "self_attn.v_proj"),
        linearOf(at + "self_attn.o_proj"),
        weights.get(at + "self_attn.q_norm.weight"),
        weights.get(at + "self_attn.k_norm.weight"),
        weight(at + "post_attention_layernorm.weight"),
        linearOf(at + "mlp.gate_proj"),
        linearOf(at + "mlp.up_proj"),
        linearOf(at + "mlp.down_proj"));
  }

  private Linear linearOf(String name) {
    return new Linear(
        weight(name + ".weight"),
        weights.get(name + ".bias"),
        lora == null ? null : lora.pairs().get(name),
        lora == null ? 0 : lora.scale());
  }

  private Tensor weight(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  public DecoderConfig config() {
    return config;
  }

  /** The weights by name, in the order of the layers. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /** The adapters that act here. */
  public @Nullable Lora lora() {
    return lora;
  }

  public Device device() {
    return device;
  }

  /** The same weights with adapters, in place of those that act here. */
  public Decoder with(Lora adapters) {
    for (String name : adapters.pairs().keySet()) {
      if (!weights.containsKey(name + ".weight")) {
        throw new IllegalArgumentException(
            name + " is adapted, and there is none in a " + config.architecture());
      }
    }
    return new Decoder(config, weights, adapters, rope);
  }

  /** The last hidden states of packed sequences, {@code [tokens, hidden]}. */
  public Tensor hidden(Packed packed) {
    int longest = Arrays.stream(packed.lengths()).max().orElse(1);
    return hidden(packed.ids(), packed.positions(), longest, packed);
  }

  /**
   * The last hidden states, normalised.
   *
   * @param ids {@code [tokens]}
   * @param positions of each token in its sequence, {@code [tokens]}
   * @param below all positions are below this
   * @return {@code [tokens, hidden]}
   */
  public Tensor hidden(Tensor ids, Tensor positions, int below, Attention attention) {
    Tensor x = embedding(weight("model.embed_tokens.weight"), ids);
    Rope.Angles angles = rope.at(positions, below);
    for (int i = 0; i < layers.size(); i++) {
      x = layer(i, x, angles, attention);
    }
    return rmsNorm(x, weight("model.norm.weight"), config.normEpsilon());
  }

  private Tensor layer(int i, Tensor x, Rope.Angles angles, Attention attention) {
    Layer layer = layers.get(i);
    long n = x.size(0);
    long d = config.headDim();
    Tensor in = rmsNorm(x, layer.norm, config.normEpsilon());
    Tensor q = layer.q.of(in).view(n, config.heads(), d);
    Tensor k = layer.k.of(in).view(n, config.kvHeads(), d);
    Tensor v = layer.v.of(in).view(n, config.kvHeads(), d);
    if (layer.qNorm != null && layer.kNorm != null) {
      q = rmsNorm(q, layer.qNorm, config.normEpsilon());
      k = rmsNorm(k, layer.kNorm, config.normEpsilon());
    }
    Tensor seen = attention.of(i, angles.turn(q), angles.turn(k), v, 1 / Math.sqrt(d));
    x = add(x, layer.o.of(seen.reshape(n, config.heads() * d)));
    in = rmsNorm(x, layer.mlpNorm, config.normEpsilon());
    return add(x, layer.down.of(mul(silu(layer.gate.of(in)), layer.up.of(in))));
  }

  /**
   * Scores of the next token, before softmax.
   *
   * @param hidden {@code [tokens, hidden]}
   * @return {@code [tokens, vocabulary]}
   */
  public Tensor logits(Tensor hidden) {
    if (config.labels() > 0) {
      throw new IllegalStateException(
          "a " + config.architecture() + " has no head for the next token");
    }
    String head = config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
    return linear(hidden, weight(head));
  }

  /**
   * The values of the classification head, raw.
   *
   * @param hidden {@code [tokens, hidden]}
   * @return {@code [tokens, labels]}
   */
  public Tensor scores(Tensor hidden) {
    if (config.labels() == 0) {
      throw new IllegalStateException("a " + config.architecture() + " has no head for scores");
    }
    return linear(hidden, weight("score.weight"));
  }
}
