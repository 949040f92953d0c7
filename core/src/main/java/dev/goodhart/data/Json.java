package dev.goodhart.data;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** JSON text to columns and back. */
final class Json {
  /** How much of a bad row is kept to show. */
  static final int SHOWN = 1 << 16;

  /**
   * Depth, numbers and strings are bounded, a key given twice is an error (one of its values would
   * be lost), and Python's NaN and Infinity are let through to where the column is used.
   */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ObjectReader READER = MAPPER.readerFor(Object.class);

  static String write(@Nullable Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * A list of turns that was put into a text, {@code ["one","two"]}, as Arena-55k has it; other
   * texts as they are.
   */
  static String unpackTurns(String text) {
    if (!text.startsWith("[")) {
      return text;
    }
    try {
      return READER.readValue(text) instanceof java.util.List<?> list
          ? list.stream()
              .map(turn -> turn == null ? "" : turn.toString())
              .collect(java.util.stream.Collectors.joining("\n\n"))
          : text;
    } catch (JacksonException e) {
      return text;
    }
  }

  static boolean isObject(String text) {
    try {
      return READER.readValue(text) instanceof Map<?, ?>;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** A line or an element of a list as a row. */
  static RowResult row(String file, Line line, int limit) {
    if (!line.isWhole()) {
      return bad(
          file, line, "is " + line.length() + " bytes long, more than the limit of " + limit);
    }
    byte[] bytes = line.bytes();
    if (!isUtf8(bytes)) {
      return bad(file, line, "is not UTF-8");
    }
    try {
      if (READER.readValue(bytes) instanceof Map<?, ?> map) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        map.forEach((key, value) -> columns.put((String) key, value));
        return new Row(file, line.number(), columns);
      }
      return bad(file, line, "is not an object {…}");
    } catch (JacksonException e) {
      return bad(file, line, "is broken JSON: " + reason(e));
    }
  }

  private static String reason(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    return e.getLocation() == null || e.getLocation().getColumnNr() <= 0
        ? message
        : message + ", column " + e.getLocation().getColumnNr();
  }

  private static BadRow bad(String file, Line line, String reason) {
    return new BadRow(file, line.number(), null, reason, shown(line.bytes()));
  }

  /**
   * The row as it can be shown; bytes that are no UTF-8 are escaped as {@code \xNN}, so that none
   * is lost.
   */
  static String shown(byte[] bytes) {
    byte[] beginning = bytes.length > SHOWN ? java.util.Arrays.copyOf(bytes, SHOWN) : bytes;
    String text = decode(beginning);
    if (text != null) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    for (byte b : beginning) {
      if (b >= ' ' || b == '\t' || b == '\n') {
        escaped.append((char) b);
      } else {
        escaped.append("\\x").append("%02x".formatted(b & 0xff));
      }
    }
    return escaped.toString();
  }

  /**
   * Java's own decoding is several times as fast as a strict one, and marks what it could not read.
   */
  private static boolean isUtf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).indexOf('\ufffd') < 0 || decode(bytes) != null;
  }

  /** The bytes as text, or null when they are not UTF-8. */
  static @Nullable String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private Json() {}
}
