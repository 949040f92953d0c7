package dev.goodhart.signal.fit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings rewards to log-odds: the slope {@code a} (one over the temperature) and, for responses
 * that were judged on their own, the offset {@code b} that make the likelihood of held-out data
 * largest:
 *
 * <pre>{@code
 * minimise  sum_i weight_i loss(a x_i + b [i is a label], p_i) + (a - 1)^2 / 2 + (b / 10)^2 / 2
 * }</pre>
 *
 * <p>with {@link BradleyTerry#loss}. The last two terms keep both near where they start when there
 * is next to nothing to fit them on; a few dozen comparisons outweigh them.
 *
 * @param slope at least {@link #LEAST}: a reward is never turned around
 * @param loss the mean loss at the minimum, without the last terms; NaN of no items
 */
public record Temperature(double slope, double offset, double loss) {
  /** A reward that is no better than chance on held-out data is all but switched off. */
  public static final double LEAST = 0.01;

  private static final int STEPS = 50;

  /**
   * What to fit on.
   *
   * @param x differences in reward, or rewards of labels
   * @param p the probability that the first is better, or the response good
   * @param label whether the offset counts
   */
  record Items(double[] x, double[] p, double[] weight, boolean[] label) {}

  /**
   * Fits to judgements of prompts that were set aside.
   *
   * @param rewards by the response's number, before calibration
   */
  public static Temperature of(List<Judgement> judgements, double[] rewards) {
    int n = judgements.size();
    double[] p = new double[n];
    double[] weight = new double[n];
    boolean[] label = new boolean[n];
    for (int i = 0; i < n; i++) {
      Judgement judgement = judgements.get(i);
      p[i] = judgement.probability();
      weight[i] = judgement.weight();
      label[i] = judgement.isLabel();
    }
    return of(new Items(differences(judgements, rewards), p, weight, label));
  }

  /** The differences in reward of comparisons, the rewards themselves of labels. */
  static double[] differences(List<Judgement> judgements, double[] rewards) {
    double[] x = new double[judgements.size()];
    for (int i = 0; i < x.length; i++) {
      Judgement judgement = judgements.get(i);
      x[i] = rewards[judgement.first()];
      if (!judgement.isLabel()) {
        x[i] -= rewards[judgement.second()];
      }
    }
    return x;
  }

  /** Slope and offset by name, for the model's card. */
  public Map<String, @Nullable Object> figures() {
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("temperature", 1 / slope);
    figures.put("slope", slope);
    figures.put("offset", offset);
    return figures;
  }

  static Temperature of(Items items) {
    double a = 1;
    double b = 0;
    double value = value(items, a, b);
    for (int step = 0; step < STEPS; step++) {
      double ga = a - 1;
      double gb = b / 100;
      double haa = 1;
      double hab = 0;
      double hbb = 0.01;
      for (int i = 0; i < items.x.length; i++) {
        double one = items.label[i] ? 1 : 0;
        double q = BradleyTerry.sigmoid(a * items.x[i] + b * one);
        double g = items.weight[i] * (q - items.p[i]);
        double h = items.weight[i] * q * (1 - q);
        ga += g * items.x[i];
        gb += g * one;
        haa += h * items.x[i] * items.x[i];
        hab += h * items.x[i] * one;
        hbb += h * one;
      }
      double determinant = haa * hbb - hab * hab;
      double da = (hbb * ga - hab * gb) / determinant;
      double db = (haa * gb - hab * ga) / determinant;
      double size = 1;
      double next = value(items, a - da, b - db);
      while (next > value && size > 1e-6) {
        size /= 2;
        next = value(items, a - size * da, b - size * db);
      }
      if (!(next < value)) {
        break;
      }
      a -= size * da;
      b -= size * db;
      boolean settled = value - next < 1e-10 * (1 + Math.abs(value));
      value = next;
      if (settled) {
        break;
      }
    }
    double slope = Math.max(a, LEAST);
    double weight = 0;
    double loss = 0;
    for (int i = 0; i < items.x.length; i++) {
      double z = slope * items.x[i] + (items.label[i] ? b : 0);
      loss += items.weight[i] * BradleyTerry.loss(z, items.p[i], 0);
      weight += items.weight[i];
    }
    return new Temperature(slope, b, loss / weight);
  }

  private static double value(Items items, double a, double b) {
    double sum = (a - 1) * (a - 1) / 2 + b * b / 200;
    for (int i = 0; i < items.x.length; i++) {
      double z = a * items.x[i] + (items.label[i] ? b : 0);
      sum += items.weight[i] * BradleyTerry.loss(z, items.p[i], 0);
    }
    return sum;
  }
}
