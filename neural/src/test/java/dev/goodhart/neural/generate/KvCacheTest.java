package dev.goodhart.neural.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.Packed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read through the cache is what a whole forward pass sees. */
class KvCacheTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6, 100})
  void rowsOfAllLengthsSeeWhatAWholePassSees(int window) {
    Decoder decoder = Models.random(window, 1);
    int[][] sequences = {Models.tokens(9, 1), Models.tokens(14, 2), Models.tokens(11, 3)};
    int[] prompts = {2, 7, 1};
    try (KvCache cache = new KvCache(decoder.config(), Device.CPU, 4, 20, 1 << 30)) {
      double[][] last = new double[3][];
      begin(
          decoder,
          cache,
          last,
          new int[0],
          List.of(head(sequences[0], 2), head(sequences[1], 7)),
          0,
          1);
      int[] lengths = {2, 7};
      int[] next = {sequences[0][2], sequences[1][7]};
      // The third row begins while the two others go on.
      pass(decoder, cache, last, lengths, next, List.of(head(sequences[2], prompts[2])), 2);
      lengths = new int[] {3, 8, 1};
      while (lengths[0] < 9) {
        for (int row = 0; row < 3; row++) {
          assertClose(whole(decoder, head(sequences[row], lengths[row])), last[row]);
        }
        next = new int[3];
        for (int row = 0; row < 3; row++) next[row] = sequences[row][lengths[row]];
        pass(decoder, cache, last, lengths, next, List.of(), new int[0]);
        for (int row = 0; row < 3; row++) lengths[row]++;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void aCopiedRowGoesOnLikeItsOriginal(int window) {
    Decoder decoder = Models.random(window, 2);
    int[] prompt = Models.tokens(8, 4);
    try (KvCache cache = new KvCache(decoder.config(), Device.CPU, 3, 20, 1 << 30)) {
      double[][] last = new double[3][];
      begin(decoder, cache, last, new int[0], List.of(prompt), 2);
      cache.copy(2, 0, prompt.length);
      cache.copy(2, 1, prompt.length);
      pass(decoder, cache, last, new int[] {8, 8, 8}, new int[] {3, 4, 3}, List.of(), new int[0]);

      assertClose(whole(decoder, append(prompt, 3)), last[0]);
      assertClose(whole(decoder, append(prompt, 4)), last[1]);
      assertArrayEquals(last[0], last[2], 1e-6);
    }
  }

  @Test
  void itsSizeIsKnownBefore() {
    DecoderConfig config = Models.config(0);
    // Keys and values of 2 layers, 3 rows of 10 tokens, 2 heads of 8 numbers of 4 bytes.
    assertEquals(2 * 2 * 3 * 10 * 2 * 8 * 4, KvCache.bytes(config, Device.CPU, 3, 10));
    // A window of 4 keeps 4 tokens a row.
    assertEquals(2 * 2 * 3 * 4 * 2 * 8 * 4, KvCache.bytes(Models.config(4), Device.CPU, 3, 10));
    String message =
        assertThrows(
                GoodhartException.class,
                () -> new KvCache(config, Device.CPU, 3, 10, 2 * 2 * 2 * 10 * 2 * 8 * 4))
            .getMessage();
    assertTrue(message.contains("3 rows of 10 tokens") && message.contains("take 2 rows"), message);
  }

  private static void begin(
      Decoder decoder, KvCache cache, double[][] last, int[] next, List<int[]> begun, int... into) {
    pass(decoder, cache, last, new int[0], next, begun, into);
  }

  /** One pass; the scores behind each row's last token go into {@code last}. */
  private static void pass(
      Decoder decoder,
      KvCache cache,
      double[][] last,
      int[] lengths,
      int[] next,
      List<int[]> begun,
      int... into) {
    try (Scope scope = Scope.inference()) {
      Packed packed = begun.isEmpty() ? null : Packed.of(begun, decoder);
      List<Integer> ids = new ArrayList<>();
      List<Integer> positions = new ArrayList<>();
      List<Integer> ends = new ArrayList<>();
      for (int row = 0; row < next.length; row++) {
        ids.add(next[row]);
        positions.add(lengths[row]);
        ends.add(row);
      }
      for (int[] sequence : begun) {
        for (int p = 0; p < sequence.length; p++) {
          ids.add(sequence[p]);
          positions.add(p);
        }
        ends.add(ids.size() - 1);
      }
      Tensor logits =
          decoder.logits(
              decoder.hidden(longs(ids), longs(positions), 64, cache.pass(lengths, packed, into)));
      for (int i = 0; i < ends.size(); i++) {
        int row = i < next.length ? i : into[i - next.length];
        last[row] = Ops.doubles(logits.select(0, ends.get(i)));
      }
    }
  }

  private static Tensor longs(List<Integer> values) {
    return Device.CPU.longs(values.stream().mapToLong(Integer::longValue).toArray());
  }

  private static double[] whole(Decoder decoder, int[] sequence) {
    try (Scope scope = Scope.inference()) {
      Packed packed = Packed.of(List.of(sequence), decoder);
      return Ops.doubles(decoder.logits(decoder.hidden(packed)).select(0, sequence.length - 1));
    }
  }

  private static void assertClose(double[] want, double[] found) {
    assertArrayEquals(want, found, 1e-5);
  }

  private static int[] head(int[] sequence, int n) {
    return Arrays.copyOf(sequence, n);
  }

  private static int[] append(int[] sequence, int token) {
    int[] longer = Arrays.copyOf(sequence, sequence.length + 1);
    longer[sequence.length] = token;
    return longer;
  }
}
