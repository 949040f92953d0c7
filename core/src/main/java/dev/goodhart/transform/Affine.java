package dev.goodhart.transform;

import dev.goodhart.Default;
import dev.goodhart.Method;

/**
 * {@code scale * reward + shift}: brings a signal to another unit, or turns a penalty's sign.
 *
 * @param scale finite
 * @param shift finite
 */
@Method
public record Affine(@Default("1") double scale, @Default("0") double shift) implements Transform {
  public Affine {
    if (!Double.isFinite(scale) || !Double.isFinite(shift)) {
      throw new IllegalArgumentException(
          "scale and shift must be finite, not " + scale + " and " + shift);
    }
  }

  @Override
  public double of(double reward, double[] references) {
    return scale * reward + shift;
  }
}
