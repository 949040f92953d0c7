package dev.goodhart.serve.protocol;

import dev.goodhart.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which chat templates write turns, as far as a text that begins with one of them can
 * be told by its markers. Reading takes time in proportion to the text, whoever wrote it.
 *
 * <table>
 * <tr><td>ChatML</td><td>{@code <|im_start|>user\n…<|im_end|>} (Qwen, SmolLM, Hermes)</td></tr>
 * <tr><td>Llama 3</td><td>{@code <|start_header_id|>user<|end_header_id|>\n\n…<|eot_id|>}</td></tr>
 * <tr><td>Llama 4</td><td>{@code <|header_start|>user<|header_end|>\n\n…<|eot|>}</td></tr>
 * <tr><td>Gemma</td><td>{@code <start_of_turn>user\n…<end_of_turn>}</td></tr>
 * <tr><td>Llama 2, Mistral</td><td>{@code [INST] … [/INST] …</s>}</td></tr>
 * <tr><td>Zephyr, Tülu, Phi</td><td>{@code <|user|>\n…}</td></tr>
 * <tr><td>DeepSeek</td><td>{@code <｜User｜>…<｜Assistant｜>…}</td></tr>
 * <tr><td>by name</td><td>{@code Human: …}, {@code User: …}, {@code Assistant: …} on lines of their
 * own</td></tr>
 * </table>
 */
final class ChatForm {
  /** More turns than this are nobody's conversation. */
  private static final int MOST = 1000;

  private static final int LONGEST_ROLE = 24;

  private static final Map<String, String> ROLES =
      Map.of("human", "user", "model", "assistant", "ipython", "tool", "developer", "system");

  /** What Llama 3.1's template puts before every system message, and again when it is rendered. */
  private static final String KNOWLEDGE = "Cutting Knowledge Date: ";

  private static final Map<String, String> PIPES =
      Map.of("<|system|>", "system", "<|user|>", "user", "<|assistant|>", "assistant");

  private static final Map<String, String> DEEPSEEK =
      Map.of("<｜User｜>", "user", "<｜Assistant｜>", "assistant");

  private ChatForm() {}

  /**
   * @param messages at least one
   * @param open whether the last turn does not end with the mark of its end
   * @param stripped whether white space around a turn is the template's
   */
  record Turns(List<Message> messages, boolean open, boolean stripped) {
    boolean endsWithAssistant() {
      return messages.getLast().role().equals("assistant");
    }
  }

  /** The turns of a text; null if it begins with no known template's. */
  static @Nullable Turns read(String given) {
    String text = SpecialTokens.afterLeading(given).stripLeading();
    Turns turns = null;
    if (text.startsWith("<|im_start|>")) {
      turns = headers(text, "<|im_start|>", "\n", false);
    } else if (text.startsWith("<|start_header_id|>")) {
      turns = headers(text, "<|start_header_id|>", "<|end_header_id|>", true);
    } else if (text.startsWith("<|header_start|>")) {
      turns = headers(text, "<|header_start|>", "<|header_end|>", true);
    } else if (text.startsWith("<start_of_turn>")) {
      turns = headers(text, "<start_of_turn>", "\n", true);
    } else if (text.startsWith("[INST]") || text.startsWith("[SYSTEM_PROMPT]")) {
      turns = instructions(text);
    } else if (PIPES.keySet().stream().anyMatch(text::startsWith)) {
      turns = marked(text, PIPES, true);
    } else if (text.startsWith("<｜User｜>") || given.startsWith("<｜begin▁of▁sentence｜>")) {
      turns = marked(text, DEEPSEEK, false);
    } else if (text.startsWith("Human:")
        || text.startsWith("User:")
        || text.startsWith("System:")) {
      turns = named("\n" + text);
    }
    return turns == null || turns.messages().isEmpty() || turns.messages().size() > MOST
        ? null
        : turns;
  }

  /** A role between two marks at the head of each turn. */
  private static Turns headers(String text, String open, String close, boolean stripped) {
    List<Message> messages = new ArrayList<>();
    boolean ended = false;
    int at = nextHeader(text, open, close, 0);
    if (at != 0) return new Turns(List.of(), false, stripped);
    while (at >= 0 && messages.size() <= MOST) {
      int role = at + open.length();
      int roleEnd = roleEnd(text, role);
      int content = Math.min(text.length(), roleEnd + close.length());
      int next = nextHeader(text, open, close, content);
      int to = next < 0 ? text.length() : next;
      int end = SpecialTokens.end(text, content, to);
      ended = end < to;
      add(messages, text.substring(role, roleEnd), text.substring(content, end), stripped);
      at = next;
    }
    return new Turns(messages, !ended, stripped);
  }

  /** The next mark that a role and the second mark follow; -1 if there is none. */
  private static int nextHeader(String text, String open, String close, int from) {
    for (int at = text.indexOf(open, from); at >= 0; at = text.indexOf(open, at + 1)) {
      int role = at + open.length();
      int end = roleEnd(text, role);
      if (end > role && (text.startsWith(close, end) || end == text.length())) {
        return at;
      }
    }
    return -1;
  }

