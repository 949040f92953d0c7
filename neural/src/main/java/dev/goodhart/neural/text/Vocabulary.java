package dev.goodhart.neural.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Tokens by id and ids by token, as a tokenizer's file spells them. */
final class Vocabulary {
  private final String[] tokens;
  private final Map<String, Integer> ids;
  private final BitSet special;

  /**
   * @param ids token to id; ids need not be without gaps
   * @param special the tokens without text of their own
   */
  Vocabulary(Map<String, Integer> ids, Iterable<String> special) {
    this.ids = new HashMap<>(ids);
    int size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
    tokens = new String[size];
    java.util.Arrays.fill(tokens, "");
    ids.forEach((token, id) -> tokens[id] = token);
    this.special = new BitSet(size);
    for (String token : special) this.special.set(java.util.Objects.requireNonNull(ids.get(token)));
  }

  int size() {
    return tokens.length;
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  String token(int id) {
    return tokens[java.util.Objects.checkIndex(id, tokens.length)];
  }

  boolean has(int id) {
    return id >= 0 && id < tokens.length && !tokens[id].isEmpty();
  }

  boolean isSpecial(int id) {
    return id >= 0 && special.get(id);
  }
}
