package dev.goodhart.neural.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PackedTest {
  private static final Decoder TINY =
      HfFolder.random(
          DecoderConfig.tiny(50, DecoderConfig.Special.NONE).withLabels(1), 3, Device.CPU);

  @Test
  void aScoreDoesNotDependOnItsCompany() {
    SplittableRandom random = new SplittableRandom(5);
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < 64; i++) sequences.add(random.ints(1 + i * 3 % 90, 0, 50).toArray());
    double[] together = scores(sequences);
    for (int i = 0; i < sequences.size(); i++) {
      assertEquals(scores(List.of(sequences.get(i)))[0], together[i], 1e-5);
    }
    List<int[]> sorted = new ArrayList<>(sequences);
    sorted.sort((a, b) -> Integer.compare(b.length, a.length));
    double[] inOrder = scores(sorted);
    for (int i = 0; i < sorted.size(); i++) {
      assertEquals(together[sequences.indexOf(sorted.get(i))], inOrder[i], 1e-5);
    }
  }

  @Test
  void attentionIsTheFormula() {
    // Two sequences of lengths 2 and 3 (the window must begin anew), 4 query heads over 2 pairs of
    // keys and values.
    SplittableRandom random = new SplittableRandom(7);
    double[] q = random.doubles(5 * 4 * 2, -2, 2).toArray();
    double[] k = random.doubles(5 * 2 * 2, -2, 2).toArray();
    double[] v = random.doubles(5 * 2 * 2, -2, 2).toArray();
    int[] start = {0, 0, 2, 2, 2};
    for (int window : new int[] {0, 2}) {
      try (Scope scope = Scope.inference()) {
        Tensor found =
            packed(new int[] {2, 3}, window)
                .of(
                    0,
                    Tensor.create(q, 5, 4, 2),
                    Tensor.create(k, 5, 2, 2),
                    Tensor.create(v, 5, 2, 2),
                    0.7);
        assertArrayEquals(plain(q, k, v, start, window), Ops.doubles(found), 1e-12);
      }
    }
  }

  /** The same in loops. */
  private static double[] plain(double[] q, double[] k, double[] v, int[] start, int window) {
    double[] out = new double[q.length];
    for (int t = 0; t < 5; t++) {
      int from = window == 0 ? start[t] : Math.max(start[t], t - window + 1);
      for (int h = 0; h < 4; h++) {
        double total = 0;
        for (int s = from; s <= t; s++) {
          double dot = 0;
          for (int i = 0; i < 2; i++) dot += q[(t * 4 + h) * 2 + i] * k[(s * 2 + h / 2) * 2 + i];
          double weight = Math.exp(0.7 * dot);
          total += weight;
          for (int i = 0; i < 2; i++) {
            out[(t * 4 + h) * 2 + i] += weight * v[(s * 2 + h / 2) * 2 + i];
          }
        }
        for (int i = 0; i < 2; i++) out[(t * 4 + h) * 2 + i] /= total;
      }
    }
    return out;
  }

  private static Packed packed(int[] lengths, int window) {
    List<int[]> sequences = Arrays.stream(lengths).mapToObj(int[]::new).toList();
    return Packed.of(sequences, window, Device.CPU);
  }

  private static double[] scores(List<int[]> sequences) {
    try (Scope scope = Scope.inference()) {
      Packed packed = Packed.of(sequences, TINY);
      double[] all = Ops.doubles(TINY.scores(TINY.hidden(packed)));
      long[] last = packed.last();
      return IntStream.range(0, last.length).mapToDouble(i -> all[(int) last[i]]).toArray();
    }
  }
}
