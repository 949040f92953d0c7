package dev.goodhart.transform;

import dev.goodhart.Method;

/**
 * Cuts a reward off below {@code low} and above {@code high}: the bluntest guard against extreme
 * scores.
 *
 * @param low the least value, at most {@code high}
 * @param high the greatest value
 */
@Method
public record Bounded(double low, double high) implements Transform {
  public Bounded {
    if (!(low <= high)) {
      throw new IllegalArgumentException("low (" + low + ") must not exceed high (" + high + ")");
    }
  }

  @Override
  public double of(double reward, double[] references) {
    return Math.clamp(reward, low, high);
  }
}
