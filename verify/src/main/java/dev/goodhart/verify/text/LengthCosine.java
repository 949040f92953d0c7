package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The cosine reward of long chains of thought: among right answers the short ones earn more, among
 * wrong ones the long ones, so that a policy thinks longer where it does not know yet, and not
 * beyond the limit.
 *
 * <p>With L the response's length and L_max the limit, r = r_L + ½ (r_0 − r_L) (1 + cos(π L /
 * L_max)): it runs from r_0 at length 0 to r_L at the limit, both chosen by whether the answer is
 * right; from the limit on it is {@code exceeded}, right or wrong. (Printed with r_0 and r_L as the
 * cosine's minimum and maximum the formula would run the other way round; the authors' code swaps
 * them for wrong answers.) The parts are {@code correct} and {@code length}.
 *
 * <p>Unscored when the signal behind {@code correct} is.
 *
 * @param correct the signal that says whether the answer is right: at 0.5 and above
 * @param maxLength the limit, in units
 * @param unit what is counted
 * @param rightShort r_0 of a right answer
 * @param rightLong r_L of a right answer
 * @param wrongShort r_0 of a wrong answer
 * @param wrongLong r_L of a wrong answer
 * @param exceeded the reward at the limit and beyond
 */
@Method(source = "arXiv 2502.03373")
public record LengthCosine(
    Signal correct,
    int maxLength,
    @Default("tokens") Length.Unit unit,
    @Default("2") double rightShort,
    @Default("1") double rightLong,
    @Default("-10") double wrongShort,
    @Default("0") double wrongLong,
    @Default("-10") double exceeded)
    implements Verifier {

  public LengthCosine {
    if (maxLength < 1) {
      throw new IllegalArgumentException("max-length: expected at least 1, found " + maxLength);
    }
    double all = rightShort + rightLong + wrongShort + wrongLong + exceeded;
    if (!Double.isFinite(all)) {
      throw new IllegalArgumentException("rewards: expected finite numbers");
    }
  }

  /** With the paper's rewards. */
  public LengthCosine(Signal correct, int maxLength) {
    this(correct, maxLength, Length.Unit.TOKENS, 2, 1, -10, 0, -10);
  }

  /** With the inner signal opened. */
  @Override
  public Signal open() {
    return new LengthCosine(
        correct.open(), maxLength, unit, rightShort, rightLong, wrongShort, wrongLong, exceeded);
  }

  @Override
  public void close() {
    correct.close();
  }

  @Override
  public Reward of(Sample sample) {
    return switch (correct.of(sample)) {
      case Unscored unknown -> unknown;
      case Scored scored -> Compared.alone(sample, Within.RESPONSE, text -> of(scored, text));
    };
  }

  private Reward of(Scored scored, String text) {
    int length = unit.count(text);
    boolean right = scored.value() >= 0.5;
    double start = right ? rightShort : wrongShort;
    double end = right ? rightLong : wrongLong;
    double value =
        length >= maxLength
            ? exceeded
            : end + (start - end) / 2 * (1 + Math.cos(Math.PI * length / maxLength));
    Map<String, Reward> parts = new LinkedHashMap<>();
    parts.put("correct", scored);
    parts.put("length", Reward.of(length));
    return new Scored(value, OptionalDouble.empty(), parts);
  }
}
