package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Verifier;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The relaxed accuracy of answers read from charts: 1 if response and reference are the same text
 * but for case and outer white space, or numbers a and g with {@code |a - g| <= tolerance |g|};
 * otherwise 0. For g = 0 the tolerance is absolute. A number may have commas between its thousands
 * and a percent sign at its end, which must then be on both sides.
 *
 * <p>Unscored without a reference.
 *
 * @param tolerance relative, at least 0
 * @param within which part of a response is the answer
 * @param column that holds the references, of which one must be met
 */
@Method(source = "arXiv 2203.10244")
public record Relaxed(
    @Default("0.05") double tolerance, @Default("response") Within within, Optional<String> column)
    implements Verifier {
  public Relaxed {
    if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
      throw new IllegalArgumentException("tolerance: expected at least 0, found " + tolerance);
    }
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample,
        within,
        column,
        (text, references) ->
            Reward.of(references.stream().anyMatch(reference -> meets(text, reference)) ? 1 : 0));
  }

  private boolean meets(String text, String reference) {
    String answer = text.strip().toLowerCase(Locale.ROOT);
    String wanted = reference.strip().toLowerCase(Locale.ROOT);
    OptionalDouble a = number(answer);
    OptionalDouble g = number(wanted);
    if (answer.equals(wanted)) {
      return true;
    }
    if (a.isEmpty() || g.isEmpty() || answer.endsWith("%") != wanted.endsWith("%")) {
      return false;
    }
    double scale = g.getAsDouble() == 0 ? 1 : Math.abs(g.getAsDouble());
    return Math.abs(a.getAsDouble() - g.getAsDouble()) <= tolerance * scale;
  }

  private static OptionalDouble number(String text) {
    String bare = text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
    if (bare.length() > 40
        || !bare.matches("[+-]?(\\d+|\\d{1,3}(,\\d{3})+)?(\\.\\d+)?(e[+-]?\\d+)?")
        || bare.chars().noneMatch(Character::isDigit)) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(bare.replace(",", "")));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty(); // an exponent alone
    }
  }
}
