package dev.goodhart.verify.math;

/**
 * A complex double with a bound on how far off it may be, carried through every operation, so that
 * "these two differ" can be said with certainty.
 *
 * @param error an estimate of the absolute error, a few times what rounding can do
 * @param left whether a square root or logarithm of a negative number was taken on the way: on
 *     another branch the value would be another
 */
record Complex(double re, double im, double error, boolean left) {
  /** No value: 1/0, or a function that cannot be evaluated. */
  static final Complex NONE = new Complex(Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, false);

  static final Complex ZERO = exact(0);
  static final Complex ONE = exact(1);
  static final Complex I = new Complex(0, 1, 0, false);

  private static final double EPSILON = 0x1p-52;

  static Complex exact(double value) {
    return new Complex(value, 0, 0, false);
  }

  static Complex rounded(double value) {
    return new Complex(value, 0, Math.abs(value) * EPSILON, false);
  }

  private static Complex of(double re, double im, double error, boolean left) {
    double size = Math.hypot(re, im);
    if (Double.isInfinite(size)) {
      return new Complex(
          re, im, Double.POSITIVE_INFINITY, left); // huge, beyond the range of doubles
    }
    if (Double.isNaN(size) || Double.isNaN(error)) {
      return NONE;
    }
    return new Complex(re, im, error + 2 * EPSILON * size, left);
  }

  boolean isNone() {
    return Double.isNaN(re);
  }

  boolean isFinite() {
    return Double.isFinite(re) && Double.isFinite(im) && Double.isFinite(error);
  }

  double abs() {
    return Math.hypot(re, im);
  }

  /** Real as far as its precision tells. */
  boolean isReal() {
    return Math.abs(im) <= 4 * error;
  }

  /** Zero as far as its precision tells. */
  boolean mayBeZero() {
    return abs() <= 4 * error;
  }

  /** The same value, known to be on its branch. */
  Complex staying() {
    return new Complex(re, im, error, false);
  }

  Complex plus(Complex b) {
    return of(re + b.re, im + b.im, error + b.error, left || b.left);
  }

  Complex minus(Complex b) {
    return plus(b.negate());
  }

  Complex negate() {
    return new Complex(-re, -im, error, left);
  }

  Complex times(Complex b) {
    double e = abs() * b.error + b.abs() * error + error * b.error;
    if (im == 0 && b.im == 0) {
      return of(re * b.re, 0, e, left || b.left);
    }
    return of(re * b.re - im * b.im, re * b.im + im * b.re, e, left || b.left);
  }

  Complex inverse() {
    double size = abs();
    if (size <= 2 * error) {
      return NONE;
    }
    if (im == 0) {
      return of(1 / re, 0, error / size / (size - error), left);
    }
    return of(re / size / size, -im / size / size, error / size / (size - error), left);
  }

  Complex over(Complex b) {
    return times(b.inverse());
  }

  Complex exp() {
    double size = Math.exp(re);
    double e = size * Math.expm1(Math.min(error, 700));
    return im == 0 ? of(size, 0, e, left) : of(size * Math.cos(im), size * Math.sin(im), e, left);
  }

  Complex log() {
    double size = abs();
    if (size <= 2 * error) {
      return NONE;
    }
    boolean negative = isReal() && re < 0;
    return of(Math.log(size), Math.atan2(im, re), error / (size - error), left || negative);
  }

  Complex sqrt() {
    double size = abs();
    double root = Math.sqrt(size);
    double e = size > 4 * error ? error / root : Math.sqrt(error + size);
    if (im == 0) {
      return re >= 0 ? of(root, 0, e, left) : of(0, root, e, true);
    }
    double angle = Math.atan2(im, re) / 2;
    return of(root * Math.cos(angle), root * Math.sin(angle), e, left || (isReal() && re < 0));
  }

  /** The principal power; a negative real base with a non-integer exponent leaves the reals. */
  Complex pow(Complex b) {
    if (b.im == 0 && b.re == Math.rint(b.re) && b.error == 0 && Math.abs(b.re) <= 64) {
      return pow((int) b.re);
    }
    if (abs() == 0 && error == 0) {
      return b.re > 0 ? ZERO : NONE;
    }
    if (im == 0 && b.im == 0 && re > 0) {
      double value = Math.pow(re, b.re);
      double e = value * (Math.abs(b.re) * error / re + Math.abs(Math.log(re)) * b.error);
      return of(value, 0, e, left || b.left);
    }
    if (im == 0 && b.im == 0 && b.error == 0 && b.re == Math.rint(b.re)) {
      double value = Math.pow(re, b.re);
      return of(value, 0, Math.abs(value * b.re * error / re), left);
    }
    return log().times(b).exp();
  }

  private Complex pow(int n) {
    if (n < 0) {
      return pow(-n).inverse();
    }
    Complex result = ONE;
    Complex base = this;
    for (int k = n; k > 0; k >>= 1) {
      if ((k & 1) == 1) {
        result = result.times(base);
      }
      if (k > 1) {
        base = base.times(base);
      }
    }
    return result;
  }

  Complex sin() {
    if (im == 0) {
      return of(Math.sin(re), 0, error + Math.abs(re) * EPSILON, left);
    }
    double e = error * Math.cosh(im);
    return of(Math.sin(re) * Math.cosh(im), Math.cos(re) * Math.sinh(im), e, left);
  }

  Complex cos() {
    if (im == 0) {
      return of(Math.cos(re), 0, error + Math.abs(re) * EPSILON, left);
    }
    double e = error * Math.cosh(im);
    return of(Math.cos(re) * Math.cosh(im), -Math.sin(re) * Math.sinh(im), e, left);
  }

  /** A function of the reals with a bound on its slope; elsewhere it has no value here. */
  Complex real(java.util.function.DoubleUnaryOperator f, double slope) {
    return isReal() ? of(f.applyAsDouble(re), 0, error * slope, left) : NONE;
  }
}
