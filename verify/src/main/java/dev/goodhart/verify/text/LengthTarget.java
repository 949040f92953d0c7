package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Verifier;
import java.util.OptionalDouble;

/**
 * How near the response is to a length, in [0, 1]. For answers that have to fill a budget.
 *
 * <p>max(0, 1 − |length − target| / spread).
 *
 * @param target the length that earns 1
 * @param spread how far off earns 0; the target itself if it is not given
 * @param unit what is counted
 * @param within which part of the response is counted
 */
@Method
public record LengthTarget(
    double target,
    OptionalDouble spread,
    @Default("words") Length.Unit unit,
    @Default("response") Within within)
    implements Verifier {

  public LengthTarget {
    if (!(target > 0 && Double.isFinite(target))) {
      throw new IllegalArgumentException("target: expected a length above 0, found " + target);
    }
    double wide = spread.orElse(1);
    if (!(wide > 0 && Double.isFinite(wide))) {
      throw new IllegalArgumentException("spread: expected a length above 0, found " + wide);
    }
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.alone(
        sample,
        within,
        text ->
            Reward.of(
                Math.max(0, 1 - Math.abs(unit.count(text) - target) / spread.orElse(target))));
  }
}
