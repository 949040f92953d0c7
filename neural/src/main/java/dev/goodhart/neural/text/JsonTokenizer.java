package dev.goodhart.neural.text;

import dev.goodhart.GoodhartException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A {@code tokenizer.json}, read by Hugging Face's own library. */
final class JsonTokenizer implements Tokenizer {
  private final RustTokenizer rust;
  private final Vocabulary vocabulary;
  private final SpecialTokens special;
  private final TokenizerFiles files;

  /** The bytes of each id, where the file's decoder only joins bytes; null where it does more. */
  private final byte @Nullable [][] bytes;

  JsonTokenizer(TokenizerJson json, SpecialTokens special, TokenizerFiles files) {
    try {
      rust = new RustTokenizer(json.text());
    } catch (IllegalArgumentException e) {
      throw new GoodhartException(
          files.name("tokenizer.json")
              + ": is no tokenizer that Hugging Face's library can read ("
              + e.getMessage()
              + "); download it again, or write it with transformers' save_pretrained",
          e);
    }
    vocabulary = json.vocabulary();
    this.special = special;
    this.files = files;
    bytes = json.isByteLevel() ? bytes(vocabulary) : null;
  }

  private static byte @Nullable [][] bytes(Vocabulary vocabulary) {
    byte[][] bytes = new byte[vocabulary.size()][];
    for (int id = 0; id < bytes.length; id++) bytes[id] = ByteLevel.bytes(vocabulary.token(id));
    return bytes;
  }

  @Override
  public int[] encode(String text, boolean special) {
    return rust.encode(WellFormed.of(text), special);
  }

  @Override
  public String decode(int[] ids, boolean special) {
    byte[][] known = bytes;
    if (known == null) {
      for (int id : ids) {
        if (!vocabulary.has(id)) return rust.decode(onlyKnown(ids), special);
      }
      return rust.decode(ids, special);
    }
    int length = 0;
    for (int id : ids) length += bytes(known, id, special).length;
    byte[] text = new byte[length];
    int at = 0;
    for (int id : ids) {
      byte[] token = bytes(known, id, special);
      System.arraycopy(token, 0, text, at, token.length);
      at += token.length;
    }
    return Utf8Decoding.decode(text);
  }

  private int[] onlyKnown(int[] ids) {
    return java.util.Arrays.stream(ids).filter(vocabulary::has).toArray();
  }

  private static final byte[] NONE = {};

  private byte[] bytes(byte[][] known, int id, boolean special) {
    return id < 0 || id >= known.length || !special && isSpecial(id) ? NONE : known[id];
  }

  @Override
  public Decoding decoding(boolean special) {
    byte[][] known = bytes;
    return known == null
        ? new WindowDecoding(this, special)
        : new Utf8Decoding(id -> bytes(known, id, special));
  }

  @Override
  public int size() {
    return vocabulary.size();
  }

  @Override
  public OptionalInt id(String token) {
    return vocabulary.id(token);
  }

  @Override
  public String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public boolean isSpecial(int id) {
    return vocabulary.isSpecial(id);
  }

  @Override
  public SpecialTokens special() {
    return special;
  }

  @Override
  public void save(Path folder) {
    files.save(folder);
  }
}
