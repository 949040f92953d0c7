package dev.goodhart.neural.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationConfigTest {
  @TempDir Path folder;

  @Test
  void aFolderSaysHowItsModelIsSampled() throws IOException {
    // As models of the Qwen2.5 family have it.
    write(
        """
        {"bos_token_id": 151643, "do_sample": true, "eos_token_id": [151645, 151643],
         "pad_token_id": 151643, "repetition_penalty": 1.05, "temperature": 0.7, "top_k": 20,
         "top_p": 0.8, "transformers_version": "4.37.0"}
        """);
    assertEquals(
        new Sampling(0.7, 20, 0.8, 0, 1.05, 256, List.of(), List.of(151645, 151643), 1, 0, 0),
        GenerationConfig.read(folder));
  }

  @Test
  void withoutDoSampleTheMostLikelyTokenIsTaken() throws IOException {
    assertEquals(Sampling.GREEDY, GenerationConfig.read(folder));
    write("{\"eos_token_id\": 1, \"temperature\": 0.6, \"stop_strings\": \"\\n\\n\"}");
    assertEquals(
        Sampling.GREEDY.withEos(List.of(1)).withStop(List.of("\n\n")),
        GenerationConfig.read(folder));
    write("{\"do_sample\": true, \"max_new_tokens\": 9}");
    assertEquals(Sampling.DEFAULT.withTopK(50).withMaxTokens(9), GenerationConfig.read(folder));
  }

  @Test
  void whatIsNotKnownOrDamagedIsAnError() throws IOException {
    assertMessage("{\"num_beams\": 4}", "asks for num_beams 4");
    assertMessage("{\"do_sample\": true, \"top_p\": 7}", "top_p must be in (0, 1], not 7.0");
    assertMessage("{", "is not JSON");
    write("{\"num_beams\": 1, \"typical_p\": 1.0}");
    assertEquals(Sampling.GREEDY, GenerationConfig.read(folder));
  }

  private void assertMessage(String json, String message) throws IOException {
    write(json);
    String found =
        assertThrows(GoodhartException.class, () -> GenerationConfig.read(folder)).getMessage();
    assertTrue(found.contains(message), found);
  }

  private void write(String json) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), json);
  }
}
