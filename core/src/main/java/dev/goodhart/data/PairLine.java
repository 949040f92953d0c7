package dev.goodhart.data;

import dev.goodhart.Message;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes preferences in the explicit-prompt layout, one JSON object a line, for any trainer and for
 * reading back here.
 */
public final class PairLine {
  /**
   * The line of a pair, without the line break. What is as usual (a certain winner, weight 1) is
   * left out; the pair's other columns follow, unless one has a name that the pair itself uses.
   */
  public static String of(Preference pair) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("id", pair.id());
    line.put("prompt", prompt(pair.prompt()));
    line.put("chosen", pair.chosen());
    line.put("rejected", pair.rejected());
    if (pair.probability() != 1) {
      line.put("probability", pair.probability());
    }
    pair.strength().ifPresent(strength -> line.put("strength", strength));
    if (pair.weight() != 1) {
      line.put("weight", pair.weight());
    }
    pair.columns().forEach(line::putIfAbsent);
    return Json.write(line);
  }

  /** A text where it is one turn of the user's, else a message list. */
  private static Object prompt(Prompt prompt) {
    List<Message> messages = prompt.messages();
    if (messages.isEmpty()) {
      return "";
    }
    boolean plain = messages.size() == 1 && messages.getFirst().role().equals("user");
    return plain && !Transcript.is(messages.getFirst().content())
        ? messages.getFirst().content()
        : messages.stream()
            .map(
                m -> {
                  Map<String, String> turn = new LinkedHashMap<>();
                  turn.put("role", m.role());
                  turn.put("content", m.content());
                  return turn;
                })
            .toList();
  }

  private PairLine() {}
}
