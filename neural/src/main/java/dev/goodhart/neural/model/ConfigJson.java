package dev.goodhart.neural.model;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.model.DecoderConfig.Family;
import dev.goodhart.neural.model.DecoderConfig.Special;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code config.json} of a Hugging Face folder, read and written. */
public final class ConfigJson {
  /** The file's name. */
  public static final String FILE = "config.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Far more than any configuration; a hostile file is not read into memory. */
  private static final long LARGEST = 16 << 20;

  private ConfigJson() {}

  /**
   * Reads a folder's configuration.
   *
   * @throws GoodhartException if it is missing, damaged, or of something that is not known here
   */
  public static DecoderConfig read(Path folder) {
    Path file = folder.resolve(FILE);
    JsonNode json = json(file);
    try {
      return of(json);
    } catch (IllegalArgumentException | JacksonException e) {
      throw new GoodhartException(file + ": " + e.getMessage(), e);
    }
  }

  static JsonNode json(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new GoodhartException(
            file + ": no such file; expected a model's folder in the Hugging Face layout");
      }
      if (Files.size(file) > LARGEST) {
        throw new GoodhartException(file + ": is larger than 16 MiB, which no such file is");
      }
      JsonNode json = JSON.readTree(Files.readString(file));
      if (!json.isObject()) throw new GoodhartException(file + ": expected a JSON object");
      return json;
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    } catch (JacksonException e) {
      throw new GoodhartException(file + ": damaged: not JSON", e);
    }
  }

  private static DecoderConfig of(JsonNode json) {
    Family family = family(json);
    int hidden = integer(json, "hidden_size", null);
    int heads = integer(json, "num_attention_heads", null);
    if (!text(json, "hidden_act", "silu").equals("silu")) {
      throw new IllegalArgumentException(
          "hidden_act is " + text(json, "hidden_act", "") + ", known is silu");
    }
    JsonNode rope =
        json.path("rope_parameters").isObject()
            ? json.path("rope_parameters")
            : json.path("rope_scaling");
    boolean bias = family == Family.QWEN2 || flag(json, "attention_bias", false);
    return new DecoderConfig(
        family,
        integer(json, "vocab_size", null),
        hidden,
        integer(json, "intermediate_size", null),
        integer(json, "num_hidden_layers", null),
        heads,
        integer(json, "num_key_value_heads", heads),
        integer(json, "head_dim", hidden / Math.max(1, heads)),
        number(json, "rms_norm_eps", 1e-6),
        rope.has("rope_theta")
            ? number(rope, "rope_theta", null)
            : number(json, "rope_theta", 10_000.0),
        scaling(rope),
        flag(json, "tie_word_embeddings", false),
        bias,
        family != Family.QWEN2 && bias,
        flag(json, "mlp_bias", false),
        integer(json, "max_position_embeddings", 2048),
        window(json, family),
        labels(json),
        special(json));
  }

  /** Mistral's layers all have the window; Qwen's only when asked for, and then not all of them. */
  private static int window(JsonNode json, Family family) {
    if (flag(json, "use_sliding_window", false)) {
      throw new IllegalArgumentException(
          "use_sliding_window is true: windows of some layers only are not known here");
    }
    if (family != Family.MISTRAL || json.path("sliding_window").isNull()) return 0;
    return integer(json, "sliding_window", 4096);
  }

  private static Family family(JsonNode json) {
    String type = text(json, "model_type", "");
    for (Family family : Family.values()) {
      if (family.type.equals(type)) return family;
    }
    throw new IllegalArgumentException(
        "model_type is '"
            + type
            + "', known are "
            + Arrays.stream(Family.values()).map(f -> f.type).collect(Collectors.joining(", ")));
  }

  /** Values of the classification head; 0 where the architecture is a causal language model. */
  private static int labels(JsonNode json) {
    String architecture = json.path("architectures").path(0).asString("");
    if (architecture.endsWith("ForCausalLM") || architecture.isEmpty()) return 0;
    if (architecture.endsWith("ForSequenceClassification")) {
      int named = json.path("id2label").isObject() ? json.path("id2label").size() : 2;
      return integer(json, "num_labels", named);
    }
    throw new IllegalArgumentException(
        "architectures names "
            + architecture
            + ", known are ...ForCausalLM and ...ForSequenceClassification");
  }

  private static @Nullable RopeScaling scaling(JsonNode json) {
    String type = text(json, "rope_type", text(json, "type", "default"));
    return switch (type) {
      case "default" -> null;
      case "linear" -> new RopeScaling(type, number(json, "factor", null), 0, 0, 0);
      case "llama3" ->
          new RopeScaling(
              type,
              number(json, "factor", null),
              number(json, "low_freq_factor", null),
              number(json, "high_freq_factor", null),
              integer(json, "original_max_position_embeddings", null));
      default ->
          throw new IllegalArgumentException(
              "rope_scaling is of type '" + type + "', known are default, linear and llama3");
    };
  }

  private static Special special(JsonNode json) {
    return new Special(
        id(json, "bos_token_id"), ids(json, "eos_token_id"), id(json, "pad_token_id"));
  }

  private static @Nullable Integer id(JsonNode json, String key) {
    List<Integer> ids = ids(json, key);
    return ids.isEmpty() ? null : ids.getFirst();
  }

  /** Ids of a key that holds one or several or null. */
  static List<Integer> ids(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (value.isArray()) return value.valueStream().map(v -> v.asInt()).toList();
    return value.isNumber() ? List.of(value.asInt()) : List.of();
  }

  private static int integer(JsonNode json, String key, @Nullable Integer otherwise) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      if (otherwise != null) return otherwise;
      throw new IllegalArgumentException(key + " is missing");
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new IllegalArgumentException(key + " must be a whole number, not " + value);
    }
    return value.intValue();
  }

  private static double number(JsonNode json, String key, @Nullable Double otherwise) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      if (otherwise != null) return otherwise;
      throw new IllegalArgumentException(key + " is missing");
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException(key + " must be a number, not " + value);
    }
    return value.doubleValue();
  }

  private static boolean flag(JsonNode json, String key, boolean otherwise) {
    return json.path(key).asBoolean(otherwise);
  }

  private static String text(JsonNode json, String key, String otherwise) {
    return json.path(key).isString() ? json.path(key).asString() : otherwise;
  }

  /** The file's text for a model whose tensors are stored in 32 bits or as {@code type} says. */
  static String text(DecoderConfig c, String type) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of(c.architecture()));
    json.put("model_type", c.family().type);
    json.put("vocab_size", c.vocabulary());
    json.put("hidden_size", c.hidden());
    json.put("intermediate_size", c.intermediate());
    json.put("num_hidden_layers", c.layers());
    json.put("num_attention_heads", c.heads());
    json.put("num_key_value_heads", c.kvHeads());
    json.put("head_dim", c.headDim());
    json.put("hidden_act", "silu");
    json.put("rms_norm_eps", c.normEpsilon());
    json.put("rope_theta", c.ropeTheta());
    json.put("rope_scaling", scaling(c.ropeScaling()));
    json.put("tie_word_embeddings", c.tiedEmbeddings());
    if (c.family() != Family.QWEN2) json.put("attention_bias", c.attentionBias());
    if (c.family() == Family.LLAMA) json.put("mlp_bias", c.mlpBias());
    json.put("max_position_embeddings", c.maxPositions());
    if (c.family() == Family.MISTRAL) {
      json.put("sliding_window", c.slidingWindow() == 0 ? null : c.slidingWindow());
    }
    if (c.labels() > 0) {
      json.put("num_labels", c.labels());
      Map<String, @Nullable Object> names = new LinkedHashMap<>();
      for (int i = 0; i < c.labels(); i++) names.put(String.valueOf(i), "LABEL_" + i);
      json.put("id2label", names);
    }
    json.put("bos_token_id", c.special().bos());
    List<Integer> eos = c.special().eos();
    json.put("eos_token_id", eos.isEmpty() ? null : eos.size() == 1 ? eos.getFirst() : eos);
    json.put("pad_token_id", c.special().pad());
    json.put("torch_dtype", type);
    return JSON.writeValueAsString(json) + "\n";
  }

  private static @Nullable Map<String, Object> scaling(@Nullable RopeScaling scaling) {
    if (scaling == null) return null;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rope_type", scaling.type());
    json.put("factor", scaling.factor());
    if (scaling.type().equals("llama3")) {
      json.put("low_freq_factor", scaling.low());
      json.put("high_freq_factor", scaling.high());
      json.put("original_max_position_embeddings", scaling.original());
    }
    return json;
  }
}
