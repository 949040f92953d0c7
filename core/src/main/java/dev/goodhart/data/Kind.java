package dev.goodhart.data;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a column holds, as far as telling layouts apart needs it. */
enum Kind {
  TEXT,
  NUMBER,
  /** True or false, a number in [0, 1], or a word such as {@code desirable}. */
  VERDICT,
  /** A message list. */
  TURNS,
  /** Text, one message, a message list, or an object with the text in it. */
  CONTENT,
  TEXTS,
  NUMBERS,
  OBJECTS,
  VERDICTS,
  /** A response and its verdict in one object: {@code {"is_correct": true, "solution": "…"}}. */
  JUDGED,
  /** A list of objects with a text and a rank or a score each. */
  RANKABLE,
  ANY;

  private static final Map<String, Double> WORDS =
      Map.ofEntries(
          Map.entry("true", 1.0),
          Map.entry("yes", 1.0),
          Map.entry("good", 1.0),
          Map.entry("correct", 1.0),
          Map.entry("desirable", 1.0),
          Map.entry("accepted", 1.0),
          Map.entry("false", 0.0),
          Map.entry("no", 0.0),
          Map.entry("bad", 0.0),
          Map.entry("incorrect", 0.0),
          Map.entry("undesirable", 0.0),
          Map.entry("rejected", 0.0));

  /** Where an object keeps its text, in the order in which they are tried. */
  static final List<String> TEXT_FIELDS =
      List.of(
          "text",
          "content",
          "value",
          "response",
          "completion",
          "answer",
          "output",
          "solution",
          "full_text");

  /** How a verdict on one response is called. */
  static final List<String> VERDICT_FIELDS =
      List.of("is_correct", "correct", "passed", "verdict", "label", "kto_tag", "acceptable");

  boolean holds(@Nullable Object value) {
    return switch (this) {
      case TEXT -> value instanceof String;
      case NUMBER -> number(value) != null;
      case VERDICT -> verdict(value) != null;
      case TURNS -> Turns.are(value);
      case CONTENT -> content(value) != null;
      case TEXTS -> all(value, TEXT);
      case NUMBERS -> all(value, NUMBER);
      case VERDICTS -> all(value, VERDICT);
      case OBJECTS ->
          value instanceof List<?> list
              && !list.isEmpty()
              && list.stream().allMatch(Map.class::isInstance);
      case JUDGED ->
          value instanceof Map<?, ?> map
              && content(map) != null
              && VERDICT_FIELDS.stream().anyMatch(field -> VERDICT.holds(map.get(field)));
      case RANKABLE ->
          OBJECTS.holds(value)
              && value instanceof List<?> list
              && list.stream().allMatch(o -> content(o) != null && rank(o) != null);
      case ANY -> value != null;
    };
  }

  private static boolean all(@Nullable Object value, Kind kind) {
    return value instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(kind::holds);
  }

  /** A finite number, also one in a text (all of CSV is text); null when it is none. */
  static @Nullable Double number(@Nullable Object value) {
    double number;
    if (value instanceof Number n) {
      number = n.doubleValue();
    } else if (value instanceof String text && !text.isBlank() && text.length() < 40) {
      try {
        number = Double.parseDouble(text.strip());
      } catch (NumberFormatException e) {
        return null;
      }
    } else {
      return null;
    }
    return Double.isFinite(number) ? number : null;
  }

  /** The probability that something is good; null when the value does not say. */
  static @Nullable Double verdict(@Nullable Object value) {
    if (value instanceof Boolean good) {
      return good ? 1.0 : 0.0;
    }
    if (value instanceof String text) {
      Double word = WORDS.get(text.strip().toLowerCase(java.util.Locale.ROOT));
      if (word != null) {
        return word;
      }
    }
    Double number = number(value);
    return number != null && number >= 0 && number <= 1 ? number : null;
  }

  /**
   * Where a response stands among others, low is better: its rank, or minus its score.
   * UltraFeedback's own overall score is taken last: some of its 10s were meant as 1s, its authors
   * found.
   */
  static @Nullable Double rank(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return null;
    }
    Double rank = number(map.get("rank"));
    if (rank != null) {
      return rank;
    }
    for (String field :
        List.of(
            "fine-grained_score", "score", "rating", "reward", "annotations", "overall_score")) {
      Double score =
          field.equals("annotations") ? meanRating(map.get(field)) : number(map.get(field));
      if (score != null) {
        return -score;
      }
    }
    return null;
  }

  /**
   * The mean of UltraFeedback's {@code {aspect: {"Rating": "4"}}}; null when no aspect is rated.
   */
  private static @Nullable Double meanRating(@Nullable Object annotations) {
    if (!(annotations instanceof Map<?, ?> aspects)) {
      return null;
    }
    double sum = 0;
    int count = 0;
    for (Object aspect : aspects.values()) {
      Double rating = aspect instanceof Map<?, ?> map ? number(map.get("Rating")) : null;
      if (rating != null) {
        sum += rating;
        count++;
      }
    }
    return count == 0 ? null : sum / count;
  }

  /**
   * The text in a value: itself, a turn's, a conversation's, or an object's field; null when it has
   * none.
   */
  static @Nullable String content(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (Turns.are(value) && value instanceof List<?> list) {
      return Turns.text(Turns.read(list));
    }
    if (value instanceof Map<?, ?> map) {
      if (Turns.isTurn(map)) {
        return Turns.message(map).content();
      }
      for (String field : TEXT_FIELDS) {
        String text = map.get(field) == null ? null : content(map.get(field));
        if (text != null) {
          return text;
        }
      }
    }
    return null;
  }

  /** What a value is, in words, for error messages. */
  static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> "text";
      case Boolean b -> "true/false";
      case Number n -> "number";
      case List<?> list when Turns.are(list) -> "messages";
      case List<?> list when TEXTS.holds(list) -> "list of texts";
      case List<?> list when NUMBERS.holds(list) -> "list of numbers";
      case List<?> list when OBJECTS.holds(list) -> "list of objects";
      case List<?> list -> list.isEmpty() ? "empty list" : "list";
      case Map<?, ?> map -> Turns.isTurn(map) ? "message" : "object";
      default -> value.getClass().getSimpleName();
    };
  }
}
