package dev.goodhart.audit.edits;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Misspells some words: two neighbouring letters change places, one is dropped, or one is doubled.
 * First and last letters stay, short words too, and so does everything that is not a word: a typo
 * in a number would be another answer.
 *
 * @param share of words of four letters or more, in [0, 1]
 */
public record Typos(double share) implements Edit {
  private static final Pattern WORD =
      Pattern.compile("(?<![\\p{L}\\p{N}_])\\p{L}{4,}+(?![\\p{L}\\p{N}_])");

  @Override
  public Optional<String> of(String response, String other, RandomGenerator random) {
    String edited =
        WORD.matcher(response)
            .replaceAll(
                word ->
                    java.util.regex.Matcher.quoteReplacement(
                        random.nextDouble() < share ? misspelt(word, random) : word.group()));
    return Edit.changed(response, edited);
  }

  private static String misspelt(MatchResult match, RandomGenerator random) {
    String word = match.group();
    int at = 1 + random.nextInt(word.length() - 3);
    String before = word.substring(0, at);
    char one = word.charAt(at);
    char two = word.charAt(at + 1);
    String after = word.substring(at + 2);
    if (Character.isSurrogate(one) || Character.isSurrogate(two)) {
      return word;
    }
    return before
        + switch (random.nextInt(3)) {
          case 0 -> "" + two + one;
          case 1 -> "" + two;
          default -> "" + one + one + two;
        }
        + after;
  }

  @Override
  public boolean harms() {
    return false;
  }

  @Override
  public String title() {
    return "typos";
  }
}
