package dev.goodhart.explore;

import dev.goodhart.explore.Explore.History;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Of all prompts a share, evenly; the others get nothing. */
final class Chosen {
  /** So much a product of doubles may miss a whole number, and still be meant to be it. */
  private static final double ROUNDING = 1e-12;

  /** How many prompts make a step of that many when only a share of them is chosen. */
  static int candidates(int prompts, double keep) {
    return (int) Math.min(Integer.MAX_VALUE, Math.floor(prompts / keep));
  }

  /**
   * The budget over the share {@code keep} of the prompts, rounded up, with the lowest keys; among
   * equals the earlier prompt goes first.
   */
  static int[] lowest(
      List<History> prompts, double keep, int budget, ToDoubleFunction<History> key) {
    double[] keys = prompts.stream().mapToDouble(key).toArray();
    int[] chosen =
        IntStream.range(0, keys.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> keys[i]))
            .limit((long) Math.ceil(keep * keys.length * (1 - ROUNDING)))
            .mapToInt(i -> i)
            .toArray();
    Arrays.sort(chosen); // the first ones get one more where the budget does not divide
    int[] shares =
        new UniformGroups().allocate(Arrays.stream(chosen).mapToObj(prompts::get).toList(), budget);
    int[] counts = new int[keys.length];
    for (int i = 0; i < chosen.length; i++) {
      counts[chosen[i]] = shares[i];
    }
    return counts;
  }

  private Chosen() {}
}
