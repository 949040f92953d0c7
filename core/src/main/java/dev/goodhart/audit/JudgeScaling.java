package dev.goodhart.audit;

import dev.goodhart.Method;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.special.Erf;

/**
 * Whether more responses to choose from would help, for a judge that is wrong: a model of best-of-k
 * that can be solved. A prompt's answers are draws y from N(m, s²); the true answer is y_T, the
 * judge takes y_R for it. Of k draws one is picked with probability proportional to {@code exp(-(y
 * - y_R)² / T)}. The error is {@code E (picked - y_T)²}.
 *
 * <p>With {@code a = m - y_T} (the model's bias), {@code c = y_R - y_T} (the judge's), {@code b = a
 * - c} and {@code tau = 2 s² / T}:
 *
 * <pre>{@code
 * one draw:          a² + s²
 * hot judge:         a² + s² - (1 - 1/k) (2 s^4 + 4 a b s²) / T + O(1/T²)
 * any k and T:       k ∫ B(v) A(v)^(k-1) dv over v > 0,   u = exp(-(y - y_R)²/T),
 *                    A(v) = E e^(-v u),  B(v) = E (y - y_T)² u e^(-v u)
 * many draws:        s²/(1 + tau) + ((a + tau c)/(1 + tau))²
 * best T for many:   tau = -(s² + 2ab) / (s² + 2bc), where s² + 2ab > 0 > s² + 2bc
 * best judge there:  c = -a / tau: not the truth, it makes up for the model's bias
 * best of k (T=0):   the nearest to y_R; for c = 0 about pi s² exp(a²/s²) / ((k + 1)(k + 2))
 * }</pre>
 *
 * <p>So the second draw helps if and only if {@code s² + 2 a b > 0}, as far as a hot judge goes,
 * and with a judge that is wrong towards the model's own mistake there is a number of draws to stop
 * at ({@link #stop}). All are of one prompt: average errors over prompts, not a, s and c. Source:
 * arXiv 2512.19905; the forms were derived for here.
 *
 * @param bias a, in units of the answer
 * @param deviation s, above 0
 * @param shift c
 */
@Method(id = 58, source = "arXiv 2512.19905")
public record JudgeScaling(double bias, double deviation, double shift) {
  private static final double STEP =
      0.25; // in log v: the trapezoid's error is about exp(-pi²/STEP)

  /**
   * Where to stop.
   *
   * @param draws the k of the least error
   * @param error there
   * @param single the error of a single draw
   */
  public record Stop(int draws, double error, double single) {}

  public JudgeScaling {
    if (!(deviation > 0 && Double.isFinite(deviation))) {
      throw new IllegalArgumentException("deviation must be above 0, not " + deviation);
    }
    if (!Double.isFinite(bias) || !Double.isFinite(shift)) {
      throw new IllegalArgumentException("bias and shift must be finite");
    }
  }

  /** The error of one draw. */
  public double single() {
    return bias * bias + deviation * deviation;
  }

  /** To first order in 1 / temperature. */
  public double hot(int draws, double temperature) {
    check(draws);
    double s2 = deviation * deviation;
    double b = bias - shift;
    return single() - (1 - 1.0 / draws) * (2 * s2 * s2 + 4 * bias * b * s2) / positive(temperature);
  }

  /** The limit of many draws. */
  public double many(double temperature) {
    double tau = tau(temperature);
    double off = (bias + tau * shift) / (1 + tau);
    return deviation * deviation / (1 + tau) + off * off;
  }

  /**
   * The temperature of the least error of many draws: 0 where the sharper judge is always the
   * better one, infinite where a judge only does harm.
   */
  public double bestTemperature() {
    double s2 = deviation * deviation;
    double b = bias - shift;
    double first = s2 + 2 * bias * b;
    double last = s2 + 2 * b * shift;
    if (first > 0 && last < 0) return 2 * s2 / (-first / last);
    return shift * shift < single() ? 0 : Double.POSITIVE_INFINITY; // errors at the two ends
  }

  /** The judge's bias of the least error of many draws. */
  public double bestShift(double temperature) {
    return -bias / tau(temperature);
  }

