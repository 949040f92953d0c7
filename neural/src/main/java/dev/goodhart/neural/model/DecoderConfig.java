package dev.goodhart.neural.model;

import static dev.goodhart.neural.model.DecoderConfig.Family.MISTRAL;
import static dev.goodhart.neural.model.DecoderConfig.Family.QWEN3;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder is: the {@code config.json} of a Hugging Face folder. See {@link ConfigJson} for
 * the file.
 *
 * @param family whose layout the tensors have
 * @param vocabulary how many token ids
 * @param hidden the width of the residual stream
 * @param intermediate the width of the feed-forward layers
 * @param heads of the queries
 * @param kvHeads of keys and values; divides heads
 * @param headDim the width of a head, even
 * @param normEpsilon of the root-mean-square norms
 * @param ropeTheta the base of the rotary frequencies
 * @param ropeScaling null for none
 * @param tiedEmbeddings whether the head for the next token is the embedding table
 * @param attentionBias whether the projections to q, k and v have biases
 * @param outputBias whether the one behind attention has
 * @param mlpBias whether those of the feed-forward layers have
 * @param maxPositions how long a sequence may be
 * @param slidingWindow how many tokens one sees at most; 0 for all
 * @param labels of the classification head; 0 for a head for the next token
 * @param special the ids of {@code bos}, {@code eos} (several, perhaps) and {@code pad}
 */
public record DecoderConfig(
    Family family,
    int vocabulary,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    double normEpsilon,
    double ropeTheta,
    @Nullable RopeScaling ropeScaling,
    boolean tiedEmbeddings,
    boolean attentionBias,
    boolean outputBias,
    boolean mlpBias,
    int maxPositions,
    int slidingWindow,
    int labels,
    Special special) {

  /** Architectures that share this decoder, with the name that their configurations give them. */
  public enum Family {
    LLAMA("llama", "Llama"),
    MISTRAL("mistral", "Mistral"),
    QWEN2("qwen2", "Qwen2"),
    QWEN3("qwen3", "Qwen3");

    final String type;
    final String prefix;

    Family(String type, String prefix) {
      this.type = type;
      this.prefix = prefix;
    }
  }

  /**
   * Ids with a meaning.
   *
   * @param bos null for none
   * @param eos those that end a response
   * @param pad null for none
   */
  public record Special(@Nullable Integer bos, List<Integer> eos, @Nullable Integer pad) {
    public static final Special NONE = new Special(null, List.of(), null);

    public Special {
      eos = List.copyOf(eos);
    }
  }

  public DecoderConfig {
    atLeastOne("vocab_size", vocabulary);
    atLeastOne("hidden_size", hidden);
    atLeastOne("intermediate_size", intermediate);
    atLeastOne("num_hidden_layers", layers);
    atLeastOne("num_attention_heads", heads);
    atLeastOne("num_key_value_heads", kvHeads);
    atLeastOne("head_dim", headDim);
    atLeastOne("max_position_embeddings", maxPositions);
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads " + heads + " is no multiple of num_key_value_heads " + kvHeads);
    }
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException("head_dim must be even, not " + headDim);
    }
    if (!(normEpsilon >= 0 && normEpsilon < 1)) {
      throw new IllegalArgumentException("rms_norm_eps must lie in [0, 1), not " + normEpsilon);
    }
    if (!(ropeTheta > 0)) {
      throw new IllegalArgumentException("rope_theta must be above 0, not " + ropeTheta);
    }
    if (slidingWindow < 0 || labels < 0) {
      throw new IllegalArgumentException("sliding_window and num_labels must be at least 0");
    }
    if (slidingWindow > 0 && family != MISTRAL) {
      throw new IllegalArgumentException("sliding_window: only a Mistral has one in all layers");
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) throw new IllegalArgumentException(name + " must be at least 1, not " + value);
  }

  /** A Llama of 4 layers, 128 wide: 0.8 million weights beside the embeddings. */
  public static DecoderConfig tiny(int vocabulary, Special special) {
    return plain(vocabulary, 128, 344, 4, 4, special);
  }

  /** A Llama of 6 layers, 384 wide: 10 million weights beside the embeddings. */
  public static DecoderConfig small(int vocabulary, Special special) {
    return plain(vocabulary, 384, 1024, 6, 6, special);
  }

  private static DecoderConfig plain(
      int vocabulary, int hidden, int intermediate, int layers, int heads, Special special) {
    return new DecoderConfig(
        Family.LLAMA,
        vocabulary,
        hidden,
        intermediate,
        layers,
        heads,
        heads,
        hidden / heads,
        1e-6,
        10_000,
        null,
        true,
        false,
        false,
        false,
        4096,
        0,
        0,
        special);
  }

  /** The same with a classification head of so many values, or with a head for the next token. */
  public DecoderConfig withLabels(int count) {
    return new DecoderConfig(
        family,
        vocabulary,
        hidden,
        intermediate,
        layers,
        heads,
        kvHeads,
        headDim,
        normEpsilon,
        ropeTheta,
        ropeScaling,
        tiedEmbeddings,
        attentionBias,
        outputBias,
        mlpBias,
        maxPositions,
        slidingWindow,
        count,
        special);
  }

  /** {@code LlamaForCausalLM}, {@code Qwen3ForSequenceClassification}. */
  public String architecture() {
    return family.prefix + (labels > 0 ? "ForSequenceClassification" : "ForCausalLM");
  }

  /** The tensors that it has and their shapes, in the order of the layers. */
  public SequencedMap<String, long[]> shapes() {
    SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", new long[] {vocabulary, hidden});
    for (int i = 0; i < layers; i++) {
      String at = "model.layers." + i + ".";
      shapes.put(at + "input_layernorm.weight", new long[] {hidden});
      long q = (long) heads * headDim;
      long kv = (long) kvHeads * headDim;
      linear(shapes, at + "self_attn.q_proj", q, hidden, attentionBias);
      linear(shapes, at + "self_attn.k_proj", kv, hidden, attentionBias);
      linear(shapes, at + "self_attn.v_proj", kv, hidden, attentionBias);
      linear(shapes, at + "self_attn.o_proj", hidden, q, outputBias);
      if (family == QWEN3) {
        shapes.put(at + "self_attn.q_norm.weight", new long[] {headDim});
        shapes.put(at + "self_attn.k_norm.weight", new long[] {headDim});
      }
      shapes.put(at + "post_attention_layernorm.weight", new long[] {hidden});
      linear(shapes, at + "mlp.gate_proj", intermediate, hidden, mlpBias);
      linear(shapes, at + "mlp.up_proj", intermediate, hidden, mlpBias);
      linear(shapes, at + "mlp.down_proj", hidden, intermediate, mlpBias);
    }
    shapes.put("model.norm.weight", new long[] {hidden});
    if (labels > 0) {
      shapes.put("score.weight", new long[] {labels, hidden});
    } else if (!tiedEmbeddings) {
      shapes.put("lm_head.weight", new long[] {vocabulary, hidden});
    }
    return shapes;
  }

  private static void linear(
      Map<String, long[]> shapes, String name, long out, long in, boolean bias) {
    shapes.put(name + ".weight", new long[] {out, in});
    if (bias) shapes.put(name + ".bias", new long[] {out});
  }

  /** How many weights there are. */
  public long size() {
    return shapes().values().stream().mapToLong(DecoderConfig::product).sum();
  }

  private static long product(long[] shape) {
    long product = 1;
    for (long n : shape) product *= n;
    return product;
  }
}
