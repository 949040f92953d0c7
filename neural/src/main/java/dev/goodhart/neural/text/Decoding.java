package dev.goodhart.neural.text;

/**
 * Text that grows id by id. A token may end in the middle of a character; what is given out is
 * always whole characters, and all pieces together are what {@link Tokenizer#decode(int[],
 * boolean)} says of all ids together.
 *
 * <pre>{@code
 * Decoding decoding = tokenizer.decoding(false);
 * for (int id : generated) print(decoding.add(id));
 * print(decoding.end());
 * }</pre>
 *
 * <p>For one thread.
 */
public interface Decoding {
  /** What the text grows by with this id; empty while a character is incomplete. */
  String add(int id);

  /** What is left when no id follows: U+FFFD for a character that was never completed. */
  String end();
}
