package dev.goodhart.verify.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the response is one of the references: 1 if it is, else 0. For short answers: names,
 * labels, numbers that are written in one way.
 *
 * <p>Unscored without a reference.
 *
 * @param normalise what may differ
 * @param within which part of the response is the answer
 * @param extract a regular expression (RE2) that finds the answer in that part: its first group, or
 *     all of its last match; where it finds nothing the response has no answer and earns 0
 * @param column that holds the references; the sample's own reference if it is not given
 */
@Method
public record Match(
    @Default("squad") Normalise normalise,
    @Default("response") Within within,
    Optional<String> extract,
    Optional<String> column)
    implements Verifier {

  /** What two equal answers may differ in. */
  public enum Normalise {
    /** Nothing but white space around them. */
    NONE,
    /** White space, and lower and upper case. */
    CASE,
    /**
     * Also ASCII punctuation and the words a, an, the: SQuAD's exact match. Where nothing would be
     * left of a reference, these stay.
     */
    SQUAD
  }

  public Match {
    extract.ifPresent(pattern -> Regex.compile("extract", pattern));
  }

  /** SQuAD's exact match of the whole response. */
  public Match() {
    this(Normalise.SQUAD, Within.RESPONSE, Optional.empty(), Optional.empty());
  }

  /** With its pattern compiled once. */
  @Override
  public Signal open() {
    Pattern pattern = extract.map(text -> Regex.compile("extract", text)).orElse(null);
    return sample -> of(sample, pattern);
  }

  @Override
  public Reward of(Sample sample) {
    return open().of(sample);
  }

  private Reward of(Sample sample, @Nullable Pattern pattern) {
    return Compared.of(
        sample,
        within,
        column,
        (text, references) -> {
          String answer = pattern == null ? text : last(pattern, text);
          boolean hit = answer != null && references.stream().anyMatch(r -> same(r, answer));
          return Reward.of(hit ? 1 : 0);
        });
  }

  private static @Nullable String last(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    String last = null;
    while (matcher.find()) {
      last = matcher.group(matcher.groupCount() > 0 ? 1 : 0);
    }
    return last;
  }

  private boolean same(String reference, String answer) {
    return switch (normalise) {
      case NONE -> reference.strip().equals(answer.strip());
      case CASE -> lower(reference).equals(lower(answer));
      case SQUAD -> {
        Squad squad = Squad.leaving(reference);
        yield squad.words(reference).equals(squad.words(answer));
      }
    };
  }

  private static List<String> lower(String text) {
    return Words.split(text.toLowerCase(Locale.ROOT));
  }
}
