package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * chrF of one response, in [0, 100], as {@code sentence_chrf} of sacreBLEU: the F-measure of
 * character n-grams, kinder than BLEU to languages that inflect. With {@code word-order: 2} it is
 * chrF++.
 *
 * <p>chrF = 100 (1 + β²) P R / (β² P + R), with P and R the mean precision and recall over the
 * orders of which both sides have n-grams: characters without white space from 1 to {@code
 * char-order}, and words, with punctuation at one end split off, from 1 to {@code word-order}. Of
 * several references the best counts.
 *
 * <p>Unscored without a reference.
 *
 * @param charOrder the longest character n-grams
 * @param wordOrder the longest word n-grams; 0 for chrF, 2 for chrF++
 * @param beta how many times recall outweighs precision
 * @param lowercase whether case does not matter
 * @param within which part of the response is compared
 * @param column that holds the references; the sample's own reference if it is not given
 */
@Method(source = "Popović 2015, 2017; Post 2018, arXiv 1804.08771")
public record Chrf(
    @Default("6") int charOrder,
    @Default("0") int wordOrder,
    @Default("2") double beta,
    @Default("false") boolean lowercase,
    @Default("response") Within within,
    Optional<String> column)
    implements Verifier {

  public Chrf {
    if (charOrder < 1 || charOrder > 20) {
      throw new IllegalArgumentException("char-order: expected 1 to 20, found " + charOrder);
    }
    if (wordOrder < 0 || wordOrder > 9) {
      throw new IllegalArgumentException("word-order: expected 0 to 9, found " + wordOrder);
    }
    if (!(beta > 0 && beta <= 100)) {
      throw new IllegalArgumentException("beta: expected above 0 up to 100, found " + beta);
    }
  }

  /** chrF with a word order of 0, chrF++ with 2. */
  public Chrf(int wordOrder) {
    this(6, wordOrder, 2, false, Within.RESPONSE, Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample,
        within,
        column,
        (text, references) ->
            Reward.of(references.stream().mapToDouble(r -> chrf(text, r)).max().orElse(0)));
  }

  private double chrf(String text, String reference) {
    String given = lowercase ? text.toLowerCase(Locale.ROOT) : text;
    String wanted = lowercase ? reference.toLowerCase(Locale.ROOT) : reference;
    Sums sums = new Sums();
    Numbering characters = new Numbering(charOrder);
    sums.add(characters.grams(characters(given)), characters.grams(characters(wanted)));
    if (wordOrder > 0) {
      Numbering words = new Numbering(wordOrder);
      sums.add(words.grams(words.words(words(given))), words.grams(words.words(words(wanted))));
    }
    return sums.f(beta);
  }

  private static final class Sums {
    private double precision;
    private double recall;
    private int orders;

    void add(int[][] given, int[][] wanted) {
      for (int n = 0; n < given.length; n++) {
        if (given[n].length > 0 && wanted[n].length > 0) {
          double shared = Numbering.shared(Numbering.counts(given[n]), Numbering.counts(wanted[n]));
          precision += shared / given[n].length;
          recall += shared / wanted[n].length;
          orders++;
        }
      }
    }

    double f(double beta) {
      if (precision + recall == 0) {
        return 0;
      }
      double p = precision / orders;
      double r = recall / orders;
      double square = beta * beta;
      return 100 * (1 + square) * p * r / (square * p + r);
    }
  }

  private static int[] characters(String text) {
    return text.codePoints()
        .filter(c -> c > Character.MAX_VALUE || !Words.isSpace((char) c))
        .toArray();
  }

  /** A word's last character stands alone if it is punctuation, otherwise its first one may. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : Words.split(text)) {
      int last = word.length() - 1;
      if (word.codePointCount(0, word.length()) == 1) {
        words.add(word);
      } else if (isPunctuation(word.charAt(last))) {
        words.add(word.substring(0, last));
        words.add(word.substring(last));
      } else if (isPunctuation(word.charAt(0))) {
        words.add(word.substring(0, 1));
        words.add(word.substring(1));
      } else {
        words.add(word);
      }
    }
    return words;
  }

  private static boolean isPunctuation(char c) {
    return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
  }
}
