package dev.goodhart.verify.retrieval;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads a corpus: JSON lines with {@code text} and perhaps {@code id}, or a document a line. */
final class CorpusFile {
  private static final JsonMapper JSON = new JsonMapper();

  private CorpusFile() {}

  static List<Document> read(Path file) {
    boolean json = file.toString().endsWith(".jsonl") || file.toString().endsWith(".ndjson");
    List<Document> documents = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      String line;
      while ((line = lines.readLine()) != null) {
        number++;
        if (!line.isBlank()) {
          String next = String.valueOf(documents.size());
          documents.add(json ? row(file, number, line, next) : new Document(next, line));
        }
      }
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    }
    if (documents.isEmpty()) {
      throw new GoodhartException(file + ": holds no documents");
    }
    return documents;
  }

  private static Document row(Path file, int number, String line, String next) {
    Object row;
    try {
      row = JSON.readValue(line, Object.class);
    } catch (JacksonException e) {
      throw new GoodhartException(
          file + ":" + number + ": is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!(row instanceof Map<?, ?> map) || !(map.get("text") instanceof String text)) {
      throw new GoodhartException(
          file + ":" + number + ": expected an object with a text in 'text'");
    }
    @Nullable Object id = map.get("id");
    return new Document(id == null ? next : id.toString(), text);
  }
}
