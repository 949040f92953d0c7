package dev.goodhart.neural.align;

import dev.goodhart.Sample;
import dev.goodhart.neural.align.World.Split;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which prompts a step is about: those of a finite world in an order drawn anew for each pass over
 * them, those of a world without end one after the other.
 */
final class PromptOrder {
  /** Of more prompts than this the order is not drawn. */
  private static final long LARGEST = 1 << 22;

  private final Tasks tasks;
  private final Seeds seeds;
  private final long size;
  private long pass = -1;
  private int[] order = {};

  PromptOrder(Tasks tasks, Seeds seeds) {
    this.tasks = tasks;
    this.seeds = seeds;
    this.size = tasks.size(Split.TRAIN);
  }

  /** So many prompts from a place in the course of the run. */
  List<Sample> from(long cursor, int count) {
    List<Sample> prompts = new ArrayList<>();
    for (long i = cursor; i < cursor + count; i++) {
      prompts.add(tasks.prompt(Split.TRAIN, index(i)));
    }
    return prompts;
  }

  private long index(long place) {
    if (size > LARGEST) return place % size;
    if (place / size != pass) {
      pass = place / size;
      order = new int[(int) size];
      SplittableRandom random = seeds.of("align/order", pass);
      for (int i = 0; i < order.length; i++) { // Fisher and Yates, inside out
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
    }
    return order[(int) (place % size)];
  }
}
