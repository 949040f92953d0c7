package dev.goodhart.neural.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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
    List<Integer> byLength =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> lengths[i]))
            .toList();
    List<List<E>> passes = new ArrayList<>();
    List<E> pass = new ArrayList<>();
    long filled = 0;
    for (int i : byLength) {
      if (!pass.isEmpty() && filled + lengths[i] > tokens) {
        passes.add(pass);
        pass = new ArrayList<>();
        filled = 0;
      }
      pass.add(examples.get(i));
      filled += lengths[i];
    }
    if (!pass.isEmpty()) passes.add(pass);
    return passes;
  }
}
