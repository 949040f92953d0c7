import static dev.goodhart.neural.engine.Ops.linear;
import static dev.goodhart.neural.engine.Ops.matmul;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.generate.Completion;
import dev.goodhart.neural.generate.Generator;
import dev.goodhart.neural.generate.Limits;
import dev.goodhart.neural.generate.PromptTokens;
import dev.goodhart.neural.generate.Sampling;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Packed;
import dev.goodhart.run.Progress;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Tokens a second of generating and scoring beside what the machine's matrix product and memory
 * allow.
 *
 * <pre>
 * java ... bench/Generation.java tiny              a preset: tiny or small
 * java ... bench/Generation.java write FOLDER      a random model of 0.5 billion weights
 * java ... bench/Generation.java FOLDER            measures it, its loading included
 * </pre>
 */
public final class Generation {
  private static final int PROMPT = 16;

  /** Nanoseconds a case; the shortest of its rounds counts. */
  private static final long BUDGET = 5_000_000_000L;

  private static final int[] ROWS = {1, 4, 16, 64};

  /** With one thread others on the machine disturb less: waiting for a core is not counted. */
  private static final boolean ALONE = "1".equals(System.getProperty("goodhart.threads"));

  private static double gigaflops;
  private static double gigabytes;

  public static void main(String[] arguments) throws Exception {
    String what = arguments[0];
    if (what.equals("write")) {
      long start = clock();
      HfFolder.write(Path.of(arguments[1]), HfFolder.random(half(), 1, Device.CPU));
      System.out.printf("written in %.0f s%n", seconds(start));
      return;
    }
    Decoder decoder;
    DecoderConfig.Special none = DecoderConfig.Special.NONE;
    switch (what) {
      case "tiny" -> decoder = HfFolder.random(DecoderConfig.tiny(256, none), 1, Device.CPU);
      case "small" -> decoder = HfFolder.random(DecoderConfig.small(4096, none), 1, Device.CPU);
      default -> decoder = load(Path.of(what));
    }
    roofline();
    boolean large = decoder.config().size() > 100_000_000;
    score(decoder, large ? 2 : 16, 128);
    for (int rows : ROWS) generate(decoder, rows, large ? 16 : 128);
    System.out.printf("peak of the process %.0f MiB%n", status("VmHWM") / 1024.0);
  }

  /** As Qwen2.5-0.5B is cut, as a Llama: 24 layers, 896 wide, 14 heads over 2 of keys. */
  private static DecoderConfig half() {
    return new DecoderConfig(
        DecoderConfig.Family.LLAMA,
        151_936,
        896,
        4864,
        24,
        14,
        2,
        64,
        1e-6,
        1_000_000,
        null,
        true,
        false,
        false,
        false,
        4096,
        0,
        0,
        DecoderConfig.Special.NONE);
  }

  private static Decoder load(Path folder) throws Exception {
    long size = Files.size(folder.resolve("model.safetensors"));
    long before = status("VmRSS");
    long start = clock();
    Decoder decoder = HfFolder.read(folder, Device.CPU, Progress.NONE);
    System.out.printf(
        "%,d weights, %.0f MiB: loaded in %.1f s, resident at most %.0f MiB more than before it,"
            + " %.2f times its size%n",
        decoder.config().size(),
        size / 1048576.0,
        seconds(start),
        (status("VmHWM") - before) / 1024.0,
        (status("VmHWM") - before) * 1024.0 / size);
    return decoder;
  }

  /** What the machine can do: a large matrix product, and reading memory with all cores. */
  private static void roofline() throws Exception {
    try (Scope scope = Scope.inference()) {
      Tensor a = filled(2048, 2048);
      Tensor b = filled(2048, 2048);
      for (int i = 0; i < 8; i++) {
        long start = clock();
        try (Scope one = Scope.inference()) {
          matmul(a, b);
        }
        gigaflops = Math.max(gigaflops, 2.0 * 2048 * 2048 * 2048 / seconds(start) / 1e9);
      }
    }
    int cores = ALONE ? 1 : Runtime.getRuntime().availableProcessors();
    int[][] blocks = new int[cores][64 << 20];
    for (int[] block : blocks) Arrays.fill(block, 1);
    long[] sums = new long[cores];
    for (int round = 0; round < 10; round++) {
      long start = clock();
      Thread[] threads = new Thread[cores];
      for (int t = 1; t < cores; t++) {
        int at = t;
        threads[t] = Thread.ofPlatform().start(() -> sums[at] += sum(blocks[at]));
      }
      sums[0] += sum(blocks[0]);
      for (int t = 1; t < cores; t++) threads[t].join();
      gigabytes = Math.max(gigabytes, cores * (256.0 * (1 << 20)) / seconds(start) / 1e9);
    }
    System.out.printf(
        "roofline: %.0f GFLOP/s of matrix products, %.1f GB/s read from memory%n",
        gigaflops, gigabytes);
  }

