package dev.goodhart.neural.model;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.run.AtomicOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Adapters in the layout of Hugging Face's PEFT: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}, in which a projection's A is called {@code
 * base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight} and a score head that was trained
 * with them {@code base_model.model.score.weight}.
 */
public final class PeftFolder {
  private static final String CONFIG = "adapter_config.json";
  private static final String TENSORS = "adapter_model.safetensors";
  private static final String PREFIX = "base_model.model.";
  private static final String SCORE = "score.weight";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private PeftFolder() {}

  /** Whether a folder looks like one. */
  public static boolean is(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  /** What the folder says its adapters are for, a folder or a name on the Hub; null if nothing. */
  public static @Nullable String base(Path folder) {
    String base =
        ConfigJson.json(folder.resolve(CONFIG)).path("base_model_name_or_path").asString("");
    return base.isEmpty() ? null : base;
  }

  /**
   * Puts a folder's adapters on a decoder, and its score head where it has one.
   *
   * @param decoder what the adapters were trained on
   * @throws GoodhartException if they do not fit it, or are of a kind that is not known here
   */
  public static Decoder read(Path folder, Decoder decoder) {
    Path file = folder.resolve(CONFIG);
    JsonNode config = ConfigJson.json(file);
    known(file, config);
    int rank = config.path("r").asInt(0);
    double alpha = config.path("lora_alpha").asDouble(0);
    if (rank < 1 || !(alpha > 0)) {
      throw new GoodhartException(file + ": r and lora_alpha must be above 0");
    }
    // Rank-stabilised: scaled by alpha / √r in place of alpha / r.
    if (config.path("use_rslora").asBoolean(false)) alpha *= Math.sqrt(rank);
    SafeTensors tensors = SafeTensors.open(folder.resolve(TENSORS));
    Decoder headed = withHead(folder, tensors, decoder);
    return headed.with(new Lora(rank, alpha, pairs(folder, tensors, headed, rank)));
  }

  private static void known(Path file, JsonNode config) {
    String type = config.path("peft_type").asString("");
    if (!type.equals("LORA")) {
      throw new GoodhartException(file + ": peft_type is '" + type + "', known is LORA");
    }
    String bias = config.path("bias").asString("none");
    if (!bias.equals("none")) {
      throw new GoodhartException(file + ": bias is '" + bias + "', known is none");
    }
    for (String flag : List.of("use_dora", "fan_in_fan_out", "lora_bias")) {
      if (config.path(flag).asBoolean(false)) {
        throw new GoodhartException(file + ": " + flag + " is not known here");
      }
    }
    for (String pattern : List.of("rank_pattern", "alpha_pattern")) {
      if (!config.path(pattern).isEmpty()) {
        throw new GoodhartException(
            file + ": " + pattern + ": adapters of several ranks are not known here");
      }
    }
  }

  /** The decoder with the head that was trained beside the adapters. */
  private static Decoder withHead(Path folder, SafeTensors tensors, Decoder decoder) {
    long[] shape = tensors.shapes().get(PREFIX + SCORE);
    if (shape == null) return decoder;
    if (shape.length != 2 || shape[0] < 1 || shape[0] > 1_000_000) {
      throw new GoodhartException(
          folder.resolve(TENSORS) + ": " + SCORE + " has the shape " + Arrays.toString(shape));
    }
    Map<String, Tensor> weights = new LinkedHashMap<>(decoder.weights());
    weights.remove("lm_head.weight");
    weights.put(SCORE, read(tensors, PREFIX + SCORE, decoder));
    try {
      return new Decoder(decoder.config().withLabels((int) shape[0]), weights);
    } catch (IllegalArgumentException e) {
      throw new GoodhartException(folder + ": not for this model: " + e.getMessage(), e);
    }
  }

  private static Map<String, Lora.Pair> pairs(
      Path folder, SafeTensors tensors, Decoder decoder, int rank) {
    Map<String, Lora.Pair> pairs = new LinkedHashMap<>();
    TreeSet<String> left = new TreeSet<>(tensors.shapes().keySet());
    left.remove(PREFIX + SCORE);
    for (var weight : decoder.config().shapes().entrySet()) {
      if (!weight.getKey().endsWith("_proj.weight")) continue;
      String name = weight.getKey().substring(0, weight.getKey().length() - ".weight".length());
      String a = PREFIX + name + ".lora_A.weight";
      String b = PREFIX + name + ".lora_B.weight";
      if (!left.remove(a) | !left.remove(b)) continue;
      long[] shape = weight.getValue();
      check(folder, a, tensors, rank, shape[1]);
      check(folder, b, tensors, shape[0], rank);
      pairs.put(name, new Lora.Pair(read(tensors, a, decoder), read(tensors, b, decoder)));
    }
    if (!left.isEmpty()) {
      throw new GoodhartException(
          folder.resolve(TENSORS)
              + ": "
              + left.first()
              + " does not fit a "
              + decoder.config().architecture()
              + " of this size, or lacks its pair");
    }
    return pairs;
  }

  private static void check(
      Path folder, String name, SafeTensors tensors, long rows, long columns) {
    long[] shape = tensors.shapes().get(name);
    long[] expected = {rows, columns};
    if (!Arrays.equals(shape, expected)) {
      throw new GoodhartException(
          folder.resolve(TENSORS)
              + ": "
              + name
              + " has the shape "
              + Arrays.toString(shape)
              + ", expected "
              + Arrays.toString(expected));
    }
  }

  private static Tensor read(SafeTensors tensors, String name, Decoder decoder) {
    ScalarType type = decoder.weights().values().iterator().next().scalar_type();
    return Scope.outside(() -> tensors.read(name, decoder.device(), type.intern()));
  }

  /**
   * Writes a decoder's adapters in 32 bits, with its score head where it has one.
   *
   * @param base what they were trained on: a folder, or a name on the Hub
   * @throws GoodhartException if they cannot be written
   */
  public static void write(Path folder, Decoder decoder, String base) {
    Lora lora = decoder.lora();
    if (lora == null) throw new IllegalArgumentException("the decoder has no adapters");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    lora.pairs()
        .forEach(
            (name, pair) -> {
              tensors.put(PREFIX + name + ".lora_A.weight", pair.a());
              tensors.put(PREFIX + name + ".lora_B.weight", pair.b());
            });
    Tensor score = decoder.weights().get(SCORE);
    if (score != null) tensors.put(PREFIX + SCORE, score);
    SafeTensors.write(folder.resolve(TENSORS), tensors, ScalarType.Float, Map.of("format", "pt"));
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("peft_type", "LORA");
    config.put("task_type", score == null ? "CAUSAL_LM" : "SEQ_CLS");
    config.put("base_model_name_or_path", base);
    config.put("inference_mode", true);
    config.put("r", lora.rank());
    config.put("lora_alpha", lora.alpha());
    config.put("lora_dropout", 0.0);
    config.put("bias", "none");
    config.put("fan_in_fan_out", false);
    config.put("init_lora_weights", true);
    config.put("use_rslora", false);
    config.put("use_dora", false);
    config.put("target_modules", targets(decoder, lora));
    config.put("modules_to_save", score == null ? null : List.of("score"));
    AtomicOutput.write(folder.resolve(CONFIG), JSON.writeValueAsString(config) + "\n");
  }

  /** {@code q_proj} where that of every layer is adapted, else the names in full. */
  private static List<String> targets(Decoder decoder, Lora lora) {
    List<String> targets = new ArrayList<>();
    for (String name : lora.pairs().keySet()) {
      String last = name.substring(name.lastIndexOf('.') + 1);
      boolean everywhere =
          decoder.weights().keySet().stream()
              .filter(w -> w.endsWith("." + last + ".weight"))
              .allMatch(w -> lora.pairs().containsKey(w.substring(0, w.length() - 7)));
      String target = everywhere ? last : name;
      if (!targets.contains(target)) targets.add(target);
    }
    return targets;
  }
}
