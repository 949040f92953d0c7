package dev.goodhart.neural.train;

import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which examples a step learns from: every epoch all of them, in an order of its own, divided
 * evenly over its steps. A function of seed and step alone, so that a resumed training needs no
 * more than the step.
 */
final class Order {
  private final int examples;
  private final long perEpoch;
  private final Seeds seeds;
  private long epoch = -1;
  private int[] order = {};

  Order(int examples, long stepsPerEpoch, long seed) {
    this.examples = examples;
    this.perEpoch = stepsPerEpoch;
    this.seeds = new Seeds(seed);
  }

  /** The examples of a step, counted from 0. */
  <E> List<E> batch(long step, List<E> all) {
    shuffle(step / perEpoch);
    long within = step % perEpoch;
    int from = Math.toIntExact(within * examples / perEpoch);
    int to = Math.toIntExact((within + 1) * examples / perEpoch);
    List<E> batch = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) batch.add(all.get(order[i]));
    return batch;
  }

  private void shuffle(long wanted) {
    if (wanted == epoch) return;
    int[] places = IntStream.range(0, examples).toArray();
    SplittableRandom random = seeds.of("order", wanted);
    for (int i = examples - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = places[i];
      places[i] = places[j];
      places[j] = swap;
    }
    order = places;
    epoch = wanted;
  }
}
