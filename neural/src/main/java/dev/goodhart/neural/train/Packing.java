package dev.goodhart.neural.train;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.Packed;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Sequences packed in the order of their lengths, which takes attention the fewest calls, and where
 * each of them lies in the row.
 *
 * @param packed the row
 * @param first where each sequence begins, in the order in which they were given
 * @param last where its last token is, in the same order
 */
public record Packing(Packed packed, long[] first, long[] last) {
  public static Packing of(List<int[]> sequences, Decoder decoder) {
    List<Integer> order =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> sequences.get(i).length))
            .toList();
    long[] first = new long[sequences.size()];
    long[] last = new long[sequences.size()];
    long at = 0;
    for (int i : order) {
      first[i] = at;
      at += sequences.get(i).length;
      last[i] = at - 1;
    }
    return new Packing(
        Packed.of(order.stream().map(sequences::get).toList(), decoder), first, last);
  }

  /**
   * The rows of each sequence's last token, in the order in which the sequences were given.
   *
   * @param hidden {@code [tokens, n]}
   * @return {@code [sequences, n]}
   */
  public Tensor atLast(Tensor hidden) {
    return Ops.rows(hidden, Device.of(hidden).longs(last));
  }
}
