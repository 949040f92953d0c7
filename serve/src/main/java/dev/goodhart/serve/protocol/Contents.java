package dev.goodhart.serve.protocol;

import dev.goodhart.Message;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.scoring.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Messages whose content is text, or a list of parts of which some are text. */
final class Contents {
  private Contents() {}

  /** Turns of {@code {role, content}}; what has no role (a call of a tool) is passed over. */
  static List<Message> messages(String where, List<?> turns) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      String at = where + "[" + i + "]";
      Fields turn = Fields.of(at, turns.get(i));
      if (turn.has("role")) {
        String role = turn.text("role");
        if (role.isBlank()) {
          throw Refusal.bad(at + ".role: is empty");
        }
        messages.add(
            new Message(
                role.equals("developer") ? "system" : role,
                text(at + ".content", turn.get("content"))));
      } else if (turn.get("output") instanceof String output) {
        messages.add(new Message("tool", output));
      }
    }
    return messages;
  }

  /** The text of a content; the empty text where there is none, or only pictures. */
  static String text(String where, @Nullable Object content) {
    return switch (content) {
      case null -> "";
      case String text -> text;
      case List<?> parts ->
          parts.stream()
              .map(part -> part instanceof Map<?, ?> map ? map.get("text") : part)
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.joining());
      default -> throw Refusal.bad(where + ": expected text or a list of parts");
    };
  }
}
