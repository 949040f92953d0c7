package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * ROUGE-L: the F-measure of the longest common subsequence of words, in [0, 1], as {@code
 * rouge_score} computes {@code rougeL} without its stemmer. For summaries.
 *
 * <p>F = 2 P R / (P + R) with P = LCS / words of the response, R = LCS / words of the reference; of
 * several references the best counts. Parts {@code precision} and {@code recall}.
 *
 * <p>Unscored without a reference, when no word is left of one, and when two texts are too long to
 * be compared: 256 thousand words with as many others.
 *
 * @param tokens what a word is
 * @param within which part of the response is compared
 * @param column that holds the references; the sample's own reference if it is not given
 */
@Method(source = "Lin 2004")
public record RougeL(
    @Default("ascii") Tokens tokens, @Default("response") Within within, Optional<String> column)
    implements Verifier {

  /** What a word is, in lower case. */
  public enum Tokens {
    /** A run of a to z and 0 to 9, as in ROUGE-1.5.5 and rouge_score. */
    ASCII,
    /** A run of Unicode letters, marks and digits. */
    UNICODE
  }

  /** As rouge_score has it. */
  public RougeL() {
    this(Tokens.ASCII, Within.RESPONSE, Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample,
        within,
        column,
        (text, references) -> {
          Scored best = null;
          for (String reference : references) {
            Reward next = against(text, reference);
            if (!(next instanceof Scored scored)) {
              return next;
            }
            best = best == null || scored.value() > best.value() ? scored : best;
          }
          return Objects.requireNonNull(best);
        });
  }

  private Reward against(String text, String reference) {
    Numbering numbering = new Numbering(1);
    int[] wanted = numbering.words(words(reference));
    int[] given = numbering.words(words(text));
    if (wanted.length == 0) {
      return Reward.unscored(
          "no reference: it has no words"
              + (tokens == Tokens.ASCII ? " of a to z and 0 to 9" : ""));
    }
    if (!CommonSubsequence.isFeasible(given, wanted)) {
      return Reward.unscored(
          "too long: " + given.length + " words against " + wanted.length + " of the reference");
    }
    double common = CommonSubsequence.length(given, wanted);
    return common == 0
        ? OverlapScore.of(0, 0)
        : OverlapScore.of(common / given.length, common / wanted.length);
  }

  private List<String> words(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= lower.length(); ) {
      int c = i < lower.length() ? lower.codePointAt(i) : -1;
      boolean within = c >= 0 && isWord(c);
      if (within && start < 0) {
        start = i;
      } else if (!within && start >= 0) {
        words.add(lower.substring(start, i));
        start = -1;
      }
      i += c < 0 ? 1 : Character.charCount(c);
    }
    return words;
  }

  private boolean isWord(int c) {
    if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
      return true;
    }
    if (tokens == Tokens.ASCII) {
      return false;
    }
    int type = Character.getType(c);
    return Character.isLetterOrDigit(c)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }
}
