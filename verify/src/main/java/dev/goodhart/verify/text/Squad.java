package dev.goodhart.verify.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The normalisation of the SQuAD evaluation: lower case, without ASCII punctuation, without the
 * words a, an and the, white space collapsed.
 *
 * <p>Where nothing would be left of a reference ({@code A}, {@code +}), articles and then
 * punctuation stay, on both sides: with the original every response that says nothing would match
 * it.
 */
enum Squad {
  FULL,
  WITH_ARTICLES,
  WITH_PUNCTUATION;

  private static final Pattern ARTICLE =
      Pattern.compile("(?<![\\p{L}\\p{N}_])(?:a|an|the)(?![\\p{L}\\p{N}_])");

  /** As much of the normalisation as leaves something of this reference. */
  static Squad leaving(String reference) {
    for (Squad squad : values()) {
      if (!squad.words(reference).isEmpty()) {
        return squad;
      }
    }
    return FULL;
  }

  String of(String text) {
    return String.join(" ", words(text));
  }

  List<String> words(String text) {
    String normalised = text.toLowerCase(Locale.ROOT);
    if (this != WITH_PUNCTUATION) {
      normalised = withoutPunctuation(normalised);
    }
    if (this == FULL) {
      normalised = ARTICLE.matcher(normalised).replaceAll(" ");
    }
    return Words.split(normalised);
  }

  private static String withoutPunctuation(String text) {
    StringBuilder rest = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ascii = c > ' ' && c < 127;
      if (!ascii || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
        rest.append(c);
      }
    }
    return rest.toString();
  }
}
