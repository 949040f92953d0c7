package dev.goodhart.verify.structure;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes JSON out of a text, strictly and with its depth bounded. */
final class JsonText {
  private final JsonMapper mapper;

  JsonText(int maxDepth) {
    mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(maxDepth)
                            .maxNumberLength(1000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
  }

  /** The JSON that a text holds; null where it holds none. */
  @Nullable JsonNode read(String text, JsonSignal.Source source) {
    String whole = text.strip();
    return switch (source) {
      case WHOLE -> parsed(whole);
      case FENCED -> parsed(fenced(whole));
      case EITHER ->
          whole.startsWith("{") || whole.startsWith("[") || !whole.contains("```")
              ? parsed(whole)
              : parsed(fenced(whole));
    };
  }

  private @Nullable JsonNode parsed(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      return mapper.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  /**
   * The last closed block marked {@code json}, else the last that is not marked. A fence is a line
   * that begins with three backticks.
   */
  private static @Nullable String fenced(String text) {
    String marked = null;
    String unmarked = null;
    int open = -1;
    String language = "";
    for (int at = 0; at <= text.length(); ) {
      int newline = text.indexOf('\n', at);
      int end = newline < 0 ? text.length() : newline;
      if (text.startsWith("```", skipSpaces(text, at, end))) {
        String rest = text.substring(skipSpaces(text, at, end) + 3, end).strip();
        if (open < 0) {
          open = end + 1;
          language = rest;
        } else if (rest.isEmpty()) {
          String block = text.substring(Math.min(open, at), at);
          if (language.toLowerCase(Locale.ROOT).startsWith("json")) {
            marked = block;
          } else if (language.isEmpty()) {
            unmarked = block;
          }
          open = -1;
        }
      }
      at = end + 1;
    }
    return marked != null ? marked : unmarked;
  }

  private static int skipSpaces(String text, int from, int end) {
    int at = from;
    while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }
}
