package dev.goodhart.neural.align;

import dev.goodhart.neural.generate.ChatPrompts;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.text.Tokenizer;
import java.util.List;

/**
 * A model that writes responses, with how it reads prompts.
 *
 * @param eos the tokens that end a response
 */
public record Policy(Decoder decoder, Tokenizer tokenizer, ChatPrompts prompts, List<Integer> eos) {
  /** The same with other weights. */
  public Policy with(Decoder other) {
    return new Policy(other, tokenizer, prompts, eos);
  }
}
