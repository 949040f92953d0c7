package dev.goodhart.audit;

/**
 * The line that makes probabilities of rewards, {@code p = sigmoid(slope r + offset)}, by maximum
 * likelihood. The slope is one over the temperature.
 *
 * @param slope per unit of reward
 * @param offset 0 where it was not fitted
 */
record Platt(double slope, double offset) {
  /** A line as it is: the reward is taken for log-odds. */
  static final Platt IDENTITY = new Platt(1, 0);

  private static final int STEPS = 100;

  double of(double reward) {
    return sigmoid(slope * reward + offset);
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /**
   * Fits by Newton's method with a very weak pull towards slope 0, without which separable data has
   * no answer.
   *
   * @param outcome in [0, 1], one a reward
   * @param withOffset whether the offset is fitted too; for differences of a pair it must be 0
   */
  static Platt fit(double[] reward, double[] outcome, int[] items, boolean withOffset) {
    double square = 1e-12;
    for (int i : items) {
      square += reward[i] * reward[i] / items.length;
    }
    double scale = Math.sqrt(square); // so that rewards of any size behave alike
    double a = 0;
    double b = 0;
    for (int step = 0; step < STEPS; step++) {
      double ga = -1e-3 * a;
      double gb = -1e-3 * b;
      double haa = 1e-3;
      double hab = 0;
      double hbb = 1e-3;
      for (int i : items) {
        double x = reward[i] / scale;
        double p = sigmoid(a * x + b);
        double w = p * (1 - p);
        ga += (outcome[i] - p) * x;
        gb += outcome[i] - p;
        haa += w * x * x;
        hab += w * x;
        hbb += w;
      }
      double da;
      double db = 0;
      if (withOffset) {
        double determinant = haa * hbb - hab * hab;
        da = (ga * hbb - gb * hab) / determinant;
        db = (gb * haa - ga * hab) / determinant;
      } else {
        da = ga / haa;
      }
      // A full step can overshoot where the curve is flat; half a unit of log-odds at most is safe
      // and soon there.
      double size = Math.max(Math.abs(da), Math.abs(db));
      double damp = size > 0.5 ? 0.5 / size : 1;
      a += damp * da;
      b += damp * db;
      if (size < 1e-10) {
        break;
      }
    }
    return new Platt(a / scale, b);
  }
}
