import static dev.goodhart.neural.engine.Ops.crossEntropy;
import static dev.goodhart.neural.engine.Ops.mean;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Torch;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Packed;
import dev.goodhart.neural.train.AdamW;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Learner;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.neural.train.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A training step of a Llama of 4 layers, 128 wide: 32 sequences of 64 tokens of a vocabulary of
 * 256, clipping, AdamW. Prints the median step in
 * milliseconds, the mean processor time of a step, and the last step's loss.
 */
class TrainStep {
  private static final int BATCH = 32;
  private static final int TIME = 64;
  private static final int VOCABULARY = 256;

  /** Predicting the next token. */
  record NextToken(Decoder decoder) implements Task<int[]> {
    @Override
    public int tokens(int[] example) {
      return TIME;
    }

    @Override
    public Cost cost(List<int[]> examples) {
      List<int[]> inputs = new ArrayList<>();
      long[] next = new long[examples.size() * TIME];
      for (int i = 0; i < examples.size(); i++) {
        inputs.add(Arrays.copyOf(examples.get(i), TIME));
        for (int t = 0; t < TIME; t++) next[i * TIME + t] = examples.get(i)[t + 1];
      }
      Tensor hidden = decoder.hidden(Packed.of(inputs, decoder));
      return Cost.of(mean(crossEntropy(decoder.logits(hidden), Device.CPU.longs(next))));
    }
  }

  public static void main(String[] args) {
    int warm = Integer.parseInt(args[0]);
    int steps = Integer.parseInt(args[1]);
    Torch.load();
    Integer threads = Integer.getInteger("torch.threads");
    if (threads != null) torch.set_num_threads(threads);
    DecoderConfig config = DecoderConfig.tiny(VOCABULARY, DecoderConfig.Special.NONE);
    Decoder start = HfFolder.random(config, 1, Device.CPU);
    Parameters parameters = Parameters.of(start);
    var learner =
        new Learner<>(
            parameters,
            new NextToken(parameters.decoder(start)),
            new AdamW(0.9, 0.95, 1e-8, 0.01),
            BATCH * TIME,
            1);
    SplittableRandom random = new SplittableRandom(1);
    double[] times = new double[steps];
    double loss = 0;
    double cpu = 0;
    for (int step = -warm; step < steps; step++) {
      List<int[]> batch = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        int[] sequence = new int[TIME + 1];
        int by = random.nextInt(1, 4);
        sequence[0] = random.nextInt(VOCABULARY);
        for (int t = 1; t <= TIME; t++) sequence[t] = (sequence[t - 1] + by) % VOCABULARY;
        batch.add(sequence);
      }
      if (step == 0) cpu = processor();
      long from = System.nanoTime();
      loss = learner.step(batch, 1e-3).loss();
      if (step >= 0) times[step] = (System.nanoTime() - from) / 1e6;
    }
    Arrays.sort(times);
    System.out.printf(
        "%.2f ms, %.2f ms of processors, loss %.4f%n",
        times[steps / 2], (processor() - cpu) / steps, loss);
  }

  /** Milliseconds that all threads have taken. */
  private static double processor() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
  }
}
