package dev.goodhart.data;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import java.util.ArrayList;
import java.util.List;

/**
 * Dialogues in one text, in Anthropic's way: {@code \n\nHuman: … \n\nAssistant: …}. Two transcripts
 * that share a beginning are a prompt and two responses: the prompt ends with the last {@code
 * \n\nAssistant:} that both have.
 *
 * @param prompt what both share
 */
record Transcript(Prompt prompt, String chosen, String rejected) {
  private static final String HUMAN = "\n\nHuman:";
  private static final String ASSISTANT = "\n\nAssistant:";

  static boolean is(String text) {
    return text.startsWith(HUMAN) || (text.startsWith("Human:") && text.contains(ASSISTANT));
  }

  /** Splits two texts where they part; texts that are no dialogues part at a word. */
  static Transcript split(String chosen, String rejected) {
    int shared = shared(chosen, rejected);
    if (is(chosen) && is(rejected)) {
      int answer = chosen.substring(0, shared).lastIndexOf(ASSISTANT);
      if (answer < 0) {
        throw new BadField(
            "rejected",
            "shares no beginning with 'chosen' that ends in 'Assistant:', so there is no prompt");
      }
      int end = answer + ASSISTANT.length();
      return new Transcript(
          new Prompt(turns(chosen.substring(0, answer))),
          afterColon(chosen, end),
          afterColon(rejected, end));
    }
    int word = Math.min(shared, Math.min(chosen.length(), rejected.length()) - 1);
    while (word > 0 && !Character.isWhitespace(chosen.charAt(word - 1))) {
      word--;
    }
    return new Transcript(
        Prompt.of(chosen.substring(0, word).stripTrailing()),
        chosen.substring(word),
        rejected.substring(word));
  }

  /**
   * A text as a prompt: a transcript's turns, or one user turn. A last {@code Assistant:} left open
   * is no turn.
   */
  static Prompt prompt(String text) {
    if (!is(text)) {
      return Prompt.of(text);
    }
    List<Message> turns = turns(text);
    Message last = turns.getLast();
    boolean open = last.role().equals("assistant") && last.content().isBlank();
    return new Prompt(open ? turns.subList(0, turns.size() - 1) : turns);
  }

  private static List<Message> turns(String text) {
    List<Message> turns = new ArrayList<>();
    String rest = text.startsWith("Human:") ? "\n\n" + text : text;
    int at = 0;
    while (at < rest.length()) {
      boolean human = rest.startsWith(HUMAN, at);
      int begin = at + (human ? HUMAN : ASSISTANT).length();
      int end = next(rest, begin);
      String content = rest.substring(begin, end).strip();
      turns.add(human ? Message.user(content) : Message.assistant(content));
      at = end;
    }
    return turns;
  }

  private static int next(String text, int from) {
    int human = text.indexOf(HUMAN, from);
    int assistant = text.indexOf(ASSISTANT, from);
    int end = text.length();
    return Math.min(human < 0 ? end : human, assistant < 0 ? end : assistant);
  }

  private static String afterColon(String text, int from) {
    return text.startsWith(" ", from) ? text.substring(from + 1) : text.substring(from);
  }

  private static int shared(String one, String other) {
    int n = 0;
    int most = Math.min(one.length(), other.length());
    while (n < most && one.charAt(n) == other.charAt(n)) {
      n++;
    }
    return n;
  }
}
