package dev.goodhart.verify.math;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether a response gives the true answer to a mathematical question: 1 if it does, 0 if not.
 *
 * <p>The answer is taken from the response by {@link MathAnswer}, read, and compared with the
 * sample's reference by {@link MathEquality}. A response without an answer in it scores 0, with its
 * part {@code answered} at 0: the policy failed to answer. The sample is unscored when it has no
 * reference, when the reference cannot be read, or when the limits were reached before a verdict.
 *
 * @param extraction where to look for the answer, in this order
 * @param tolerance how far a decimal may be off, relative to the reference
 * @param significantDigits when above 0, numbers are equal if they agree after rounding to that
 *     many digits
 * @param strict whether the names of variables, the kind of brackets and the order in lists count
 * @param restated whether an inequality may answer for an interval ({@code x > 2} for {@code (2,
 *     ∞)}); the other direction always may
 * @param timeLimit how long the computer algebra system may think about one answer that nothing
 *     else decides, in seconds; 0 never asks it
 */
@Method(name = "math")
public record MathVerifier(
    @Default("[boxed, hashes, tag, whole, phrase, expression]") List<AnswerSource> extraction,
    @Default("1e-6") double tolerance,
    @Default("0") int significantDigits,
    @Default("true") boolean strict,
    @Default("false") boolean restated,
    @Default("5") double timeLimit)
    implements Verifier {
  private static final Reward RIGHT = scored(1, 1);
  private static final Reward WRONG = scored(0, 1);
  private static final Reward UNANSWERED = scored(0, 0);

  public MathVerifier {
    extraction = List.copyOf(extraction);
    if (extraction.isEmpty()) {
      throw new IllegalArgumentException(
          "the answer has to be looked for somewhere: extraction is empty");
    }
    new MathOptions(tolerance, significantDigits, strict, restated, timeLimit); // checks them
  }

  /** With every hyper-parameter at its default. */
  public MathVerifier() {
    this(MathAnswer.DEFAULT_ORDER, 1e-6, 0, true, false, 5);
  }

  @Override
  public Reward of(Sample sample) {
    String given = sample.reference();
    if (given == null || given.isBlank()) {
      return Reward.unscored("no reference: the sample has no true answer to compare with");
    }
    try {
      return against(given, sample);
    } catch (StackOverflowError e) {
      // Depth is bounded where formulas are read, but not in the JDK's regular expressions, whose
      // need of stack depends on what has been compiled by then.
      return Reward.unscored("too deep: the response or the reference exhausts the stack");
    }
  }

  private Reward against(String given, Sample sample) {
    MathEquality equality =
        new MathEquality(
            new MathOptions(tolerance, significantDigits, strict, restated, timeLimit));
    Optional<MathAnswer> answer = MathAnswer.extract(sample.response(), extraction);
    if (answer.isEmpty()) {
      return UNANSWERED;
    }
    String reference = References.answer(given);
    return switch (verdict(equality, reference, answer.get(), sample.response())) {
      case Verdict.Equal e -> RIGHT;
      case Verdict.Different d -> WRONG;
      case Verdict.Undecided u -> Reward.unscored(u.reason());
    };
  }

  private static Verdict verdict(
      MathEquality equality, String reference, MathAnswer answer, String response) {
    Verdict verdict = equality.compare(reference, answer.text());
    if (verdict instanceof Verdict.Different
        && answer.source() == AnswerSource.BOXED
        && References.isList(reference)) {
      // Several cases, each with a box of its own.
      List<String> boxes = Boxes.contents(response);
      if (boxes.size() > 1 && boxes.size() <= 20) {
        return equality.compare(reference, String.join(", ", boxes));
      }
    }
    return verdict;
  }

  private static Reward scored(double value, double answered) {
    return new Scored(value, OptionalDouble.empty(), Map.of("answered", Reward.of(answered)));
  }
}
