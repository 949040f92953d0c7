package dev.goodhart.signal.hashed;

import dev.goodhart.signal.hashed.TrainingSet.Item;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The items that decide when to stop and what the temperature is. */
final class Development {
  private final TrainingSet set;
  private final List<Item> items;

  Development(TrainingSet set, List<Item> items) {
    this.set = set;
    this.items = items;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** The mean loss that is left at the best temperature: what scaling cannot mend. */
  double loss(ToDoubleFunction<Features> reward) {
    return temperature(reward).loss();
  }

  Temperature temperature(ToDoubleFunction<Features> reward) {
    return Temperature.of(predictions(set, items, reward));
  }

  /** The rewards' differences for comparisons, the rewards themselves for labels. */
  static Temperature.Items predictions(
      TrainingSet set, List<Item> items, ToDoubleFunction<Features> reward) {
    double[] known = new double[set.responses().length];
    java.util.Arrays.fill(known, Double.NaN);
    double[] x = new double[items.size()];
    double[] p = new double[items.size()];
    double[] weight = new double[items.size()];
    boolean[] label = new boolean[items.size()];
    for (int i = 0; i < x.length; i++) {
      Item item = items.get(i);
      x[i] = reward(set, item.first(), known, reward);
      if (!item.isLabel()) {
        x[i] -= reward(set, item.second(), known, reward);
      }
      p[i] = item.probability();
      weight[i] = item.weight();
      label[i] = item.isLabel();
    }
    return new Temperature.Items(x, p, weight, label);
  }

  private static double reward(
      TrainingSet set, int response, double[] known, ToDoubleFunction<Features> reward) {
    if (Double.isNaN(known[response])) {
      known[response] = reward.applyAsDouble(set.responses()[response]);
    }
    return known[response];
  }
}
