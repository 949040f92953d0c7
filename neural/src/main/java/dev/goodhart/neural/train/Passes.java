package dev.goodhart.neural.train;

import dev.goodhart.neural.model.Packed;
import java.util.Arrays;
import java.util.List;

/**
 * Divides a step's examples into passes of a bounded number of tokens. Examples of like length go
 * together, the shortest first; those of one length keep their order.
 */
final class Passes {
  private Passes() {}

  /**
   * @param tokens a pass takes at most; a longer example gets a pass of its own
   */
  static <E> List<List<E>> of(List<E> examples, Task<E> task, int tokens) {
    int[] lengths = examples.stream().mapToInt(task::tokens).toArray();
    return Packed.passes(lengths, tokens).stream()
        .map(pass -> Arrays.stream(pass).<E>mapToObj(examples::get).toList())
        .toList();
  }
}
