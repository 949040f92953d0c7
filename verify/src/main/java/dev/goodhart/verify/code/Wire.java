package dev.goodhart.verify.code;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what a candidate's process says its functions returned ({@code wire.py} says how it is
 * written). Trusts none of it.
 */
final class Wire {
  /** Stands for a value that JSON has no form for; equal to nothing. */
  private static final Object UNLIKE = new Object();

  /** For the data's own tests, which may hold long texts and numbers. */
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(1_000_000)
                          .maxStringLength(256 << 20)
                          .maxNestingDepth(500)
                          .build())
                  .build())
          .build();

  /**
   * For what comes from a candidate: a long number, slow to read, is never written in decimal
   * there.
   */
  private static final JsonMapper STRICT = new JsonMapper();

  private Wire() {}

  /**
   * What one call gave: a value, or the text of what it raised; or that it was not a frame at all.
   */
  sealed interface Answer {
    record Value(@Nullable Object value) implements Answer {}

    record Raised(String text) implements Answer {}

    record Malformed(String why) implements Answer {}
  }

  /**
   * The frames in these bytes; a last one that is cut off counts as not sent, since its sender may
   * have been stopped in it.
   */
  static List<Answer> answers(ByteBuffer bytes, int most) {
    List<Answer> answers = new ArrayList<>();
    ByteBuffer buffer = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.remaining() >= 4) {
      int size = buffer.getInt();
      if (size < 0 || answers.size() == most) {
        answers.add(
            new Answer.Malformed(
                size < 0 ? "a frame of " + size + " bytes" : "more answers than calls"));
        break;
      }
      if (size > buffer.remaining()) {
        break;
      }
      byte[] frame = new byte[size];
      buffer.get(frame);
      answers.add(answer(frame));
    }
    return answers;
  }

  private static Answer answer(byte[] frame) {
    try {
      JsonNode node = STRICT.readTree(frame);
      if (node.has("raised")) {
        return new Answer.Raised(node.get("raised").asString(""));
      }
      return node.has("value")
          ? new Answer.Value(value(node.get("value")))
          : new Answer.Malformed("neither a value nor an error");
    } catch (JacksonException | IllegalArgumentException e) {
      return new Answer.Malformed("not a message");
    }
  }

  private static @Nullable Object value(JsonNode node) {
    if (node.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      node.forEach(item -> list.add(value(item)));
      return list;
    }
    if (!node.isObject()) {
      return plain(node);
    }
    if (node.size() != 1) {
      throw new IllegalArgumentException("a value with " + node.size() + " tags");
    }
    Map.Entry<String, JsonNode> entry = node.properties().iterator().next();
    JsonNode body = entry.getValue();
    return switch (entry.getKey()) {
      case "i" -> whole(body.asString(""));
      case "f" -> fraction(body.asString(""));
      case "t", "q" -> value(body);
      case "d", "C", "o" -> map(body);
      default -> UNLIKE;
    };
  }

  private static @Nullable Object plain(JsonNode node) {
    return switch (node.getNodeType()) {
      case NULL -> null;
      case BOOLEAN -> node.booleanValue();
      case STRING -> node.stringValue();
      case NUMBER -> node.isIntegralNumber() ? node.bigIntegerValue() : (Object) node.doubleValue();
      default -> UNLIKE;
    };
  }

  private static BigInteger whole(String hexadecimal) {
    boolean negative = hexadecimal.startsWith("-");
    String digits = hexadecimal.replaceFirst("^-?0x", "");
    BigInteger value =
        new BigInteger(
            1, HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "0" + digits));
    return negative ? value.negate() : value;
  }

  private static Double fraction(String name) {
    return switch (name) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** With keys as JSON has them: text. */
  private static Map<String, @Nullable Object> map(JsonNode pairs) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (JsonNode pair : pairs) {
      if (!pair.isArray() || pair.size() != 2) {
        throw new IllegalArgumentException("not a pair");
      }
      map.put(String.valueOf(value(pair.get(0))), value(pair.get(1)));
    }
    return map;
  }
}
