package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the response is in a language. For policies that drift into another one, or mix them,
 * once only the answer is rewarded.
 *
 * <p>With {@code score: whole} it is 1 if the text as a whole is most likely in one of the
 * languages, else 0. With {@code share} it is the share of its letters that stand in passages (of
 * some sixty letters) that are, in [0, 1]: the language consistency of R1-style training.
 *
 * <p>Languages are identified by Apache OpenNLP's model of 103 languages. Close relatives (Danish
 * and Norwegian, Malay and Indonesian) are mistaken for each other in short texts: name both.
 *
 * <p>Unscored when the text has fewer than {@code min-letters} letters (a Chinese, Japanese or
 * Korean one counts three): formulas and code have no language.
 *
 * @param languages those that are wanted, as ISO 639: {@code en}, {@code zh}, {@code deu}
 * @param score the whole, or passage by passage
 * @param minLetters from how many letters on there is a verdict
 * @param within which part of the response is looked at
 */
@Method
public record Language(
    List<String> languages,
    @Default("whole") Score score,
    @Default("20") int minLetters,
    @Default("response") Within within)
    implements Verifier {

  /** How much of a text has to be in the language. */
  public enum Score {
    WHOLE,
    SHARE
  }

  /** Letters of a passage. */
  private static final int PASSAGE = 60;

  /** So many passages are looked at, evenly spread: about half a second of work. */
  private static final int MOST_PASSAGES = 1024;

  public Language {
    languages = List.copyOf(languages);
    if (languages.isEmpty()) {
      throw new IllegalArgumentException("languages: expected at least one");
    }
    languages.forEach(LanguageModel::codes);
    if (minLetters < 1) {
      throw new IllegalArgumentException("min-letters: expected at least 1, found " + minLetters);
    }
  }

  /** The whole response, in any of these. */
  public Language(List<String> languages) {
    this(languages, Score.WHOLE, 20, Within.RESPONSE);
  }

  /** Loads the model: about a second, once for all. */
  @Override
  public Signal open() {
    LanguageModel model = LanguageModel.loaded();
    Set<String> wanted = new TreeSet<>();
    for (String language : languages) {
      Set<String> known = new TreeSet<>(LanguageModel.codes(language));
      known.retainAll(model.languages());
      if (known.isEmpty()) {
        throw new GoodhartException(
            "language: '"
                + language
                + "' is not among the languages that can be told: "
                + String.join(", ", new TreeSet<>(model.languages())));
      }
      wanted.addAll(known);
    }
    return sample -> Compared.alone(sample, within, text -> of(text, model, wanted));
  }

  @Override
  public Reward of(Sample sample) {
    return open().of(sample);
  }

  private Reward of(String text, LanguageModel model, Set<String> wanted) {
    long letters = Passages.letters(text);
    if (letters < minLetters) {
      return Reward.unscored("too short: no language can be told from " + letters + " letters");
    }
    if (score == Score.WHOLE) {
      return Reward.of(wanted.contains(model.of(text)) ? 1 : 0);
    }
    List<String> passages = Passages.of(text, PASSAGE);
    int step = Math.max(1, (passages.size() + MOST_PASSAGES - 1) / MOST_PASSAGES);
    long all = 0;
    long right = 0;
    for (int i = 0; i < passages.size(); i += step) {
      long weight = Passages.letters(passages.get(i));
      all += weight;
      right += wanted.contains(model.of(passages.get(i))) ? weight : 0;
    }
    return Reward.of((double) right / all);
  }
}
