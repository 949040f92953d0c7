package dev.goodhart.neural.reward;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.Packed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The transformers behind a reward model and the numbers they give. An ensemble is several heads on
 * one of them ({@code labels = heads · outputs}), adapters on one, or several of them; which it is
 * makes no difference here.
 *
 * @param decoders with heads; those with adapters share their weights
 * @param outputs how many numbers a member gives for a marked token
 */
public record RewardNet(List<Decoder> decoders, int outputs) {
  /** Tokens of one pass: enough to fill the cores, few enough for the memory of a small machine. */
  static final int PASS = 8192;

  public RewardNet {
    decoders = List.copyOf(decoders);
    for (Decoder decoder : decoders) {
      if (decoder.config().labels() % outputs != 0 || decoder.config().labels() == 0) {
        throw new IllegalArgumentException(
            decoder.config().labels() + " labels are no multiple of " + outputs + " outputs");
      }
    }
  }

  /** How many members. */
  public int members() {
    return decoders.stream().mapToInt(d -> d.config().labels() / outputs).sum();
  }

  /** The first members alone; those that share a pass with another are computed and left out. */
  public RewardNet first(int members) {
    List<Decoder> some = new ArrayList<>();
    int have = 0;
    for (Decoder decoder : decoders) {
      if (have >= members) break;
      some.add(decoder);
      have += decoder.config().labels() / outputs;
    }
    return new RewardNet(some, outputs);
  }

  /**
   * What a decoder's head gives for the marked tokens of some samples in one pass, for a loss:
   * {@code [marks of all, labels]}.
   */
  public static Tensor outputs(Decoder decoder, List<Encoded> samples) {
    Packed packed = Packed.of(samples.stream().map(Encoded::ids).toList(), decoder);
    Tensor hidden = Ops.rows(decoder.hidden(packed), decoder.device().longs(marks(samples)));
    return decoder.scores(hidden);
  }

  private static long[] marks(List<Encoded> samples) {
    List<long[]> marks = new ArrayList<>();
    long start = 0;
    for (Encoded sample : samples) {
      long from = start;
      marks.add(IntStream.of(sample.marks()).mapToLong(m -> from + m).toArray());
      start += sample.ids().length;
    }
    return marks.stream().flatMapToLong(LongStream::of).toArray();
  }

  /**
   * Scores samples, long ones with long ones. A score does not depend on its company, beyond
   * rounding (10⁻⁵).
   *
   * @return {@code [sample][member][mark][output]}
   */
  public double[][][][] scores(List<Encoded> samples) {
    double[][][][] scores = new double[samples.size()][members()][][];
    int[] lengths = samples.stream().mapToInt(s -> s.ids().length).toArray();
    for (int[] pass : Packed.passes(lengths, PASS)) {
      int member = 0;
      for (Decoder decoder : decoders) {
        member += pass(decoder, samples, pass, scores, member);
      }
    }
    return scores;
  }

  /** Fills in one decoder's members; how many they are. */
  private int pass(
      Decoder decoder, List<Encoded> samples, int[] pass, double[][][][] scores, int member) {
    int labels = decoder.config().labels();
    int heads = labels / outputs;
    double[] flat;
    try (Scope ignored = Scope.inference()) {
      flat = Ops.doubles(outputs(decoder, Arrays.stream(pass).mapToObj(samples::get).toList()));
    }
    int row = 0;
    for (int i : pass) {
      int marks = samples.get(i).marks().length;
      for (int h = 0; h < heads; h++) {
        double[][] out = new double[marks][outputs];
        for (int m = 0; m < marks; m++) {
          System.arraycopy(flat, (row + m) * labels + h * outputs, out[m], 0, outputs);
        }
        scores[i][member + h] = out;
      }
      row += marks;
    }
    return heads;
  }
}
