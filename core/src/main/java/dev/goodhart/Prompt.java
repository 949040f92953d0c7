package dev.goodhart;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a response answers: the turns before it, oldest first. A plain-text prompt is one user turn.
 * A prompt may have no turns (an unconditional sample).
 */
public record Prompt(List<Message> messages) {
  public static final Prompt NONE = new Prompt(List.of());

  public Prompt {
    messages = List.copyOf(messages);
  }

  /** A plain-text prompt: one user turn, or {@link #NONE} for the empty text. */
  public static Prompt of(String text) {
    return text.isEmpty() ? NONE : new Prompt(List.of(Message.user(text)));
  }

  /**
   * The turns as one text: a single user turn as it is, a dialogue with a {@code role: } before
   * each turn.
   */
  public String text() {
    if (messages.size() == 1 && messages.getFirst().role().equals("user")) {
      return messages.getFirst().content();
    }
    return messages.stream()
        .map(m -> m.role() + ": " + m.content())
        .collect(Collectors.joining("\n\n"));
  }
}
