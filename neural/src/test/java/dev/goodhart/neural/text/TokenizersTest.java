package dev.goodhart.neural.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading the tokenizers of models' folders. */
class TokenizersTest {
  /**
   * A tokenizer in the way of Llama 2: pieces with ▁ for a space, bytes as a last resort, the
   * beginning-of-text token in front, and a truncation that somebody left switched on.
   */
  private static final String PIECES =
      """
      {"version": "1.0",
       "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
       "padding": null,
       "added_tokens": [
         {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true},
         {"id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true}],
       "normalizer": {"type": "Sequence", "normalizers": [
         {"type": "Prepend", "prepend": "▁"},
         {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
       "pre_tokenizer": null,
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                    {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
       "decoder": {"type": "Sequence", "decoders": [
         {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
         {"type": "ByteFallback"}, {"type": "Fuse"},
         {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
       "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>",
         "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": true,
         "byte_fallback": true,
         "vocab": {"<unk>": 0, "<s>": 1, "<0xE2>": 2, "<0x82>": 3, "<0xAC>": 4,
                   "▁": 5, "a": 6, "b": 7, "▁a": 8},
         "merges": ["▁ a"]}}
      """;

  @TempDir Path folder;

  private Tokenizer pieces() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), PIECES);
    return Tokenizers.open(folder);
  }

  @Test
  void aTextIsNeverCut() throws IOException {
    assertArrayEquals(new int[] {8, 7, 8, 7, 8}, pieces().encode("ab ab a"));
  }

  @Test
  void whatTheModelExpectsAroundATextIsAddedOnRequest() throws IOException {
    Tokenizer tokenizer = pieces();

    assertArrayEquals(new int[] {1, 8, 7}, tokenizer.encode("ab", true));
    assertArrayEquals(new int[] {8, 7}, tokenizer.encode("ab", false));
  }

  @Test
  void aCharacterMadeOfBytesComesOutWhole() throws IOException {
    Tokenizer tokenizer = pieces();
    assertArrayEquals(new int[] {8, 2, 3, 4, 7, 8}, tokenizer.encode("a€b a"));

    Decoding decoding = tokenizer.decoding(false);
    assertEquals("a", decoding.add(8));
    assertEquals("", decoding.add(2));
    assertEquals("", decoding.add(3));
    assertEquals("€", decoding.add(4));
    assertEquals("b", decoding.add(7));
    assertEquals(" a", decoding.add(8));
    assertEquals("", decoding.add(2));
    assertEquals("\ufffd", decoding.end());
  }

  @Test
  void idsThatTheTokenizerDoesNotHaveStandForNoText() throws IOException {
    assertEquals("ab", pieces().decode(new int[] {8, 9_999, 7, -1}));
    assertEquals("a", Tokenizers.bytes().decode(new int[] {'a', 9_999, -1}));
  }

  @Test
  void theConfigNamesTheRoles() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"__type": "AddedToken", "content": "<s>"}, "pad_token": null,
         "added_tokens_decoder": {"9": {"content": "<turn>", "special": true}}}
        """);
    Files.writeString(folder.resolve("special_tokens_map.json"), "{\"eos_token\": \"<turn>\"}");
    Tokenizer tokenizer = pieces();

    assertEquals(OptionalInt.of(1), tokenizer.bos());
    assertEquals(OptionalInt.of(9), tokenizer.eos());
    assertEquals(OptionalInt.empty(), tokenizer.pad());
    assertEquals(10, tokenizer.size());
    assertArrayEquals(new int[] {9, 8}, tokenizer.encode("<turn>a"));
  }

  @Test
  void theModelsConfigNamesRolesThatTheTokenizersDoesNot() throws IOException {
    Files.writeString(
        folder.resolve("config.json"), "{\"bos_token_id\": 1, \"eos_token_id\": [7, 8]}");
    Tokenizer tokenizer = pieces();

    assertEquals(OptionalInt.of(7), tokenizer.eos());
    assertEquals(OptionalInt.of(1), tokenizer.bos());
  }

  @Test
  void whatIsMissingIsNamed() {
    assertEquals(
        folder.resolve("tokenizer.json")
            + ": is not there; expected it beside the model's config.json: download it with the"
            + " model",
        message());
  }

  @Test
  void anOlderTokenizerSaysHowToMakeItNew() throws IOException {
    Files.writeString(folder.resolve("tokenizer.model"), "");

    assertTrue(message().contains("save_pretrained"), message());
  }

  @Test
  void whatIsDamagedIsNamed() throws IOException {
    Path json = folder.resolve("tokenizer.json");
    Files.writeString(json, PIECES.substring(0, 500));
    assertTrue(message().startsWith(json + ": is broken JSON: "), message());

    Files.writeString(json, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
    assertTrue(message().endsWith("(a Git LFS pointer in place of the file: run git lfs pull)"));

    Files.writeString(json, "[]");
    assertEquals(json + ": expected a JSON object {…}; download it again", message());

    Files.writeString(json, "{\"model\": {\"type\": \"BPE\"}}");
    assertTrue(
        message().startsWith(json + ": has no model with a vocab (its model is of type BPE)"));

    Files.writeString(json, PIECES.replace("\"ByteFallback\"", "\"Sideways\""));
    assertTrue(message().startsWith(json + ": is no tokenizer that Hugging Face's library"));

    Files.writeString(json, PIECES.replace("\"▁a\": 8", "\"▁a\": 2000000000"));
    assertTrue(message().startsWith(json + ": token ▁a has the id 2000000000, expected"));
  }

  private String message() {
    return assertThrows(GoodhartException.class, () -> Tokenizers.open(folder)).getMessage();
  }

  /** Ids and prompts as the folder's description has them. */
  @Test
  void theCharactersOfAPublishedModelAreRead() {
    Path digits = shared("llama-digits");
    Tokenizer tokenizer = Tokenizers.open(digits);

    assertEquals(16, tokenizer.size());
    assertArrayEquals(new int[] {5, 14, 6, 15, 13, 14, 8}, tokenizer.encode("1,2:9,4"));
    assertEquals("1,2:9,4", tokenizer.decode(new int[] {5, 14, 6, 15, 13, 14, 8, 0, 1, 2}));
    assertArrayEquals(new int[] {3, 4}, tokenizer.encode("x0"));
    assertEquals(OptionalInt.of(0), tokenizer.special().id("sep_token"));
    assertEquals(OptionalInt.of(1), tokenizer.eos());
    assertEquals(OptionalInt.of(2), tokenizer.pad());
    assertEquals(OptionalInt.empty(), tokenizer.bos());
    tokenizer.save(folder);
    Tokenizer read = Tokenizers.open(folder);
    assertArrayEquals(tokenizer.encode("1,2:9,4<eos>x"), read.encode("1,2:9,4<eos>x"));
    assertEquals(tokenizer.special(), read.special());
  }

  static Path shared(String model) {
    String given = System.getProperty("goodhart.data", System.getenv("GOODHART_DATA"));
    Path path =
        (given == null ? Path.of("../../shared/data") : Path.of(given))
            .resolve("hf-tiny")
            .resolve(model);
    Assumptions.assumeTrue(Files.exists(path), () -> path + " is not there: set GOODHART_DATA");
    return path;
  }
}
