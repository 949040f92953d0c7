package dev.goodhart.neural.reward;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.neural.text.ChatTemplate;
import dev.goodhart.neural.text.Disarmed;
import dev.goodhart.neural.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sample as the tokens that a reward model reads: the conversation with the response as its last
 * turn, through the chat template.
 *
 * @param maxLength of a sample in tokens. Of a longer one the beginning of the prompt is left out;
 *     a response that is itself longer is not scored, since nobody knows how it ends
 * @param disarmed takes the power from special tokens in prompts and responses
 */
public record RewardText(
    Tokenizer tokenizer, ChatTemplate template, int maxLength, Disarmed disarmed) {
  public RewardText {
    if (maxLength < 1) {
      throw new IllegalArgumentException("max-length must be at least 1, not " + maxLength);
    }
  }

  /** What a stranger wrote spells no special tokens here. */
  public RewardText(Tokenizer tokenizer, ChatTemplate template, int maxLength) {
    this(tokenizer, template, maxLength, Disarmed.of(tokenizer));
  }

  /** The turns of a prompt as the template takes them. */
  private List<Message> turns(Prompt prompt) {
    List<Message> turns = new ArrayList<>();
    for (Message turn : prompt.messages()) {
      turns.add(new Message(turn.role(), disarmed.of(turn.content())));
    }
    return turns;
  }

  /** Read at the last token; empty if the response alone is too long. */
  public Optional<Encoded> encode(Prompt prompt, String response) {
    String plain = disarmed.of(response);
    List<Message> turns = turns(prompt);
    turns.add(Message.assistant(plain));
    int[] ids = tokenizer.encode(template.render(turns, false, Map.of()));
    if (ids.length > maxLength) {
      if (tokenizer.encode(plain).length > maxLength) return Optional.empty();
      ids = Arrays.copyOfRange(ids, ids.length - maxLength, ids.length);
    }
    return Optional.of(Encoded.of(ids));
  }

  /**
   * Read at the end of each step; empty if the steps alone are too long.
   *
   * @param steps of the response, at least one
   * @param separator that stood between them
   */
  public Optional<Encoded> encode(Prompt prompt, List<String> steps, String separator) {
    int[] before = tokenizer.encode(template.render(turns(prompt), true, Map.of()));
    List<int[]> parts = new ArrayList<>();
    int tokens = 0;
    for (int i = 0; i < steps.size(); i++) {
      String text = i + 1 < steps.size() ? steps.get(i) + separator : steps.get(i);
      int[] part = tokenizer.encode(disarmed.of(text));
      if (part.length == 0) continue;
      parts.add(part);
      tokens += part.length;
    }
    if (tokens > maxLength || parts.isEmpty()) return Optional.empty();
    int room = Math.min(before.length, maxLength - tokens);
    int[] ids =
        Arrays.copyOf(
            Arrays.copyOfRange(before, before.length - room, before.length), room + tokens);
    int[] marks = new int[parts.size()];
    int at = room;
    for (int i = 0; i < parts.size(); i++) {
      System.arraycopy(parts.get(i), 0, ids, at, parts.get(i).length);
      at += parts.get(i).length;
      marks[i] = at - 1;
    }
    return Optional.of(new Encoded(ids, marks));
  }
}
