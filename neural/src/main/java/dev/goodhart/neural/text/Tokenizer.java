package dev.goodhart.neural.text;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Turns text into the token ids that a model reads, and back. {@link Tokenizers#open(Path)} reads
 * the one that came with a model; {@link Tokenizers#bytes()}, {@link Tokenizers#characters(String)}
 * and {@link BytePairEncoding} make one for a model from scratch.
 *
 * <p>Special tokens (end of text, turn markers, padding) are recognised where their text stands in
 * the input, as in Hugging Face's libraries: a chat template writes them as text. Text that comes
 * from a stranger can therefore hold them too.
 *
 * <p>Safe to use from several threads at once.
 */
public interface Tokenizer {
  /**
   * The ids of a text and nothing around it, which is what a rendered chat template needs. A lone
   * surrogate is read as U+FFFD.
   */
  default int[] encode(String text) {
    return encode(text, false);
  }

  /**
   * The ids of a text.
   *
   * @param special whether to put around it what the tokenizer's own file asks for around a plain
   *     text (Llama: the beginning-of-text token)
   */
  int[] encode(String text, boolean special);

  /** The text of some ids with special tokens left out. */
  default String decode(int[] ids) {
    return decode(ids, false);
  }

  /**
   * The text of some ids. Bytes that are no UTF-8 become U+FFFD. An id that this tokenizer does not
   * have, which a model with a padded vocabulary can emit, stands for no text.
   *
   * @param special whether special tokens are written out
   */
  String decode(int[] ids, boolean special);

  /** Decodes ids one by one as a model emits them; see {@link Decoding}. */
  Decoding decoding(boolean special);

  /** One more than the largest id: the least vocabulary that a model for this tokenizer has. */
  int size();

  /** The id of a token as the tokenizer's file spells it, special ones included. */
  OptionalInt id(String token);

  /**
   * The token of an id as the tokenizer's file spells it; empty for an id that has none.
   *
   * @throws IndexOutOfBoundsException if the id is negative or not below {@link #size()}
   */
  String token(int id);

  /** Whether the id is a special token: one that carries no text of its own. */
  boolean isSpecial(int id);

  /** The tokens with a role; their texts are what a chat template calls {@code bos_token}, …. */
  SpecialTokens special();

  /** The id that begins a text, if there is one. */
  default OptionalInt bos() {
    return special().bos();
  }

  /** The id that ends a text, if there is one. */
  default OptionalInt eos() {
    return special().eos();
  }

  /** The id that fills up a row of a batch, if there is one. */
  default OptionalInt pad() {
    return special().pad();
  }

  /**
   * Writes {@code tokenizer.json} and {@code tokenizer_config.json} (and what else the tokenizer
   * was read from) into a model's folder, so that Hugging Face's libraries and {@link
   * Tokenizers#open(Path)} read it back.
   *
   * @throws dev.goodhart.GoodhartException if the folder cannot be written
   */
  void save(Path folder);
}
