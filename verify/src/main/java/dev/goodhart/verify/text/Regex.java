package dev.goodhart.verify.text;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;

/**
 * Whether a regular expression is found in the response: 1 if it is, else 0. For formats that a
 * pattern says better than words.
 *
 * <p>The syntax is RE2's: no back references and no look-around, and in return the time grows
 * linearly with the text, whatever a policy writes. {@code (?i)}, {@code (?s)} and {@code (?m)} at
 * its start set case, dot and lines.
 *
 * @param pattern what to find
 * @param full whether it must match all of the text rather than a part of it
 * @param within which part of the response is looked at
 */
@Method
public record Regex(
    String pattern, @Default("false") boolean full, @Default("response") Within within)
    implements Verifier {
  private static final int LONGEST = 10_000;

  public Regex {
    compile("pattern", pattern);
  }

  /** Found anywhere in the response. */
  public Regex(String pattern) {
    this(pattern, false, Within.RESPONSE);
  }

  /** With its pattern compiled once. */
  @Override
  public Signal open() {
    Pattern compiled = compile("pattern", pattern);
    return sample ->
        Compared.alone(
            sample,
            within,
            text ->
                Reward.of((full ? compiled.matches(text) : compiled.matcher(text).find()) ? 1 : 0));
  }

  @Override
  public Reward of(Sample sample) {
    return open().of(sample);
  }

  /** A pattern, or what is wrong with it under its key's name. */
  static Pattern compile(String key, String pattern) {
    if (pattern.isEmpty() || pattern.length() > LONGEST) {
      throw new IllegalArgumentException(
          key + ": expected a regular expression of 1 to " + LONGEST + " characters");
    }
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          key
              + ": no regular expression of RE2 (which has no look-around and no back references): "
              + e.getDescription()
              + " in '"
              + e.getPattern()
              + "'",
          e);
    }
  }
}
