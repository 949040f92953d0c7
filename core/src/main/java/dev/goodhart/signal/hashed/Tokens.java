package dev.goodhart.signal.hashed;

/**
 * The words and marks of a text as hashes, read without making a string. A word is a run of letters
 * and digits in lower case, with an apostrophe inside it ("don't"); every other character but the
 * blank is a mark of its own, line breaks too.
 */
final class Tokens {
  /** What a token is. */
  static final byte OTHER = 0;

  static final byte LONG_WORD = 1;
  static final byte NUMBER = 2;

  /** From how many characters on a word is a long one: such words carry what a text is about. */
  private static final int LONG = 5;

  private static final long PRIME = 0x9e3779b97f4a7c15L;
  private static final long START = 0x2545f4914f6cdd1dL;
  private static final char[] LOWER = lower();

  char[] text = new char[1 << 12];
  long[] hashes = new long[1 << 12];
  byte[] kinds = new byte[1 << 12];

  /** How many characters {@link #text} holds. */
  int characters;

  /** How many tokens there are. */
  int count;

  void read(String source) {
    characters = source.length();
    if (text.length < characters) {
      int size = Math.max(characters, 2 * text.length);
      text = new char[size];
      hashes = new long[size];
      kinds = new byte[size];
    }
    source.getChars(0, characters, text, 0);
    tokenise(text, characters);
  }

  private void tokenise(char[] chars, int n) {
    int k = 0;
    int i = 0;
    while (i < n) {
      char c = chars[i];
      char lower = lower(c);
      if (lower == 0) {
        if (c != ' ') {
          kinds[k] = OTHER;
          hashes[k++] = mix(c);
        }
        i++;
        continue;
      }
      int begin = i;
      boolean number = c <= '9';
      long hash = START;
      do {
        hash = (hash ^ lower) * PRIME;
        if (++i == n) {
          break;
        }
        c = chars[i];
        lower = lower(c);
        if (c == '\'' && i + 1 < n && lower(chars[i + 1]) != 0) {
          lower = c;
        }
      } while (lower != 0);
      kinds[k] = number ? NUMBER : i - begin >= LONG ? LONG_WORD : OTHER;
      hashes[k++] = mix(hash);
    }
    count = k;
  }

  /** MurmurHash3's finaliser: every input bit moves every output bit. */
  static long mix(long z) {
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  static boolean isAsciiLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  /** A letter in lower case or a digit as it is; 0 for what is no part of a word. */
  private static char lower(char c) {
    if (c < 128) {
      return LOWER[c];
    }
    return Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : 0;
  }

  private static char[] lower() {
    char[] table = new char[128];
    for (char c = 0; c < 128; c++) {
      table[c] = isAsciiLetterOrDigit(c) ? Character.toLowerCase(c) : 0;
    }
    return table;
  }
}
