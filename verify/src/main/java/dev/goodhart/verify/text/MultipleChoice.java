package dev.goodhart.verify.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Whether the response chooses the right option of a multiple-choice question: 1 if it does, else
 * 0.
 *
 * <p>The chosen letter is taken from the first of these that names one: the last {@code \boxed{}};
 * the last {@code <answer>}; the last "the answer is", "answer:", "option" or "choose"; the whole
 * text where it is a letter, perhaps with its option's text behind it; its last line likewise; the
 * only letter that stands in brackets. A place that names two options (A or B) names none. What
 * stands before the last {@code </think>} is not looked at. Part {@code answered}: whether a letter
 * was found; where none was the reward is 0.
 *
 * <p>The reference is a letter ({@code B}, {@code (b)}, {@code B. Paris}) or, with {@code
 * count-from}, the option's number. Unscored when it is neither.
 *
 * @param options how many there are: the letters from A on
 * @param countFrom how references that are numbers count, 0 or 1; without it they are refused
 * @param column that holds the reference; the sample's own if it is not given
 */
@Method(name = "choice")
public record MultipleChoice(
    @Default("10") int options, OptionalInt countFrom, Optional<String> column)
    implements Verifier {

  private static final String LETTER = "[*_\"'(\\[{$\\s]*(?:\\\\text(?:bf)?\\{)?[*(]*([A-Z])";

  /** Places where an answer is announced, with the letter in group 1. */
  private static final Pattern ANNOUNCED =
      Pattern.compile(
          "(?i:\\b(?:answer|choice|option)(?: option| choice| letter)?[*_]{0,2}(?: is| would be|"
              + " should be|:| =)[*_:]{0,3}(?: (?:clearly|therefore|thus|option|choice|answer))?"
              + "|\\bchoose|\\bpick|\\bselect|\\boption|\\bans:)"
              + LETTER
              + "(.{0,24})");

  private static final Pattern LABEL = Pattern.compile("^" + LETTER + "(.{0,24})");
  private static final Pattern IN_BRACKETS = Pattern.compile("\\(([A-Z])\\)");
  private static final Pattern ANOTHER =
      Pattern.compile("^[*_\"')\\]}$\\s]*(?:or|and|,|/|&)[*_\"'(\\[{$\\s]*[A-Z](?:[^A-Za-z']|$)");

  public MultipleChoice {
    if (options < 2 || options > 26) {
      throw new IllegalArgumentException("options: expected 2 to 26, found " + options);
    }
    if (countFrom.orElse(0) < 0 || countFrom.orElse(0) > 1) {
      throw new IllegalArgumentException("count-from: expected 0 or 1, found " + countFrom);
    }
  }

  /** With references that are letters. */
  public MultipleChoice(int options) {
    this(options, OptionalInt.empty(), Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample,
        Within.AFTER_THINKING,
        column,
        (text, references) -> {
          List<Character> right = new ArrayList<>();
          for (String reference : references) {
            Optional<Character> letter = reference(reference.strip());
            if (letter.isEmpty()) {
              return Reward.unscored(
                  "no reference: expected an option from A to "
                      + (char) ('A' + options - 1)
                      + (countFrom.isPresent() ? " or its number" : "")
                      + ", found '"
                      + reference.strip().substring(0, Math.min(40, reference.strip().length()))
                      + "'");
            }
            right.add(letter.get());
          }
          Optional<Character> chosen = chosen(text);
          boolean hit = chosen.isPresent() && right.contains(chosen.get());
          return new Scored(
              hit ? 1 : 0,
              OptionalDouble.empty(),
              Map.of("answered", Reward.of(chosen.isPresent() ? 1 : 0)));
        });
  }

  private Optional<Character> reference(String text) {
    if (countFrom.isPresent() && text.matches("\\d{1,2}")) {
      int at = Integer.parseInt(text) - countFrom.getAsInt();
      return at >= 0 && at < options ? Optional.of((char) ('A' + at)) : Optional.empty();
    }
    boolean lower = text.matches("\\(?[a-z]\\)?");
    return label(lower ? text.toUpperCase(Locale.ROOT) : text);
  }

  /** The letter that a response settles on. */
  Optional<Character> chosen(String text) {
    int box = text.lastIndexOf("\\boxed{");
    if (box >= 0) {
      return label(text.substring(box + "\\boxed{".length()).strip());
    }
    String answer = Within.ANSWER.of(text);
    if (!answer.isEmpty()) {
      return inText(answer);
    }
    return inText(text);
  }

  private Optional<Character> inText(String text) {
    Matcher announced = ANNOUNCED.matcher(text);
    Optional<Character> last = Optional.empty();
    boolean any = false;
    for (int from = 0; from <= text.length() && announced.find(from); from = announced.end(1)) {
      Optional<Character> letter = letter(announced.group(1), announced.group(2));
      if (letter.isPresent() || isHedged(announced.group(2))) {
        any = true;
        last = letter;
      }
    }
    if (any) {
      return last;
    }
    String stripped = text.strip();
    Optional<Character> label = label(stripped);
    if (label.isPresent()) {
      return label;
    }
    label = label(stripped.substring(stripped.lastIndexOf('\n') + 1).strip());
    if (label.isPresent()) {
      return label;
    }
    Optional<Character> only = Optional.empty();
    Matcher brackets = IN_BRACKETS.matcher(text);
    while (brackets.find()) {
      char c = brackets.group(1).charAt(0);
      if (only.isPresent() && only.get() != c) {
        return Optional.empty();
      }
      only = Optional.of(c);
    }
    return only.filter(c -> c < 'A' + options);
  }

  /** A text that is a letter, or begins with one as options are labelled. */
  private Optional<Character> label(String text) {
    Matcher matcher = LABEL.matcher(text.substring(0, Math.min(text.length(), 200)));
    return matcher.find() && isLabel(text.substring(matcher.end(1)))
        ? letter(matcher.group(1), matcher.group(2))
        : Optional.empty();
  }

  /**
   * {@code B}, {@code B.}, {@code B) Paris}, {@code B: Paris}; not {@code Better} or {@code A dog}.
   */
  private static boolean isLabel(String behind) {
    return behind.matches("[*_\"'$)}\\].:\\s]*")
        || behind.matches("(?s)[*_\"'$]*[.):\\]}][*_\"'$)}\\].]*(?:\\s.*)?");
  }

  private Optional<Character> letter(String letter, String behind) {
    char c = letter.charAt(0);
    boolean ends =
        behind.isEmpty() || !(Character.isLetterOrDigit(behind.charAt(0)) || isApostrophe(behind));
    // "The answer is A dog": an article, unless something closes the letter.
    boolean isArticle =
        (c == 'A' || c == 'I')
            && behind.length() > 1
            && behind.charAt(0) == ' '
            && Character.isLowerCase(behind.charAt(1))
            && !behind.startsWith(" because")
            && !behind.startsWith(" since")
            && !behind.startsWith(" as ");
    return c < 'A' + options && ends && !isArticle && !isHedged(behind)
        ? Optional.of(c)
        : Optional.empty();
  }

  private static boolean isApostrophe(String behind) {
    return behind.length() > 1 && behind.charAt(0) == '\'' && Character.isLetter(behind.charAt(1));
  }

  private static boolean isHedged(String behind) {
    return ANOTHER.matcher(behind).find();
  }
}
