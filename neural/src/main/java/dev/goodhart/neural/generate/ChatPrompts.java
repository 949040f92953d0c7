package dev.goodhart.neural.generate;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.neural.text.ChatTemplate;
import dev.goodhart.neural.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Prompts as a model reads them: through its chat template, up to where the assistant's turn
 * begins. A model without a template, which was not trained on conversations, goes on from the text
 * of a single user turn itself.
 *
 * @param template of the model; see {@link ChatTemplate#isPlain()}
 */
public record ChatPrompts(Tokenizer tokenizer, ChatTemplate template) {
  /**
   * With the template of a model's folder.
   *
   * @throws GoodhartException if it cannot be read
   */
  public static ChatPrompts open(Path folder, Tokenizer tokenizer) {
    return new ChatPrompts(tokenizer, ChatTemplate.open(folder, tokenizer));
  }

  /** Without a template, whatever the model's folder has. */
  public static ChatPrompts plain(Tokenizer tokenizer) {
    return new ChatPrompts(tokenizer, ChatTemplate.plain(tokenizer));
  }

  /**
   * The tokens of a conversation.
   *
   * @throws GoodhartException if there are none, or if the template refuses the conversation, in
   *     its words
   */
  public PromptTokens of(long id, Prompt prompt) {
    List<Message> turns = prompt.messages();
    boolean bare = turns.isEmpty() || turns.size() == 1 && turns.getFirst().role().equals("user");
    int[] tokens =
        template.isPlain() && bare
            ? tokenizer.encode(prompt.text(), true)
            : tokenizer.encode(template.render(turns, true, Map.of()));
    if (tokens.length == 0) {
      throw new GoodhartException("an empty prompt: the model has nothing to go on from");
    }
    return new PromptTokens(id, tokens);
  }
}
