package dev.goodhart.neural.train;

import static dev.goodhart.neural.engine.Ops.crossEntropy;
import static dev.goodhart.neural.engine.Ops.mean;
import static dev.goodhart.neural.engine.Ops.rows;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/** Small models and data of the tests. */
final class Fixtures {
  private Fixtures() {}

  static DecoderConfig config(int vocabulary, int hidden, int layers) {
    return new DecoderConfig(
        DecoderConfig.Family.QWEN3,
        vocabulary,
        hidden,
        2 * hidden,
        layers,
        2,
        1,
        hidden / 2,
        1e-6,
        10_000,
        null,
        true,
        true,
        false,
        false,
        256,
        0,
        0,
        DecoderConfig.Special.NONE);
  }

  static Decoder decoder(int vocabulary, int hidden, int layers) {
    return HfFolder.random(config(vocabulary, hidden, layers), 7, Device.CPU);
  }

  /** Sequences that count upwards in steps of 1 or 2: easy to learn. */
  static List<int[]> counting(int count, int vocabulary, int longest, long seed) {
    SplittableRandom random = new Seeds(seed).of("counting");
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] sequence = new int[random.nextInt(2, longest + 1)];
      int by = random.nextInt(1, 3);
      sequence[0] = random.nextInt(vocabulary);
      for (int t = 1; t < sequence.length; t++) sequence[t] = (sequence[t - 1] + by) % vocabulary;
      sequences.add(sequence);
    }
    return sequences;
  }

  /** Predicting the next token, in nats a token. */
  record NextToken(Decoder decoder) implements Task<int[]> {
    @Override
    public int tokens(int[] example) {
      return example.length;
    }

    @Override
    public double weight(int[] example) {
      return example.length - 1;
    }

    @Override
    public Cost cost(List<int[]> examples) {
      Packing packing = Packing.of(examples, decoder);
      List<Long> at = new ArrayList<>();
      List<Long> next = new ArrayList<>();
      for (int i = 0; i < examples.size(); i++) {
        int[] example = examples.get(i);
        for (int t = 0; t + 1 < example.length; t++) {
          at.add(packing.first()[i] + t);
          next.add((long) example[t + 1]);
        }
      }
      Tensor hidden = rows(decoder.hidden(packing.packed()), longs(at));
      return Cost.of(mean(crossEntropy(decoder.logits(hidden), longs(next))));
    }

    private Tensor longs(List<Long> values) {
      return decoder.device().longs(values.stream().mapToLong(v -> v).toArray());
    }
  }
}
