package dev.goodhart.serve.protocol;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import java.util.List;

/**
 * What a trainer sends when it sends one text: a conversation that its tokenizer decoded, special
 * tokens and all, taken apart again into the prompt's messages and the response. A reward model
 * that writes them through the same template reads the same text.
 *
 * <p>The templates known by their markers are those of {@link ChatForm}. Text in none of them is a
 * response without a prompt. Nothing of a conversation is left out but the markers, and the tokens
 * that begin, end and pad a text.
 *
 * <p>A policy that writes the markers of a turn itself can make one text mean another conversation.
 * Who sends the prompt beside the text ({@link #of(String, String)}) is safe from that.
 */
record RenderedChat(Prompt prompt, String response) {
  /** Fewer characters than this may stand at the end of a prompt and begin a text by chance. */
  private static final int CHANCE = 16;

  /**
   * Of a text alone: its last turn is the response if it is the assistant's; otherwise the response
   * is empty.
   */
  static RenderedChat of(String text) {
    ChatForm.Turns turns = ChatForm.read(text);
    if (turns == null) {
      return new RenderedChat(
          Prompt.NONE, SpecialTokens.beforeTrailing(SpecialTokens.afterLeading(text)));
    }
    List<Message> messages = turns.messages();
    return turns.endsWithAssistant()
        ? new RenderedChat(
            new Prompt(messages.subList(0, messages.size() - 1)), messages.getLast().content())
        : new RenderedChat(new Prompt(messages), "");
  }

  /**
   * Of a text that begins with a known prompt, itself plain or rendered: the response is what
   * follows. What the template has begun of the assistant's turn, such as {@code <think>}, belongs
   * to the response. The text may lack the prompt's beginning, which trainers cut off to make room.
   * A text that begins otherwise is read as {@link #of(String)} reads it.
   */
  static RenderedChat of(String prompt, String text) {
    String before = SpecialTokens.afterLeading(prompt);
    String all = SpecialTokens.afterLeading(text);
    int shared = all.startsWith(before) ? before.length() : overlap(before, all);
    if (shared == 0) {
      return of(text);
    }
    String rest = all.substring(shared);
    ChatForm.Turns turns = ChatForm.read(prompt);
    if (turns == null) {
      return new RenderedChat(Prompt.of(before), SpecialTokens.beforeTrailing(rest));
    }
    List<Message> messages = turns.messages();
    boolean begun = turns.open() && turns.endsWithAssistant();
    String response =
        SpecialTokens.beforeTrailing(begun ? messages.getLast().content() + rest : rest);
    return new RenderedChat(
        new Prompt(begun ? messages.subList(0, messages.size() - 1) : messages),
        turns.stripped() ? response.strip() : response);
  }

  /**
   * How long the longest end of one text is that the other begins with; 0 where it is short enough
   * to be chance.
   */
  private static int overlap(String end, String start) {
    // Knuth, Morris and Pratt: borders[i] is the longest proper border of the first i + 1.
    int most = Math.min(end.length(), start.length());
    int[] borders = new int[most];
    for (int i = 1, k = 0; i < most; i++) {
      while (k > 0 && start.charAt(i) != start.charAt(k)) k = borders[k - 1];
      if (start.charAt(i) == start.charAt(k)) k++;
      borders[i] = k;
    }
    int k = 0;
    for (int i = end.length() - most; i < end.length(); i++) {
      while (k > 0 && (k == most || end.charAt(i) != start.charAt(k))) k = borders[k - 1];
      if (k < most && end.charAt(i) == start.charAt(k)) k++;
    }
    return k < CHANCE ? 0 : k;
  }

  /** A prompt alone, plain or rendered; an assistant's turn that has not begun is left out. */
  static Prompt prompt(String text) {
    ChatForm.Turns turns = ChatForm.read(text);
    if (turns == null) {
      return Prompt.of(SpecialTokens.afterLeading(text));
    }
    List<Message> messages = turns.messages();
    boolean begun =
        turns.open() && turns.endsWithAssistant() && messages.getLast().content().isEmpty();
    return new Prompt(begun ? messages.subList(0, messages.size() - 1) : messages);
  }
}
