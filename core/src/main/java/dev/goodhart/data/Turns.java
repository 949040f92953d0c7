package dev.goodhart.data;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Conversations as the field writes them: lists of {role, content} or {from, value}. */
final class Turns {
  private static final Map<String, String> ROLES =
      Map.of(
          "human", "user",
          "prompter", "user",
          "gpt", "assistant",
          "bot", "assistant",
          "model", "assistant",
          "chatgpt", "assistant",
          "function_call", "assistant",
          "observation", "tool",
          "function", "tool",
          "developer", "system");

  /** Whether a value is a non-empty list of turns. */
  static boolean are(@Nullable Object value) {
    return value instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(Turns::isTurn);
  }

  /** Whether a value is one turn. */
  static boolean isTurn(@Nullable Object value) {
    return value instanceof Map<?, ?> map
        && ((map.get("role") instanceof String && map.containsKey("content"))
            || (map.get("from") instanceof String && map.containsKey("value")));
  }

  static List<Message> read(List<?> list) {
    List<Message> messages = new ArrayList<>();
    for (Object turn : list) {
      if (turn instanceof Map<?, ?> map) {
        messages.add(message(map));
      }
    }
    return messages;
  }

  static Message message(Map<?, ?> turn) {
    Object role = turn.get("role") != null ? turn.get("role") : turn.get("from");
    String name = String.valueOf(role).strip().toLowerCase(Locale.ROOT);
    Object content = turn.containsKey("content") ? turn.get("content") : turn.get("value");
    String text = content(content);
    if (text.isEmpty() && turn.get("tool_calls") != null) {
      text = Json.write(turn.get("tool_calls"));
    }
    return new Message(ROLES.getOrDefault(name, name.isEmpty() ? "user" : name), text);
  }

  /** A text; or the parts of one, where what is no text shows as {@code <image>}. */
  private static String content(@Nullable Object content) {
    return switch (content) {
      case null -> "";
      case String text -> text;
      case List<?> parts -> parts.stream().map(Turns::part).collect(Collectors.joining());
      default -> Json.write(content);
    };
  }

  private static String part(@Nullable Object part) {
    if (part instanceof Map<?, ?> map) {
      return map.get("text") instanceof String text ? text : "<" + map.get("type") + ">";
    }
    return String.valueOf(part);
  }

  /** Turns as the text of one response: a single assistant turn as it is. */
  static String text(List<Message> turns) {
    return turns.size() == 1 && turns.getFirst().role().equals("assistant")
        ? turns.getFirst().content()
        : new Prompt(turns).text();
  }

  /** How many turns two conversations share at their beginning. */
  static int shared(List<Message> one, List<Message> other) {
    int n = 0;
    while (n < Math.min(one.size(), other.size()) && one.get(n).equals(other.get(n))) {
      n++;
    }
    return n;
  }

  private Turns() {}
}
