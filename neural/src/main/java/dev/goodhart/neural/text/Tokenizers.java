package dev.goodhart.neural.text;

import dev.goodhart.GoodhartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where tokenizers come from. */
public final class Tokenizers {
  /**
   * Reads the tokenizer of a model's folder: {@code tokenizer.json}, or the characters that {@code
   * tokenizer_config.json} lists ({@code char_ords}). Nothing is ever fetched over the network.
   *
   * @throws GoodhartException if there is none or it is damaged, naming the file and what to do
   */
  public static Tokenizer open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new GoodhartException(
          folder + ": is not a folder; expected one with a tokenizer.json, as a model comes in");
    }
    ObjectNode config = JsonFile.read(folder.resolve(TokenizerFiles.CONFIG));
    Path json = folder.resolve(TokenizerFiles.JSON);
    if (Files.exists(json)) {
      TokenizerJson read =
          TokenizerJson.read(json.toString(), JsonFile.text(json), added(folder, config));
      return new JsonTokenizer(
          read,
          specialTokens(folder, roles(folder, config), read.vocabulary()),
          TokenizerFiles.of(folder));
    }
    if (config != null && config.path("char_ords").isArray()) {
      return CharacterTokenizer.read(folder, config);
    }
    throw new GoodhartException(json + ": is not there" + hint(folder));
  }

  private static String hint(Path folder) {
    return Files.exists(folder.resolve("tokenizer.model"))
            || Files.exists(folder.resolve("vocab.json"))
        ? "; the older files in the folder become one with transformers in Python:"
            + " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)"
        : "; expected it beside the model's config.json: download it with the model";
  }

  /** One token for each byte, ids 0 to 255, then the special tokens. Knows every text. */
  public static Tokenizer bytes() {
    return ScratchTokenizers.bytes();
  }

  /**
   * One token for each character that the text holds, in the order of their code points, after the
   * special tokens. Characters that it does not hold become {@code <|unk|>}.
   */
  public static Tokenizer characters(String text) {
    return CharacterTokenizer.of(text);
  }

  /**
   * One token for each of these words, in this order, after the special tokens; text is cut at
   * blanks, and decoded with one blank between words. Other words become {@code <|unk|>}.
   *
   * @param words without blanks, each once
   */
  public static Tokenizer words(List<String> words) {
    return ScratchTokenizers.words(words);
  }

  /** The roles' texts with their ids; a role without a text is looked for in the model's config. */
  private static SpecialTokens specialTokens(
      Path folder, Map<String, String> given, Vocabulary vocabulary) {
    Map<String, String> texts = new LinkedHashMap<>(given);
    Map<String, Integer> ids = new LinkedHashMap<>();
    ObjectNode model = JsonFile.read(folder.resolve("config.json"));
    for (String role : List.of("bos_token", "eos_token", "pad_token")) {
      if (model == null || texts.containsKey(role)) continue;
      JsonNode id = model.path(role + "_id");
      if (id.isArray()) id = id.path(0);
      if (id.isInt() && vocabulary.has(id.asInt())) texts.put(role, vocabulary.token(id.asInt()));
    }
    texts.forEach((role, text) -> vocabulary.id(text).ifPresent(id -> ids.put(role, id)));
    return new SpecialTokens(texts, ids);
  }

  /** Role to text; {@code tokenizer_config.json} has the last word, as in transformers. */
  static Map<String, String> roles(Path folder, @Nullable ObjectNode config) {
    Map<String, String> roles = new LinkedHashMap<>();
    ObjectNode map = JsonFile.read(folder.resolve("special_tokens_map.json"));
    for (ObjectNode file : new @Nullable ObjectNode[] {map, config}) {
      if (file == null) continue;
      for (Map.Entry<String, JsonNode> entry : file.properties()) {
        if (!entry.getKey().endsWith("_token")) continue;
        JsonNode value = entry.getValue();
        // A token is its text, or an object that says how it is stripped.
        JsonNode text = value.isObject() ? value.path("content") : value;
        if (text.isString()) roles.put(entry.getKey(), text.asString());
      }
    }
    return roles;
  }

  /** Tokens of {@code added_tokens.json} and of the config's {@code added_tokens_decoder}. */
  private static Map<String, TokenizerJson.Added> added(Path folder, @Nullable ObjectNode config) {
    Map<String, TokenizerJson.Added> added = new LinkedHashMap<>();
    ObjectNode file = JsonFile.read(folder.resolve("added_tokens.json"));
    if (file != null) {
      for (Map.Entry<String, JsonNode> token : file.properties()) {
        added.put(
            token.getKey(),
            new TokenizerJson.Added(
                id(folder, "added_tokens.json", token.getValue().toString()), true));
      }
    }
    if (config != null) {
      for (Map.Entry<String, JsonNode> token : config.path("added_tokens_decoder").properties()) {
        JsonNode said = token.getValue();
        added.put(
            said.path("content").asString(""),
            new TokenizerJson.Added(
                id(folder, TokenizerFiles.CONFIG, token.getKey()),
                said.path("special").asBoolean(true)));
      }
    }
    added.remove("");
    return added;
  }

  private static int id(Path folder, String file, String text) {
    if (text.matches("[0-9]{1,7}")) return Integer.parseInt(text);
    throw new GoodhartException(
        folder.resolve(file) + ": expected the id of an added token, not " + text);
  }

  private Tokenizers() {}
}