  private static int roleEnd(String text, int role) {
    int end = role;
    while (end < text.length()
        && end - role < LONGEST_ROLE
        && (Character.isLetter(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  private static Turns instructions(String text) {
    List<Message> messages = new ArrayList<>();
    int at = 0;
    if (text.startsWith("[SYSTEM_PROMPT]")) {
      int end = text.indexOf("[/SYSTEM_PROMPT]");
      int first = end < 0 ? -1 : text.indexOf("[INST]", end);
      if (first < 0) return new Turns(List.of(), false, true);
      add(messages, "system", text.substring("[SYSTEM_PROMPT]".length(), end), true);
      at = first;
    }
    boolean open = false;
    while (at >= 0 && messages.size() <= MOST) {
      int asked = at + "[INST]".length();
      int close = text.indexOf("[/INST]", asked);
      if (close < 0) {
        user(messages, text.substring(asked, SpecialTokens.end(text, asked, text.length())));
        return new Turns(messages, true, true);
      }
      user(messages, text.substring(asked, close));
      int answer = close + "[/INST]".length();
      int next = text.indexOf("[INST]", answer);
      int to = next < 0 ? text.length() : next;
      int end = SpecialTokens.end(text, answer, to);
      open = end == to;
      add(messages, "assistant", text.substring(answer, end), true);
      at = next;
    }
    return new Turns(messages, open, true);
  }

  /** A user's turn of Llama 2, which may hold the system's message. */
  private static void user(List<Message> messages, String turn) {
    String content = turn.strip();
    int end = content.startsWith("<<SYS>>") ? content.indexOf("<</SYS>>") : -1;
    if (end >= 0) {
      add(messages, "system", content.substring("<<SYS>>".length(), end), true);
      content = content.substring(end + "<</SYS>>".length());
    }
    add(messages, "user", content, true);
  }

  /** One mark for each role; what stands before the first is the system's. */
  private static Turns marked(String text, Map<String, String> roles, boolean stripped) {
    Map<String, Integer> places = new LinkedHashMap<>();
    roles.keySet().forEach(mark -> places.put(mark, text.indexOf(mark)));
    List<Message> messages = new ArrayList<>();
    String mark = first(places);
    if (mark != null && place(places, mark) > 0) {
      add(messages, "system", text.substring(0, place(places, mark)), true);
    }
    boolean ended = false;
    while (mark != null && messages.size() <= MOST) {
      int content = place(places, mark) + mark.length();
      String role = roles.getOrDefault(mark, "user");
      // Each mark is looked for from where it was found last, so that one that never comes is
      // looked for once.
      places.put(mark, text.indexOf(mark, content));
      mark = first(places);
      int to = mark == null ? text.length() : place(places, mark);
      int end = SpecialTokens.end(text, content, to);
      ended = end < to;
      add(messages, role, text.substring(content, end), stripped);
    }
    return new Turns(messages, !ended, stripped);
  }

  /** The mark that comes next; null if none does. */
  private static @Nullable String first(Map<String, Integer> places) {
    String first = null;
    for (String mark : places.keySet()) {
      if (place(places, mark) >= 0
          && (first == null || place(places, mark) < place(places, first))) {
        first = mark;
      }
    }
    return first;
  }

  private static int place(Map<String, Integer> places, String mark) {
    return places.getOrDefault(mark, -1);
  }

  /** Names and colons; turns are parted by an empty line where the first answer is. */
  private static @Nullable Turns named(String text) {
    int answer = text.indexOf("\nAssistant:");
    if (answer < 0) {
      return null;
    }
    boolean spaced = text.charAt(answer - 1) == '\n';
    String line = spaced ? "\n\n" : "\n";
    Map<String, String> roles = new LinkedHashMap<>();
    roles.put(line + "Human:", "user");
    roles.put(line + "User:", "user");
    roles.put(line + "Assistant:", "assistant");
    roles.put(line + "System:", "system");
    return marked(spaced ? "\n" + text : text, roles, true);
  }

  private static void add(List<Message> to, String role, String content, boolean stripped) {
    String name = role.toLowerCase(Locale.ROOT);
    String text = stripped ? content.strip() : content;
    if (name.equals("system")) {
      text = withoutDates(text);
      if (text.isEmpty()) return;
    }
    to.add(new Message(name.isEmpty() ? "user" : ROLES.getOrDefault(name, name), text));
  }

  private static String withoutDates(String system) {
    if (!system.startsWith(KNOWLEDGE)) {
      return system;
    }
    int today = system.indexOf("\nToday Date: ");
    if (today < 0) {
      return system;
    }
    int end = system.indexOf('\n', today + 1);
    return end < 0 ? "" : system.substring(end).strip();
  }
}
