package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sample that does not come from a file but from a program: a server's request, a cluster's row.
 * Its columns have agreed names, so nothing is guessed: {@code prompt} (text or messages; may be
 * missing), {@code response} (text; may be empty, as a policy's may), {@code reference} and {@code
 * id} (text or number; may be missing). All others stay available by name.
 */
public final class SampleColumns {
  private SampleColumns() {}

  /**
   * @param columns by name; values are those of JSON (String, Number, Boolean, List, Map, null)
   * @throws GoodhartException naming the column at fault and what was expected
   */
  public static Sample sample(Map<String, @Nullable Object> columns) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(columns);
    Prompt prompt = prompt(rest.remove("prompt"));
    if (!(rest.remove("response") instanceof String response)) {
      throw wrong("response", "text", columns.get("response"));
    }
    String id = text("id", rest.remove("id"));
    String reference = text("reference", rest.remove("reference"));
    return new Sample(id == null ? "" : id, prompt, response, reference, rest);
  }

  private static Prompt prompt(@Nullable Object value) {
    if (value instanceof List<?> turns && Turns.are(turns)) {
      List<Message> messages = Turns.read(turns);
      return new Prompt(messages);
    }
    return switch (value) {
      case null -> Prompt.NONE;
      case String text -> Prompt.of(text);
      default -> throw wrong("prompt", "text or a list of messages {role, content}", value);
    };
  }

  private static @Nullable String text(String column, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Number number -> number.toString();
      default -> throw wrong(column, "text or a number", value);
    };
  }

  private static GoodhartException wrong(String column, String expected, @Nullable Object value) {
    return new GoodhartException(
        column
            + ": "
            + (value == null
                ? "is missing"
                : "expected " + expected + ", not " + Kind.describe(value)));
  }
}