  private static int sum(int[] values) {
    int sum = 0;
    for (int value : values) sum += value;
    return sum;
  }

  private static void score(Decoder decoder, int sequences, int length) {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < sequences; i++) all.add(tokens(decoder, length, i));
    double best = Double.MAX_VALUE;
    double products = Double.MAX_VALUE;
    long end = clock() + BUDGET;
    for (int round = 0; round < 2 || clock() < end; round++) {
      long start = clock();
      try (Scope scope = Scope.inference()) {
        Packed packed = Packed.of(all, decoder);
        decoder.logits(decoder.hidden(packed)).logsumexp(-1L);
      }
      best = Math.min(best, seconds(start));
      products = Math.min(products, products(decoder, sequences * length));
    }
    int n = sequences * length;
    double flops = 2.0 * matrices(decoder) * n;
    System.out.printf(
        "scoring %d x %d: %,.0f tokens/s, %.0f %% of the matrix product's rate; its matrix products"
            + " alone take %.0f %% of the time%n",
        sequences, length, n / best, 100 * flops / best / 1e9 / gigaflops, 100 * products / best);
  }

  private static void generate(Decoder decoder, int rows, int length) {
    Generator generator =
        new Generator(
            decoder, null, Sampling.DEFAULT, Limits.DEFAULT.withRows(rows).withContext(256));
    List<PromptTokens> prompts = new ArrayList<>();
    for (int i = 0; i < rows; i++) prompts.add(new PromptTokens(i, tokens(decoder, PROMPT, i)));
    double products = Double.MAX_VALUE;
    int tokens = 0;
    double[] times = {Double.MAX_VALUE, Double.MAX_VALUE};
    long end = clock() + BUDGET;
    for (int round = 0; round < 2 || clock() < end; round++) {
      // Two lengths, so that reading the prompts falls out of the difference.
      for (int part = 0; part < 2; part++) {
        long start = clock();
        List<Completion> found =
            generator.complete(prompts, Sampling.DEFAULT.withMaxTokens(part == 0 ? 1 : 1 + length));
        times[part] = Math.min(times[part], seconds(start));
        if (part == 1) tokens = found.stream().mapToInt(c -> c.tokens().length).sum() - rows;
      }
      for (int i = 0; i < 3; i++) products = Math.min(products, products(decoder, rows));
    }
    double best = times[1] - times[0];
    int steps = tokens / rows;
    DecoderConfig config = decoder.config();
    double cached = 2.0 * config.layers() * config.kvHeads() * config.headDim();
    double bytes = 4.0 * (matrices(decoder) + rows * cached * (PROMPT + length / 2.0));
    double bound = Math.max(bytes / gigabytes, 2.0 * matrices(decoder) * rows / gigaflops) / 1e9;
    System.out.printf(
        "generating %2d rows: %,8.1f tokens/s, %.2f ms a step, %.0f %% of the bound of %s; its"
            + " matrix products alone take %.0f %% of the time%n",
        rows,
        tokens / best,
        1e3 * best / steps,
        100 * bound * steps / best,
        bytes / gigabytes > 2.0 * matrices(decoder) * rows / gigaflops ? "memory" : "products",
        100 * products * steps / best);
  }

  /** Weights that each token is multiplied by. */
  private static double matrices(Decoder decoder) {
    DecoderConfig config = decoder.config();
    double table = (double) config.vocabulary() * config.hidden();
    return config.size() - (config.tiedEmbeddings() ? 0 : table);
  }

  /** The products of one pass and nothing else, in seconds. */
  private static double products(Decoder decoder, int tokens) {
    try (Scope scope = Scope.inference()) {
      int widest = Math.max(decoder.config().hidden(), decoder.config().intermediate());
      Tensor x = filled(tokens, widest);
      Tensor[] inputs = new Tensor[widest + 1];
      List<Tensor> weights = decoder.weights().values().stream().filter(w -> w.dim() == 2).toList();
      for (Tensor w : weights) {
        int in = (int) w.size(1);
        if (inputs[in] == null) inputs[in] = x.narrow(1, 0, in).contiguous();
      }
      long start = clock();
      for (Tensor w : weights) {
        try (Scope one = Scope.inference()) {
          linear(inputs[(int) w.size(1)], w);
        }
      }
      return seconds(start);
    }
  }

  private static Tensor filled(int rows, int columns) {
    Tensor tensor = Device.CPU.zeros(ScalarType.Float, rows, columns);
    return tensor.normal_();
  }

  private static int[] tokens(Decoder decoder, int n, long seed) {
    return new Random(seed).ints(n, 0, decoder.config().vocabulary()).toArray();
  }

  /** Wall time, or this thread's processor time where all work is its own. */
  private static long clock() {
    return ALONE
        ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  private static double seconds(long start) {
    return (clock() - start) / 1e9;
  }

  /** In KiB. */
  private static long status(String key) throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(key + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