  /** The error of the draw that is nearest to what the judge takes for the truth. */
  public double best(int draws) {
    check(draws);
    double b = (bias - shift) / deviation;
    double c = shift / deviation;
    // By r = e^x, in deviations: from k = 1,000 on all happens within 1/k of y_R.
    double step = 0.1 / (1 + Math.abs(b));
    double end = Math.log(Math.abs(b) + 12);
    double sum = 0;
    for (double x = -45; x < end; x += step) {
      double r = Math.exp(x);
      double up = density(r - b) * (c + r) * (c + r);
      double down = density(-r - b) * (c - r) * (c - r);
      double beyond = logBeyond(-r - b, r - b);
      sum += step * r * draws * Math.exp((draws - 1) * beyond) * (up + down);
    }
    return sum * deviation * deviation;
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The logarithm of the probability to lie outside of (low, high). */
  private static double logBeyond(double low, double high) {
    double within = Erf.erf(low / Math.sqrt(2), high / Math.sqrt(2)) / 2;
    return within < 0.5
        ? Math.log1p(-within)
        : Math.log((Erf.erfc(-low / Math.sqrt(2)) + Erf.erfc(high / Math.sqrt(2))) / 2);
  }

  /** The error for any number of draws and any temperature from a tenth of s² on. */
  public double error(int draws, double temperature) {
    return curve(new int[] {draws}, temperature)[0];
  }

  /**
   * The same for several numbers of draws at little more than the cost of one.
   *
   * @param temperature at least s² / 10; below that take {@link #best}
   */
  public double[] curve(int[] draws, double temperature) {
    for (int k : draws) check(k);
    double s2 = deviation * deviation;
    if (!(temperature >= 0.1 * s2 && Double.isFinite(temperature))) {
      throw new IllegalArgumentException(
          "temperature must be finite and at least " + 0.1 * s2 + ", not " + temperature);
    }
    double grain = Math.min(0.04, 0.05 * temperature / s2);
    int half = (int) Math.ceil(9 / grain);
    int points = 2 * half + 1;
    double[] weights = new double[points];
    double[] logs = new double[points]; // log u
    double[] squares = new double[points]; // (y - y_T)²
    double least = 0;
    for (int i = 0; i < points; i++) {
      double z = (i - half) * grain;
      double y = bias + deviation * z; // measured from y_T
      weights[i] = grain * density(z);
      logs[i] = -(y - shift) * (y - shift) / temperature;
      squares[i] = y * y;
      least = Math.min(least, logs[i]);
    }
    int most = Arrays.stream(draws).max().orElse(1);
    double[] sums = new double[draws.length];
    for (double x = -33 - Math.log(most); x < 4 - least; x += STEP) {
      double missed = 0; // 1 - A
      double a = 0;
      double bv = 0; // B v
      for (int i = 0; i < points; i++) {
        double t = Math.exp(x + logs[i]);
        double e = Math.exp(-t);
        missed -= weights[i] * Math.expm1(-t);
        a += weights[i] * e;
        bv += t > 745 ? 0 : weights[i] * squares[i] * t * e;
      }
      double logA = missed < 0.5 ? Math.log1p(-missed) : Math.log(a);
      for (int j = 0; j < draws.length; j++) {
        sums[j] += draws[j] == 1 ? 0 : STEP * draws[j] * bv * Math.exp((draws[j] - 1) * logA);
      }
      if (a == 0) break;
    }
    for (int j = 0; j < draws.length; j++) sums[j] = draws[j] == 1 ? single() : sums[j];
    return sums;
  }

  /** The mean error over repetitions of drawing and picking. */
  public double simulated(int draws, double temperature, int repetitions, SplittableRandom random) {
    check(draws);
    positive(temperature);
    double sum = 0;
    double[] y = new double[draws];
    double[] logs = new double[draws];
    for (int r = 0; r < repetitions; r++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < draws; i++) {
        y[i] = bias + deviation * random.nextGaussian();
        logs[i] = -(y[i] - shift) * (y[i] - shift) / temperature;
        most = Math.max(most, logs[i]);
      }
      double weights = 0;
      double error = 0;
      for (int i = 0; i < draws; i++) {
        double weight = Math.exp(logs[i] - most);
        weights += weight;
        error += weight * y[i] * y[i]; // the pick's expectation: no need to draw it
      }
      sum += error / weights;
    }
    return sum / repetitions;
  }

  /**
   * The number of draws with the least mean error over prompts. Tries every number up to 16 and
   * about eight for each doubling from there on.
   *
   * @param prompts a few that were measured, at least one
   * @param temperature at least a tenth of the largest s²
   * @param most draws that can be afforded, at least 1
   */
  public static Stop stop(List<JudgeScaling> prompts, double temperature, int most) {
    if (prompts.isEmpty()) throw new IllegalArgumentException("expected at least one prompt");
    check(most);
    int[] draws = candidates(most);
    double[] errors = new double[draws.length];
    for (JudgeScaling prompt : prompts) {
      double[] curve = prompt.curve(draws, temperature);
      for (int j = 0; j < draws.length; j++) errors[j] += curve[j] / prompts.size();
    }
    int least = 0;
    for (int j = 1; j < draws.length; j++) least = errors[j] < errors[least] ? j : least;
    return new Stop(draws[least], errors[least], errors[0]);
  }

  private static int[] candidates(int most) {
    var draws = java.util.stream.IntStream.builder();
    for (long k = 1; k < most; k = Math.max(k + 1, k * 12 / 11)) draws.add((int) k);
    return draws.add(most).build().toArray();
  }

  private double tau(double temperature) {
    return 2 * deviation * deviation / positive(temperature);
  }

  private static double positive(double temperature) {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0, not " + temperature);
    }
    return temperature;
  }

  private static void check(int draws) {
    if (draws < 1) throw new IllegalArgumentException("draws must be at least 1, not " + draws);
  }
}
