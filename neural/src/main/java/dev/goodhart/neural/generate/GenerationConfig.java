package dev.goodhart.neural.generate;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code generation_config.json} of a model's folder, read as Hugging Face's transformers (4)
 * does: without {@code do_sample} the most likely token is taken, and with it {@code top_k} is 50
 * where nothing is said.
 */
public final class GenerationConfig {
  private static final String FILE = "generation_config.json";
  private static final long LARGEST = 1 << 20;

  /** What would change responses and is not known here, with the value that changes nothing. */
  private static final Map<String, Double> UNKNOWN = new LinkedHashMap<>();

  static {
    UNKNOWN.put("num_beams", 1.0);
    UNKNOWN.put("num_beam_groups", 1.0);
    UNKNOWN.put("no_repeat_ngram_size", 0.0);
    UNKNOWN.put("encoder_repetition_penalty", 1.0);
    UNKNOWN.put("typical_p", 1.0);
    UNKNOWN.put("epsilon_cutoff", 0.0);
    UNKNOWN.put("eta_cutoff", 0.0);
    UNKNOWN.put("penalty_alpha", 0.0);
    UNKNOWN.put("min_length", 0.0);
    UNKNOWN.put("min_new_tokens", 0.0);
  }

  private GenerationConfig() {}

  /**
   * The sampling that the folder asks for; the most likely token where it has no such file.
   *
   * @throws GoodhartException if the file cannot be read, or asks for what is not known here
   */
  public static Sampling read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) return Sampling.GREEDY;
    try {
      if (Files.size(file) > LARGEST) throw new GoodhartException(file + ": is over a megabyte");
      return sampling(file, new JsonMapper().readTree(Files.readString(file)));
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    } catch (JacksonException e) {
      throw new GoodhartException(file + ": is not JSON", e);
    } catch (IllegalArgumentException e) {
      throw new GoodhartException(file + ": " + e.getMessage(), e);
    }
  }

  private static Sampling sampling(Path file, JsonNode json) {
    for (var entry : UNKNOWN.entrySet()) {
      JsonNode value = json.path(entry.getKey());
      if (value.isNumber() && value.asDouble() != entry.getValue()) {
        throw new GoodhartException(
            file
                + ": asks for "
                + entry.getKey()
                + " "
                + value
                + ", which Goodhart does not have; take it out of the file");
      }
    }
    boolean samples = json.path("do_sample").asBoolean(false);
    Sampling sampling = Sampling.DEFAULT;
    sampling =
        samples
            ? sampling
                .withTemperature(json.path("temperature").asDouble(1))
                .withTopK(json.path("top_k").asInt(50))
                .withTopP(json.path("top_p").asDouble(1))
                .withMinP(json.path("min_p").asDouble(0))
            : Sampling.GREEDY;
    JsonNode eos = json.path("eos_token_id");
    List<Integer> ends = new ArrayList<>();
    if (eos.isInt()) ends.add(eos.asInt());
    for (JsonNode id : eos) if (id.isInt()) ends.add(id.asInt());
    List<String> stops = new ArrayList<>();
    JsonNode stop = json.path("stop_strings");
    if (stop.isString()) stops.add(stop.asString());
    for (JsonNode text : stop) if (text.isString()) stops.add(text.asString());
    return sampling
        .withRepetitionPenalty(json.path("repetition_penalty").asDouble(1))
        .withMaxTokens(json.path("max_new_tokens").asInt(Sampling.DEFAULT.maxTokens()))
        .withStop(stops)
        .withEos(ends.isEmpty() ? null : ends);
  }
}
