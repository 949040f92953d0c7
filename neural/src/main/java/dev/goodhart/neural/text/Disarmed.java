package dev.goodhart.neural.text;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Takes the power from special tokens that stand in a stranger's text: a response that spells the
 * end of its turn and the beginning of another must not write itself a turn of praise. An invisible
 * U+2060 after the first character of each makes it the text that it looks like.
 */
public final class Disarmed {
  private final Pattern special;

  private Disarmed(Pattern special) {
    this.special = special;
  }

  /** Knows a tokenizer's special tokens. */
  public static Disarmed of(Tokenizer tokenizer) {
    List<String> tokens =
        IntStream.range(0, tokenizer.size())
            .filter(tokenizer::isSpecial)
            .mapToObj(tokenizer::token)
            .filter(t -> t.length() > 1)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(
                t -> Pattern.quote(t.substring(0, 1)) + "(?=" + Pattern.quote(t.substring(1)) + ")")
            .toList();
    return new Disarmed(
        tokens.isEmpty()
            ? Pattern.compile("(?!)")
            : Pattern.compile(tokens.stream().collect(Collectors.joining("|"))));
  }

  /** The text, itself where it spells no special token. */
  public String of(String text) {
    return special.matcher(text).replaceAll("$0\u2060");
  }
}
