package dev.goodhart.serve.http;

import dev.goodhart.serve.scoring.Refusal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Bodies to values and back. Strict: a name that stands twice in an object is a mistake. */
public final class Json {
  private static final int DEEPEST = 100;

  /** The parser keeps thousands of names, so that clients could fill the memory with long ones. */
  private static final int LONGEST_NAME = 1000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNameLength(LONGEST_NAME)
                          .maxStringLength(Integer.MAX_VALUE) // the body's limit goes first
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * @throws Refusal 400 naming line and column
   */
  public static @Nullable Object read(byte[] body) {
    try {
      return MAPPER.readValue(body, Object.class);
    } catch (JacksonException e) {
      throw Refusal.bad("the body is not JSON: " + reason(e));
    }
  }

  public static byte[] bytes(Object json) {
    return MAPPER.writeValueAsBytes(json);
  }

  private static String reason(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    return e.getLocation() == null
        ? message
        : "line %d, column %d: %s"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), message);
  }
}
