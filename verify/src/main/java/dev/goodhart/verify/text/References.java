package dev.goodhart.verify.text;

import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The true answers that a sample brings along: its reference, or a column that is named. A list
 * holds several answers that are all right; so does a text that is a JSON list of texts or numbers,
 * as files without lists have it; SQuAD's {@code {text: [...]}} is read too.
 */
public final class References {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private References() {}

  /**
   * The references of a sample; empty when it has none.
   *
   * @param column that holds them; the sample's own reference if none is named
   */
  public static List<String> of(Sample sample, Optional<String> column) {
    return column.isEmpty() ? read(sample.reference()) : read(sample.columns().get(column.get()));
  }

  private static List<String> read(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case String text -> text.startsWith("[") && text.endsWith("]") ? list(text) : List.of(text);
      case List<?> list -> {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.addAll(item instanceof String t ? List.of(t) : read(item)));
        yield texts;
      }
      case Map<?, ?> map -> read(map.get("text"));
      case Object other -> List.of(other.toString());
    };
  }

  private static List<String> list(String text) {
    try {
      List<String> texts = new ArrayList<>();
      for (Object item : JSON.readValue(text, List.class)) {
        if (!(item instanceof String) && !(item instanceof Number)) {
          return List.of(text);
        }
        texts.add(item.toString());
      }
      return texts.isEmpty() ? List.of(text) : texts;
    } catch (JacksonException e) {
      return List.of(text); // an interval, a matrix, a word in brackets
    }
  }
}
