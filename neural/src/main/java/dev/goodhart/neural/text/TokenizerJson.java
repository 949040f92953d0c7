package dev.goodhart.neural.text;

import dev.goodhart.GoodhartException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a {@code tokenizer.json} says of itself, beyond what its library tells: which token has
 * which id, which are special, and whether its decoder only joins bytes.
 */
record TokenizerJson(String text, Vocabulary vocabulary, boolean isByteLevel) {
  /**
   * Reads the text of a {@code tokenizer.json}. Truncation and padding that someone left switched
   * on in it are taken out: a text is never cut without a word.
   *
   * @param added tokens that other files of the folder add: token to id and whether it is special
   */
  static TokenizerJson read(String name, String text, Map<String, Added> added) {
    ObjectNode json = JsonFile.parse(name, text);
    boolean changed = false;
    for (String cut : List.of("truncation", "padding")) {
      if (!json.path(cut).isMissingNode() && !json.path(cut).isNull()) {
        json.putNull(cut);
        changed = true;
      }
    }
    Map<String, Integer> ids = modelTokens(name, json.path("model"));
    List<String> special = new ArrayList<>();
    for (JsonNode token : json.path("added_tokens")) {
      String content = token.path("content").asString("");
      ids.put(content, id(name, content, token.path("id")));
      if (token.path("special").asBoolean(false)) special.add(content);
    }
    for (Map.Entry<String, Added> more : added.entrySet()) {
      if (ids.containsKey(more.getKey())) continue;
      json.withArray("added_tokens").add(more.getValue().json(more.getKey()));
      ids.put(more.getKey(), more.getValue().id());
      if (more.getValue().special()) special.add(more.getKey());
      changed = true;
    }
    return new TokenizerJson(
        changed ? JsonFile.MAPPER.writeValueAsString(json) : text,
        new Vocabulary(ids, special),
        isByteLevel(json.path("decoder")));
  }

  /** A token that a file beside {@code tokenizer.json} adds. */
  record Added(int id, boolean special) {
    ObjectNode json(String content) {
      return JsonFile.MAPPER
          .createObjectNode()
          .put("id", id)
          .put("content", content)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", special);
    }
  }

  private static Map<String, Integer> modelTokens(String name, JsonNode model) {
    JsonNode vocabulary = model.path("vocab");
    Map<String, Integer> ids = new LinkedHashMap<>();
    if (vocabulary.isObject()) {
      for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
        ids.put(token.getKey(), id(name, token.getKey(), token.getValue()));
      }
    } else if (vocabulary instanceof ArrayNode pieces) {
      // Unigram: [piece, score] in the order of the ids.
      for (JsonNode piece : pieces) ids.put(piece.path(0).asString(""), ids.size());
    } else {
      throw new GoodhartException(
          name
              + ": has no model with a vocab (its model is of type "
              + model.path("type").asString("unknown")
              + "); expected a tokenizer of Hugging Face's tokenizers library");
    }
    return ids;
  }

  /** Ids index an array: one of two thousand million would be an attack on the memory. */
  private static int id(String name, String token, JsonNode id) {
    if (id.isInt() && id.asInt() >= 0 && id.asInt() < 1 << 24) return id.asInt();
    throw new GoodhartException(
        name + ": token " + token + " has the id " + id + ", expected a number from 0 to 16777215");
  }

  private static boolean isByteLevel(JsonNode decoder) {
    JsonNode only =
        decoder.path("type").asString("").equals("Sequence") && decoder.path("decoders").size() == 1
            ? decoder.path("decoders").path(0)
            : decoder;
    return only.path("type").asString("").equals("ByteLevel");
  }
}
