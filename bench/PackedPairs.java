import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Packed;
import dev.goodhart.neural.text.BytePairEncoding;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.train.AdamW;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Learner;
import dev.goodhart.neural.train.Packing;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.neural.train.Task;
import dev.goodhart.run.Progress;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Training of a reward model on pairs of very different lengths: packed, against the same model with
 * every sequence padded to the longest of the batch. Both see the same batches of 16 pairs of
 * answers to one instruction, in blocks that alternate. Prints real tokens a second.
 *
 * <pre>PackedPairs responses.jsonl.gz [BLOCKS]</pre>
 */
class PackedPairs {
  private static final int PAIRS = 16;
  private static final int STEPS = 6;
  private static final int LONGEST = 1024;

  record Pair(int[] chosen, int[] rejected) {}

  record Ranking(Decoder decoder, boolean padded) implements Task<Pair> {
    @Override
    public int tokens(Pair pair) {
      return pair.chosen.length + pair.rejected.length;
    }

    @Override
    public Cost cost(List<Pair> pairs) {
      List<int[]> sequences = new ArrayList<>();
      pairs.forEach(p -> sequences.add(p.chosen));
      pairs.forEach(p -> sequences.add(p.rejected));
      Tensor hidden = padded ? padded(sequences) : packed(sequences);
      Tensor rewards = decoder.scores(hidden).squeeze(1);
      int n = pairs.size();
      Tensor difference = Ops.sub(Ops.slice(rewards, 0, 0, n), Ops.slice(rewards, 0, n, 2L * n));
      return Cost.of(Ops.mean(Ops.softplus(Ops.neg(difference))));
    }

    private Tensor packed(List<int[]> sequences) {
      Packing packing = Packing.of(sequences, decoder);
      return packing.atLast(decoder.hidden(packing.packed()));
    }

    /** What follows a sequence is not seen by its tokens: any token may stand there. */
    private Tensor padded(List<int[]> sequences) {
      int longest = sequences.stream().mapToInt(s -> s.length).max().orElseThrow();
      List<int[]> equal = sequences.stream().map(s -> Arrays.copyOf(s, longest)).toList();
      long[] last = new long[sequences.size()];
      for (int i = 0; i < last.length; i++) {
        last[i] = (long) i * longest + sequences.get(i).length - 1;
      }
      return Ops.rows(decoder.hidden(Packed.of(equal, decoder)), Device.CPU.longs(last));
    }
  }

  public static void main(String[] args) throws Exception {
    int blocks = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    List<Pair> pairs = pairs(args[0]);
    int[] lengths =
        pairs.stream().flatMapToInt(p -> Arrays.stream(new int[] {p.chosen.length, p.rejected.length})).sorted().toArray();
    System.out.printf(
        "%d pairs; tokens of a text: median %d, nine tenths up to %d, longest %d%n",
        pairs.size(), lengths[lengths.length / 2], lengths[lengths.length * 9 / 10], lengths[lengths.length - 1]);
    Decoder start =
        HfFolder.random(
            DecoderConfig.tiny(4096, DecoderConfig.Special.NONE).withLabels(1), 1, Device.CPU);
    Learner<Pair> packed = learner(start, false);
    Learner<Pair> padded = learner(start, true);
    packed.step(pairs.subList(0, PAIRS), 1e-4);
    padded.step(pairs.subList(0, PAIRS), 1e-4);
    double[] ratios = new double[blocks];
    for (int block = 0; block < blocks; block++) {
      int from = (block * STEPS * PAIRS) % (pairs.size() - STEPS * PAIRS);
      double a = speed(packed, pairs.subList(from, from + STEPS * PAIRS));
      double b = speed(padded, pairs.subList(from, from + STEPS * PAIRS));
      ratios[block] = a / b;
      System.out.printf("packed %,.0f tokens/s, padded %,.0f, ratio %.2f%n", a, b, a / b);
    }
    Arrays.sort(ratios);
    System.out.printf("median ratio %.2f%n", ratios[blocks / 2]);
  }

  private static Learner<Pair> learner(Decoder start, boolean padded) {
    Parameters parameters = Parameters.of(start);
    return new Learner<>(
        parameters,
        new Ranking(parameters.decoder(start), padded),
        AdamW.standard(),
        2 * PAIRS * LONGEST,
        1);
  }

  private static double speed(Learner<Pair> learner, List<Pair> pairs) {
    long from = System.nanoTime();
    long tokens = 0;
    for (int i = 0; i < pairs.size(); i += PAIRS) {
      tokens += learner.step(pairs.subList(i, i + PAIRS), 1e-4).tokens();
    }
    return tokens * 1e9 / (System.nanoTime() - from);
  }

  /** Two answers to each instruction, with it before them. */
  private static List<Pair> pairs(String file) throws Exception {
    Map<String, List<String>> answers = new LinkedHashMap<>();
    JsonMapper json = new JsonMapper();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new FileInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode row = json.readTree(line);
        answers
            .computeIfAbsent(row.path("instruction").asString(), i -> new ArrayList<>())
            .add(row.path("response").asString());
      }
    }
    List<String> some = new ArrayList<>();
    answers.forEach((instruction, all) -> some.add(instruction + "\n" + all.getFirst()));
    Tokenizer tokenizer = new BytePairEncoding(4000, 2).train(some, Progress.NONE);
    SplittableRandom random = new SplittableRandom(1);
    List<Pair> pairs = new ArrayList<>();
    answers.forEach(
        (instruction, all) -> {
          if (all.size() < 2) return;
          int a = random.nextInt(all.size());
          int b = (a + 1 + random.nextInt(all.size() - 1)) % all.size();
          pairs.add(
              new Pair(
                  ids(tokenizer, instruction, all.get(a)), ids(tokenizer, instruction, all.get(b))));
        });
    return pairs;
  }

  private static int[] ids(Tokenizer tokenizer, String instruction, String response) {
    int[] ids = tokenizer.encode(instruction + "\n\n" + response);
    return ids.length > LONGEST ? Arrays.copyOf(ids, LONGEST) : ids;
  }
}
