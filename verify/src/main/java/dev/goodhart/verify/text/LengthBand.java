package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Verifier;

/**
 * Whether the response is neither too short nor too long: 1 from {@code low} to {@code high},
 * falling in a straight line to 0 over the margin on either side.
 *
 * <p>With {@code low: 0} and 1 subtracted it is DAPO's soft punishment of overlong answers: {@code
 * high} is the length from which it sets in, the margin its buffer.
 *
 * @param low the shortest length that earns 1
 * @param high the longest
 * @param margin over which the reward falls to 0; 0 for a sharp edge
 * @param unit what is counted
 * @param within which part of the response is counted
 */
@Method
public record LengthBand(
    double low,
    double high,
    @Default("0") double margin,
    @Default("words") Length.Unit unit,
    @Default("response") Within within)
    implements Verifier {

  public LengthBand {
    if (!(low >= 0 && low <= high && Double.isFinite(high))) {
      throw new IllegalArgumentException("low: expected 0 up to high (" + high + "), found " + low);
    }
    if (!(margin >= 0 && Double.isFinite(margin))) {
      throw new IllegalArgumentException("margin: expected at least 0, found " + margin);
    }
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.alone(sample, within, text -> Reward.of(at(unit.count(text))));
  }

  private double at(int length) {
    double outside = Math.max(Math.max(low - length, length - high), 0);
    return outside == 0 ? 1 : outside >= margin ? 0 : 1 - outside / margin;
  }
}
