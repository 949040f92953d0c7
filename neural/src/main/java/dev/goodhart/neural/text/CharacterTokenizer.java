package dev.goodhart.neural.text;

import dev.goodhart.GoodhartException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One token for each character (code point), and the special ones, which have the first ids. */
final class CharacterTokenizer implements Tokenizer {
  private final Vocabulary vocabulary;
  private final SpecialTokens special;
  private final TokenizerFiles files;
  private final Map<Integer, Integer> ids;
  private final Pattern specials;
  private final int unknown;

  /**
   * @param codePoints in the order of their ids, after the special tokens
   * @param roles role to text, in the order of their ids; {@code unk_token} among them
   */
  private CharacterTokenizer(int[] codePoints, Map<String, String> roles, String where) {
    Map<String, Integer> tokens = new LinkedHashMap<>();
    Map<String, Integer> roleIds = new LinkedHashMap<>();
    roles.forEach((role, text) -> roleIds.put(role, roleIds.size()));
    roles.forEach((role, text) -> tokens.put(text, roleIds.get(role)));
    ids = new LinkedHashMap<>();
    Map<String, Integer> characters = new LinkedHashMap<>();
    for (int codePoint : codePoints) {
      int id = roleIds.size() + ids.size();
      if (ids.put(codePoint, id) != null) {
        throw new GoodhartException(
            where + ": char_ords lists the character " + codePoint + " twice");
      }
      characters.put(Character.toString(codePoint), id);
    }
    tokens.putAll(characters);
    vocabulary = new Vocabulary(tokens, roles.values());
    special = new SpecialTokens(roles, roleIds);
    unknown = special.unk().orElseThrow();
    // Longer first: of two that begin alike the longer one is meant.
    specials =
        Pattern.compile(
            roles.values().stream()
                .sorted((a, b) -> b.length() - a.length())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    files = TokenizerFiles.of(ScratchTokenizers.characters(characters, roles, roleIds));
  }

  static Tokenizer of(String text) {
    Map<String, String> roles = new LinkedHashMap<>(ScratchTokenizers.ROLES);
    roles.put("unk_token", "<|unk|>");
    int[] codePoints = WellFormed.of(text).codePoints().sorted().distinct().toArray();
    return new CharacterTokenizer(codePoints, roles, "the text");
  }

  /** {@code char_ords}: the code points in the order of their ids, after sep, eos, pad and unk. */
  static Tokenizer read(Path folder, ObjectNode config) {
    String where = folder.resolve(TokenizerFiles.CONFIG).toString();
    Map<String, String> named = Tokenizers.roles(folder, config);
    Map<String, String> roles = new LinkedHashMap<>();
    for (String role : List.of("sep", "eos", "pad", "unk")) {
      roles.put(role + "_token", named.getOrDefault(role + "_token", "<" + role + ">"));
    }
    List<Integer> codePoints = new ArrayList<>();
    for (JsonNode ord : config.path("char_ords")) {
      if (!ord.isInt() || !Character.isValidCodePoint(ord.asInt())) {
        throw new GoodhartException(
            where + ": char_ords has " + ord + ", expected the code points of characters");
      }
      codePoints.add(ord.asInt());
    }
    return new CharacterTokenizer(
        codePoints.stream().mapToInt(Integer::intValue).toArray(), roles, where);
  }

  @Override
  public int[] encode(String text, boolean special) {
    String whole = WellFormed.of(text);
    int[] encoded = new int[whole.length()];
    int count = 0;
    Matcher next = specials.matcher(whole);
    int at = 0;
    while (at < whole.length()) {
      boolean found = next.find();
      int until = found ? next.start() : whole.length();
      while (at < until) {
        int codePoint = whole.codePointAt(at);
        encoded[count++] = ids.getOrDefault(codePoint, unknown);
        at += Character.charCount(codePoint);
      }
      if (found) {
        encoded[count++] = vocabulary.id(next.group()).orElseThrow();
        at = next.end();
      }
    }
    return Arrays.copyOf(encoded, count);
  }

  @Override
  public String decode(int[] ids, boolean special) {
    StringBuilder text = new StringBuilder(ids.length);
    for (int id : ids) text.append(text(id, special));
    return text.toString();
  }

  private String text(int id, boolean special) {
    return !vocabulary.has(id) || !special && isSpecial(id) ? "" : vocabulary.token(id);
  }

  @Override
  public Decoding decoding(boolean special) {
    return new Decoding() {
      @Override
      public String add(int id) {
        return text(id, special);
      }

      @Override
      public String end() {
        return "";
      }
    };
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
