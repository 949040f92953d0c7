package dev.goodhart.neural.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The files of tokenizers that Goodhart makes, in the layout that Hugging Face reads. */
final class ScratchTokenizers {
  /** Role to text of the special tokens that every tokenizer from scratch has. */
  static final Map<String, String> ROLES = new LinkedHashMap<>();

  static {
    ROLES.put("bos_token", "<|bos|>");
    ROLES.put("eos_token", "<|eos|>");
    ROLES.put("pad_token", "<|pad|>");
  }

  /** Ids 0 to 255 are the bytes. */
  static Tokenizer bytes() {
    return byteLevel(List.of(), ROLES, false);
  }

  /**
   * A byte-level tokenizer.
   *
   * @param merges pairs of tokens, spelt in the alphabet of bytes, each making the next token from
   *     id 256 on unless an earlier one spells the same
   * @param roles role to text of the special tokens, which get the ids after them
   * @param words whether text is cut into words first, as GPT-2 cuts it
   */
  static Tokenizer byteLevel(List<String[]> merges, Map<String, String> roles, boolean words) {
    ObjectNode vocabulary = JsonFile.MAPPER.createObjectNode();
    for (int b = 0; b < 256; b++) vocabulary.put(String.valueOf(ByteLevel.character(b)), b);
    for (String[] merge : merges) {
      String token = merge[0] + merge[1];
      if (!vocabulary.has(token)) vocabulary.put(token, vocabulary.size());
    }

    ObjectNode json = skeleton(roles, vocabulary.size());
    ObjectNode model = model(json, vocabulary);
    for (String[] merge : merges) model.withArray("merges").addArray().add(merge[0]).add(merge[1]);
    for (String part : List.of("pre_tokenizer", "decoder")) {
      json.putObject(part)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", true)
          .put("use_regex", words);
    }
    return open(json, roles);
  }

  /**
   * A tokenizer whose tokens are single characters.
   *
   * @param characters character to id
   */
  static Map<String, String> characters(
      Map<String, Integer> characters, Map<String, String> roles, Map<String, Integer> ids) {
    ObjectNode vocabulary = JsonFile.MAPPER.createObjectNode();
    ids.forEach((role, id) -> vocabulary.put(roles.get(role), id));
    characters.forEach(vocabulary::put);
    ObjectNode json = skeleton(Map.of(), 0);
    ids.forEach(
        (role, id) ->
            json.withArray("added_tokens")
                .add(
                    new TokenizerJson.Added(id, true)
                        .json(java.util.Objects.requireNonNull(roles.get(role)))));
    model(json, vocabulary).put("unk_token", roles.get("unk_token"));
    json.putObject("decoder").put("type", "Fuse");
    return texts(json, roles);
  }

  /** A tokenizer whose tokens are words between blanks. */
  static Tokenizer words(List<String> words) {
    Map<String, String> roles = new LinkedHashMap<>(ROLES);
    roles.put("unk_token", "<|unk|>");
    ObjectNode json = skeleton(roles, 0);
    json.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    ObjectNode model = json.putObject("model").put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab");
    for (String text : roles.values()) vocabulary.put(text, vocabulary.size());
    for (String word : words) {
      if (word.isBlank() || word.matches("(?s).*\\s.*") || vocabulary.has(word)) {
        throw new IllegalArgumentException(
            "words must be without blanks and each once, not '" + word + "'");
      }
      vocabulary.put(word, vocabulary.size());
    }
    model.put("unk_token", roles.get("unk_token"));
    return open(json, roles);
  }

  private static ObjectNode skeleton(Map<String, String> roles, int firstId) {
    ObjectNode json = JsonFile.MAPPER.createObjectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    json.putArray("added_tokens");
    int id = firstId;
    for (String text : roles.values()) {
      json.withArray("added_tokens").add(new TokenizerJson.Added(id++, true).json(text));
    }
    json.putNull("normalizer").putNull("pre_tokenizer").putNull("post_processor");
    return json.putNull("decoder");
  }

  private static ObjectNode model(ObjectNode json, ObjectNode vocabulary) {
    ObjectNode model = json.putObject("model").put("type", "BPE").putNull("dropout");
    model.putNull("unk_token").putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    model.set("vocab", vocabulary);
    model.putArray("merges");
    return model;
  }

  private static Tokenizer open(ObjectNode json, Map<String, String> roles) {
    Map<String, String> texts = texts(json, roles);
    TokenizerJson read =
        TokenizerJson.read(
            TokenizerFiles.JSON,
            java.util.Objects.requireNonNull(texts.get(TokenizerFiles.JSON)),
            Map.of());
    Map<String, Integer> ids = new LinkedHashMap<>();
    roles.forEach((role, text) -> ids.put(role, read.vocabulary().id(text).orElseThrow()));
    return new JsonTokenizer(read, new SpecialTokens(roles, ids), TokenizerFiles.of(texts));
  }

  private static Map<String, String> texts(ObjectNode json, Map<String, String> roles) {
    ObjectNode config = JsonFile.MAPPER.createObjectNode();
    roles.forEach(config::put);
    config.put("clean_up_tokenization_spaces", false);
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(TokenizerFiles.JSON, JsonFile.write(json));
    texts.put(TokenizerFiles.CONFIG, JsonFile.write(config));
    return texts;
  }

  private ScratchTokenizers() {}
}
