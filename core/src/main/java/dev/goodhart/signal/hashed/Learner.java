package dev.goodhart.signal.hashed;

import dev.goodhart.signal.fit.BradleyTerry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One linear model being trained by AdaGrad, one comparison at a time. With {@code g} the
 * derivative of the loss by a weight:
 *
 * <pre>{@code
 * G <- G + g^2
 * w <- w - rate g / sqrt(accumulator + G)
 * }</pre>
 *
 * <p>Only n-grams that one of the two responses has and the other has not take part: what they
 * share cancels. Sequential, so that the weights depend on the order of the comparisons and on
 * nothing else.
 */
final class Learner {
  private static final float[] VALUES = values();

  private final float rate;
  private final float accumulator;

  /**
   * Weight and sum of squared gradients of a bucket side by side: they are always used together.
   */
  private final float[] hashed;

  private final float[] look = new float[2 * Features.LOOK];
  private float intercept;
  private float interceptSquares;

  private int[] plus = new int[1 << 12];
  private int[] minus = new int[1 << 12];
  private final int[] plusEnds = new int[Features.GROUPS];
  private final int[] minusEnds = new int[Features.GROUPS];

  Learner(int bits, double rate, double accumulator) {
    this.rate = (float) rate;
    this.accumulator = (float) accumulator;
    this.hashed = new float[2 << bits];
  }

  /**
   * Learns that {@code a} is better than {@code b} with probability {@code p}, by a margin {@code
   * m}.
   */
  void compare(Features a, Features b, double p, double m, double weight) {
    differ(a, b);
    step(a.look(), b.look(), weight * BradleyTerry.gradient(difference(a.look(), b.look()), p, m));
  }

  /** Learns that {@code a} is good with probability {@code p}. */
  void label(Features a, double p, double weight) {
    reserve(a.ngrams().length, 0);
    System.arraycopy(a.ngrams(), 0, plus, 0, a.ngrams().length);
    System.arraycopy(a.ends(), 0, plusEnds, 0, Features.GROUPS);
    Arrays.fill(minusEnds, 0);
    double z = difference(a.look(), null) + intercept;
    float g = (float) (weight * BradleyTerry.gradient(z, p, 0));
    interceptSquares += g * g;
    intercept -= rate * g / root(interceptSquares);
    step(a.look(), null, g);
  }

  /** The reward of a response as the weights are now, without the intercept. */
  double reward(Features a) {
    double sum = 0;
    for (int bucket : a.ngrams()) {
      sum += hashed[2 * bucket];
    }
    for (int i = 0; i < a.look().length; i++) {
      sum += look[2 * i] * a.look()[i];
    }
    return sum;
  }

  /** The weights as they are now. */
  Weights weights() {
    float[] h = new float[hashed.length / 2];
    for (int i = 0; i < h.length; i++) {
      h[i] = hashed[2 * i];
    }
    float[] s = new float[Features.LOOK];
    for (int i = 0; i < s.length; i++) {
      s[i] = look[2 * i];
    }
    return new Weights(h, s, intercept);
  }

  /**
   * Splits the n-grams into those of {@code a} alone and those of {@code b} alone: a merge of
   * sorted lists. Which of two buckets is smaller is as good as random, and a wrongly predicted
   * branch costs more than the rest of the step, so there is none: {@code x - y >>> 31} is 1 where
   * x < y.
   */
  private void differ(Features a, Features b) {
    int[] x = a.ngrams();
    int[] y = b.ngrams();
    reserve(x.length, y.length);
    int[] p = plus;
    int[] q = minus;
    int kp = 0;
    int kq = 0;
    for (int group = 0; group < Features.GROUPS; group++) {
      int i = a.start(group);
      int j = b.start(group);
      int xEnd = a.ends()[group];
      int yEnd = b.ends()[group];
      while (i < xEnd && j < yEnd) {
        int u = x[i];
        int v = y[j];
        int less = u - v >>> 31;
        int more = v - u >>> 31;
        p[kp] = u;
        q[kq] = v;
        kp += less;
        kq += more;
        i += 1 - more;
        j += 1 - less;
      }
      System.arraycopy(x, i, p, kp, xEnd - i);
      kp += xEnd - i;
      System.arraycopy(y, j, q, kq, yEnd - j);
      kq += yEnd - j;
      plusEnds[group] = kp;
      minusEnds[group] = kq;
    }
  }

  /** One place more than is needed: {@link #differ} writes before it knows whether to keep. */
  private void reserve(int a, int b) {
    if (plus.length <= a) {
      plus = new int[2 * a];
    }
    if (minus.length <= b) {
      minus = new int[2 * b];
    }
  }

  private double difference(float[] a, float @Nullable [] b) {
    double d =
        sum(plus, plusEnds[Features.GROUPS - 1]) - sum(minus, minusEnds[Features.GROUPS - 1]);
    for (int i = 0; i < a.length; i++) {
      d += look[2 * i] * (b == null ? a[i] : a[i] - b[i]);
    }
    return d;
  }

  private double sum(int[] buckets, int n) {
    float[] w = hashed;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += w[2 * buckets[i]];
    }
    return sum;
  }

  private void step(float[] a, float @Nullable [] b, double gradient) {
    int i = 0;
    int j = 0;
    for (int group = 0; group < Features.GROUPS; group++) {
      float value = VALUES[group];
      float g = (float) gradient * value;
      float step = rate * value * g;
      move(plus, i, plusEnds[group], g * g, step);
      move(minus, j, minusEnds[group], g * g, -step);
      i = plusEnds[group];
      j = minusEnds[group];
    }
    for (int k = 0; k < a.length; k++) {
      float g = (float) gradient * (b == null ? a[k] : a[k] - b[k]);
      look[2 * k + 1] += g * g;
      look[2 * k] -= rate * g / root(look[2 * k + 1]);
    }
  }

  private void move(int[] buckets, int from, int to, float squared, float step) {
    float[] w = hashed;
    for (int i = from; i < to; i++) {
      int at = 2 * buckets[i];
      float squares = w[at + 1] + squared;
      w[at + 1] = squares;
      w[at] -= step / root(squares);
    }
  }

  private static float[] values() {
    float[] values = new float[Features.GROUPS];
    for (int group = 0; group < values.length; group++) {
      values[group] = FeatureGroup.HASHED.get(group).value;
    }
    return values;
  }

  private float root(float squares) {
    return (float) Math.sqrt(accumulator + squares);
  }
}
