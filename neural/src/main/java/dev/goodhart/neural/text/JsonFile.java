package dev.goodhart.neural.text;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON files of a model's folder, which a stranger may have written. */
final class JsonFile {
  /** The largest tokenizers published have some 35 MB. */
  static final long LARGEST = 256L << 20;

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .build())
          .build();

  /** The object in a file, or null if there is no such file. */
  static @Nullable ObjectNode read(Path file) {
    return Files.exists(file) ? parse(file.toString(), text(file)) : null;
  }

  /** The text of a file. */
  static String text(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST) {
        throw new GoodhartException(
            file + ": has " + size + " bytes, more than the limit of " + LARGEST);
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new GoodhartException(file + ": is not UTF-8; download it again", e);
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    }
  }

  static ObjectNode parse(String name, String text) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) return object;
      throw new GoodhartException(name + ": expected a JSON object {…}; download it again");
    } catch (JacksonException e) {
      String reason =
          String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("broken JSON");
      String hint =
          text.startsWith("version https://git-lfs")
              ? " (a Git LFS pointer in place of the file: run git lfs pull)"
              : "; download it again";
      throw new GoodhartException(name + ": is broken JSON: " + reason + hint, e);
    }
  }

  static String write(JsonNode node) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
  }

  private JsonFile() {}
}
