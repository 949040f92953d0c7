package dev.goodhart.signal;

import dev.goodhart.Prompt;

/**
 * Tells prompts apart that differ by more than case and white space: a 64-bit hash of the text in
 * lower case with each run of white space as one blank and none around it. Prompts of one key never
 * stand on two sides of a split.
 */
public final class PromptKey {
  private PromptKey() {}

  public static long of(Prompt prompt) {
    return of(prompt.text());
  }

  public static long of(String text) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, then mixed
    boolean any = false;
    boolean blank = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        blank = true;
        continue;
      }
      if (blank && any) {
        hash = (hash ^ ' ') * 0x100000001b3L;
      }
      any = true;
      blank = false;
      hash = (hash ^ Character.toLowerCase(c)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /**
   * A hash of every character, for telling responses apart; two of ten million different ones share
   * it with a chance of a few in a million. Four sums side by side, as one would wait for its own
   * multiplication at every character.
   */
  public static long exactly(String text) {
    long a = text.length();
    long b = 1;
    long c = 2;
    long d = 3;
    int whole = text.length() & ~3;
    for (int i = 0; i < whole; i += 4) {
      a = (a + text.charAt(i)) * 0x9e3779b97f4a7c15L;
      b = (b + text.charAt(i + 1)) * 0xc2b2ae3d27d4eb4fL;
      c = (c + text.charAt(i + 2)) * 0x165667b19e3779f9L;
      d = (d + text.charAt(i + 3)) * 0x27d4eb2f165667c5L;
    }
    for (int i = whole; i < text.length(); i++) {
      a = (a + text.charAt(i)) * 0x9e3779b97f4a7c15L;
    }
    return mix(mix(mix(mix(a) + b) + c) + d);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
