package dev.goodhart.neural.text;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that make up a tokenizer: those of the folder it was read from, or the texts of one
 * made from scratch.
 *
 * @param source the folder, or null for one from scratch
 * @param texts file name to text for one from scratch
 */
record TokenizerFiles(@Nullable Path source, Map<String, String> texts) {
  static final String JSON = "tokenizer.json";
  static final String CONFIG = "tokenizer_config.json";

  /** Everything that transformers and others look for, the chat template included. */
  private static final List<String> NAMES =
      List.of(
          JSON,
          CONFIG,
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja",
          "chat_template.json",
          "vocab.json",
          "merges.txt",
          "tokenizer.model");

  static TokenizerFiles of(Path folder) {
    return new TokenizerFiles(folder, Map.of());
  }

  static TokenizerFiles of(Map<String, String> texts) {
    return new TokenizerFiles(null, new LinkedHashMap<>(texts));
  }

  /** How a message calls a file. */
  String name(String file) {
    return source == null ? file : source.resolve(file).toString();
  }

  void save(Path folder) {
    if (source == null) {
      Map<Path, String> files = new LinkedHashMap<>();
      texts.forEach((name, text) -> files.put(folder.resolve(name), text));
      AtomicOutput.write(files);
      return;
    }
    for (String name : NAMES) copy(source.resolve(name), folder.resolve(name));
  }

  private static void copy(Path from, Path to) {
    if (!Files.exists(from)) return;
    try {
      if (Files.exists(to) && Files.isSameFile(from, to)) return;
      try (AtomicOutput output = new AtomicOutput(to)) {
        Files.copy(from, output.stream());
        output.commit();
      }
    } catch (IOException e) {
      throw new GoodhartException(
          to + ": cannot be copied from " + from + ": " + IoReason.of(e), e);
    }
  }
}
