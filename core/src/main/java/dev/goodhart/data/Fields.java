package dev.goodhart.data;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One row seen through its layout: values by role, with what is wrong said in the row's own column
 * names.
 */
final class Fields {
  /** Where a true answer stands, best first. */
  static final List<String> REFERENCES =
      List.of(
          "reference",
          "answer",
          "label",
          "labels",
          "ground_truth",
          "reward_model.ground_truth",
          "expected_answer",
          "solution");

  final Row row;
  final String id;
  private final Map<String, String> columns;

  /**
   * @param columns the file's columns by role
   */
  Fields(Row row, String id, Map<String, String> columns) {
    this.row = row;
    this.id = id;
    this.columns = columns;
  }

  boolean has(String role) {
    return columns.containsKey(role);
  }

  String column(String role) {
    return columns.getOrDefault(role, role);
  }

  @Nullable Object value(String role) {
    return columns.containsKey(role) ? row.at(column(role)) : null;
  }

  /** The text of a role; empty when the column is null. */
  String text(String role) {
    Object value = value(role);
    if (value == null) {
      throw missing(role);
    }
    String text =
        value instanceof Number || value instanceof Boolean
            ? value.toString()
            : Kind.content(value);
    if (text == null) {
      throw wrong(role, "text", value);
    }
    return text;
  }

  /** The text of a response, which must say something. */
  String response(String role) {
    String text = text(role);
    if (text.isBlank()) {
      throw new BadField(column(role), "is empty");
    }
    return text;
  }

  double number(String role) {
    Object value = value(role);
    Double number = Kind.number(value);
    if (number == null) {
      throw value == null ? missing(role) : wrong(role, "a finite number", value);
    }
    return number;
  }

  double verdict(String role) {
    Object value = value(role);
    Double verdict = Kind.verdict(value);
    if (verdict == null) {
      throw value == null ? missing(role) : wrong(role, "true, false or a number in [0, 1]", value);
    }
    return verdict;
  }

  List<?> list(String role) {
    Object value = value(role);
    if (!(value instanceof List<?> list)) {
      throw value == null ? missing(role) : wrong(role, "a list", value);
    }
    if (list.isEmpty()) {
      throw new BadField(column(role), "is an empty list");
    }
    return list;
  }

  /** The prompt: system text and earlier turns first, an instruction's input after it. */
  Prompt prompt() {
    List<Message> turns = new ArrayList<>();
    if (value("system") instanceof String system && !system.isBlank()) {
      turns.add(new Message("system", system));
    }
    if (value("history") instanceof List<?> history && !Turns.are(history)) {
      for (Object turn : history) {
        if (turn instanceof List<?> pair && pair.size() == 2) {
          turns.add(Message.user(String.valueOf(pair.getFirst())));
          turns.add(Message.assistant(String.valueOf(pair.getLast())));
        }
      }
    }
    if (has("prompt")) {
      Object value = value("prompt");
      if (value instanceof List<?> list && Turns.are(list)) {
        turns.addAll(Turns.read(list));
      } else {
        String text = text("prompt");
        if (value("input") instanceof String input && !input.isBlank()) {
          text = text + "\n\n" + input;
        }
        turns.addAll(Transcript.prompt(text).messages());
      }
    }
    return new Prompt(turns);
  }

  /** The prompt, which must say something: all that a row without a response has. */
  Prompt task() {
    Prompt prompt = prompt();
    if (prompt.text().isBlank()) {
      throw new BadField(column("prompt"), "is empty");
    }
    return prompt;
  }

  /** The true answer as text; a list or an object as JSON; null when the row has none. */
  @Nullable String reference() {
    return text(value("reference"));
  }

  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case List<?> list when list.size() == 1 -> text(list.getFirst());
      case List<?> list -> Json.write(list);
      case Map<?, ?> map -> Json.write(map);
      default -> value.toString();
    };
  }

  Sample sample(String response) {
    return sample(id, response);
  }

  Sample sample(String name, String response) {
    return new Sample(name, prompt(), response, reference(), rest());
  }

  /** The row's columns without those that became the prompt and the responses. */
  Map<String, @Nullable Object> rest() {
    Set<String> used = new HashSet<>();
    columns.forEach(
        (role, column) -> {
          if (CONTENT_ROLES.contains(role)) {
            used.add(column);
          }
        });
    Map<String, @Nullable Object> rest = new LinkedHashMap<>();
    row.columns()
        .forEach(
            (name, value) -> {
              if (!used.contains(name)) {
                rest.put(name, value);
              }
            });
    return rest;
  }

  private static final Set<String> CONTENT_ROLES =
      Set.of(
          "prompt",
          "input",
          "system",
          "history",
          "response",
          "chosen",
          "rejected",
          "first",
          "second",
          "responses",
          "messages");

  BadField missing(String role) {
    return new BadField(column(role), "is missing");
  }

  BadField wrong(String role, String expected, @Nullable Object value) {
    String shown = String.valueOf(value);
    return new BadField(
        column(role),
        "expected "
            + expected
            + ", not "
            + (shown.length() <= 40 && !(value instanceof Map) && !(value instanceof List)
                ? "'" + shown + "'"
                : "a " + Kind.describe(value)));
  }
}
