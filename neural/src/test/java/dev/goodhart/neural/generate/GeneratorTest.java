package dev.goodhart.neural.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.generate.Completion.Finish;
import dev.goodhart.neural.generate.Completion.Likely;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Packed;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against forward passes over the whole of prompt and response, without a cache. */
class GeneratorTest {
  private static final Limits LIMITS = Limits.DEFAULT.withContext(64);

  @ParameterizedTest
  @ValueSource(strings = {"llama-digits", "llama3", "qwen2", "qwen3", "window 5", "shared heads"})
  void theMostLikelyTokenIsTheArgmaxOfAWholePass(String model) {
    Decoder decoder = model(model);
    Generator generator = new Generator(decoder, null, Sampling.DEFAULT, LIMITS.withRows(3));
    List<PromptTokens> prompts = prompts(decoder, 7);

    List<Completion> found =
        generator.complete(prompts, Sampling.GREEDY.withMaxTokens(12).withEos(List.of()));

    assertEquals(7, found.size());
    for (int i = 0; i < 7; i++) {
      Completion completion = found.get(i);
      assertEquals(12, completion.tokens().length);
      double[][] scores = scores(decoder, prompts.get(i), completion);
      for (int t = 0; t < 12; t++) {
        double[] at = scores[t];
        int token = completion.tokens()[t];
        // Of two that are equally likely but for rounding, either.
        assertTrue(Arrays.stream(at).max().orElseThrow() - at[token] < 1e-5, "prompt " + i);
        assertEquals(logProb(at, token), completion.logProbs()[t], 1e-4);
        assertEquals(0, completion.sampledLogProbs()[t]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-digits", "llama3", "qwen2", "qwen3", "window 5", "shared heads"})
  void logProbabilitiesAreThoseOfAWholePass(String model) {
    Decoder decoder = model(model);
    Generator generator = new Generator(decoder, null, Sampling.DEFAULT, LIMITS.withRows(4));
    List<PromptTokens> prompts = prompts(decoder, 5);
    Sampling sampling =
        Sampling.DEFAULT.withTemperature(1.3).withN(3).withMaxTokens(20).withLogprobs(2);

    List<Completion> found = generator.complete(prompts, sampling);

    assertEquals(15, found.size());
    for (Completion completion : found) {
      double[][] scores = scores(decoder, prompts.get((int) completion.prompt()), completion);
      for (int t = 0; t < completion.tokens().length; t++) {
        int token = completion.tokens()[t];
        double[] warm = Arrays.stream(scores[t]).map(s -> s / 1.3).toArray();
        assertEquals(logProb(scores[t], token), completion.logProbs()[t], 1e-4);
        assertEquals(logProb(warm, token), completion.sampledLogProbs()[t], 1e-4);
        double best = Arrays.stream(scores[t]).max().orElseThrow();
        List<Likely> top = completion.top().get(t);
        assertEquals(2, top.size());
        assertEquals(logProb(scores[t], top.getFirst().id()), top.getFirst().logProb(), 1e-4);
        assertEquals(best, scores[t][top.getFirst().id()], 1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-digits", "qwen3", "window 5", "shared heads"})
  void theResponsesDoNotDependOnTheBatch(String model) {
    Decoder decoder = model(model);
    List<PromptTokens> prompts = prompts(decoder, 11);
    Sampling sampling =
        Sampling.DEFAULT
            .withN(3)
            .withMaxTokens(10)
            .withSeed(3)
            .withTopP(0.95)
            .withRepetitionPenalty(1.1);
    Generator generator = new Generator(decoder, null, Sampling.DEFAULT, LIMITS);

    Map<String, List<Integer>> alone = new HashMap<>();
    for (PromptTokens prompt : prompts) {
      byName(generator.with(LIMITS.withRows(1)).complete(List.of(prompt), sampling))
          .forEach(alone::put);
    }

    assertEquals(33, alone.size());
    assertTrue(Set.copyOf(alone.values()).size() > 25, "the samples differ");
    for (int rows : new int[] {2, 7, 33}) {
      Generator wide = generator.with(LIMITS.withRows(rows).withPromptTokens(20));
      assertEquals(alone, byName(wide.complete(prompts, sampling)), rows + " rows");
    }
    List<PromptTokens> other = new ArrayList<>(prompts);
    Collections.reverse(other);
    assertEquals(alone, byName(generator.complete(other, sampling)), "another order");
    Map<String, List<Integer>> seeded = byName(generator.complete(prompts, sampling.withSeed(4)));
    assertNotEquals(alone, seeded);
  }

  @Test
  void samplesFollowTheModelsProbabilities() {
    Decoder decoder = Models.random(0, 3);
    PromptTokens prompt = new PromptTokens(0, Models.tokens(5, 1));
    int n = 6000;
    Generator generator = new Generator(decoder, null, Sampling.DEFAULT, LIMITS.withRows(500));

    List<Completion> found =
        generator.complete(
            List.of(prompt), Sampling.DEFAULT.withN(n).withMaxTokens(2).withEos(List.of()));

    assertEquals(n, found.size());
    // The first token, and the second behind the most frequent first.
    double[] first = probabilities(decoder, prompt.tokens());
    int[] counts = new int[Models.VOCABULARY];
    for (Completion c : found) counts[c.tokens()[0]]++;
    assertFollows(first, counts, n);
    int likely =
        IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
    int[] longer = Arrays.copyOf(prompt.tokens(), 6);
    longer[5] = likely;
    int[] next = new int[Models.VOCABULARY];
    for (Completion c : found) if (c.tokens()[0] == likely) next[c.tokens()[1]]++;
    assertFollows(probabilities(decoder, longer), next, counts[likely]);
  }

  /** Pearson's χ² with the rare tokens taken together. */
  private static void assertFollows(double[] p, int[] counts, int n) {
    double chiSquare = 0;
    double rareP = 0;
    int rare = 0;
    int cells = 0;
    for (int i = 0; i < p.length; i++) {
      if (n * p[i] < 10) {
        rareP += p[i];
        rare += counts[i];
      } else {
        chiSquare += Math.pow(counts[i] - n * p[i], 2) / (n * p[i]);
        cells++;
      }
    }
    if (n * rareP > 1) {
      chiSquare += Math.pow(rare - n * rareP, 2) / (n * rareP);
      cells++;
    }
    assertTrue(cells > 4, "the test would see nothing");
    double freedom = cells - 1;
    assertTrue(chiSquare < freedom + 5 * Math.sqrt(2 * freedom), chiSquare + " of " + freedom);
  }

  @Test
  void aResponseEndsWhereItShould() {
    Decoder decoder = Models.random(0, 4);
    Generator generator = new Generator(decoder, null, Sampling.DEFAULT, LIMITS.withContext(20));
    List<PromptTokens> prompts = List.of(new PromptTokens(1, Models.tokens(8, 2)));
    Sampling sampling = Sampling.DEFAULT.withN(40).withMaxTokens(30).withSeed(1);
    List<Completion> free = generator.complete(prompts, sampling.withEos(List.of()));
    List<Completion> ended = generator.complete(prompts, sampling);
    int eos = 0;
    for (int i = 0; i < 40; i++) {
      int[] all = free.get(i).tokens();
      // PromptTokens and response have 20 tokens together.
      assertEquals(12, all.length);
      assertEquals(Finish.LENGTH, free.get(i).finish());
      int end = IntStream.range(0, 12).filter(t -> all[t] == Models.EOS).findFirst().orElse(-1);
      Completion completion = ended.get(i);
      assertEquals(end < 0 ? Finish.LENGTH : Finish.EOS, completion.finish());
      assertArrayEquals(end < 0 ? all : Arrays.copyOf(all, end + 1), completion.tokens());
      if (end >= 0) eos++;
    }
    assertTrue(eos > 2, "some end");
    Completion one = generator.complete(prompts, sampling.withMaxTokens(1)).getFirst();
    assertEquals(1, one.tokens().length);
  }

  @Test
  void aStopStringCutsTheTextAcrossTokens() {
    Decoder decoder = Models.random(0, 5);
    Tokenizer tokenizer = letters();
    Generator generator = new Generator(decoder, tokenizer, Sampling.DEFAULT, LIMITS);
    List<PromptTokens> prompts = prompts(decoder, 12);
    Sampling sampling = Sampling.DEFAULT.withMaxTokens(24).withEos(List.of());
    int cut = 0;
    for (Completion free : generator.complete(prompts, sampling)) {
      String text = free.text();
      assertEquals(tokenizer.decode(free.tokens()), text);
      if (text.length() < 12) continue;
      String stop = text.substring(7, 10);
      Completion stopped =
          generator
              .complete(
                  List.of(prompts.get((int) free.prompt())),
                  sampling.withStop(List.of("never there", stop)))
              .getFirst();
      assertEquals(Finish.STOP, stopped.finish());
      assertEquals(text.substring(0, text.indexOf(stop)), stopped.text());
      assertArrayEquals(Arrays.copyOf(free.tokens(), stopped.tokens().length), stopped.tokens());
      assertTrue(tokenizer.decode(stopped.tokens()).endsWith(stop));
      cut++;
    }
    assertTrue(cut > 3);
  }

  @Test
  void aSpecialTokenAsAStopStringEndsAsThatToken() {
    Decoder decoder = Models.random(0, 5);
    Tokenizer tokenizer = letters();
    int pad = tokenizer.pad().orElseThrow();
    Generator generator = new Generator(decoder, tokenizer, Sampling.DEFAULT, LIMITS);
    Sampling sampling = Sampling.DEFAULT.withN(60).withMaxTokens(30).withEos(List.of());

    List<Completion> found =
        generator.complete(prompts(decoder, 1), sampling.withStop(List.of(tokenizer.token(pad))));

    assertTrue(found.stream().anyMatch(c -> c.finish() == Finish.EOS));
    for (Completion c : found) {
      int[] tokens = c.tokens();
      for (int t = 0; t < tokens.length - 1; t++) assertNotEquals(pad, tokens[t]);
    }
  }

  @Test
  void tokensAndFinishedResponsesComeAsTheyAreWritten() {
    Decoder decoder = Models.random(0, 6);
    Generator generator = new Generator(decoder, letters(), Sampling.DEFAULT, LIMITS.withRows(2));
    Map<String, StringBuilder> texts = new HashMap<>();
    Map<String, List<Integer>> tokens = new HashMap<>();
    int finished = 0;
    List<PromptTokens> prompts = prompts(decoder, 6);
    List<Long> taken = new ArrayList<>();
    Sampling sampling = Sampling.DEFAULT.withMaxTokens(9).withN(2);
    try (Generation run =
        generator.start(prompts.stream().peek(p -> taken.add(p.id())).iterator(), sampling)) {
      while (run.hasNext()) {
        Event event = run.next();
        String name = event.prompt() + "/" + event.sample();
        switch (event) {
          case Token token -> {
            List<Integer> so = tokens.computeIfAbsent(name, n -> new ArrayList<>());
            assertEquals(so.size(), token.position());
            so.add(token.id());
            texts.computeIfAbsent(name, n -> new StringBuilder()).append(token.text());
            // Two rows hold the samples of one prompt: nobody has asked for the third yet.
            if (finished == 0) assertTrue(taken.size() <= 2, "prompts are taken as rows are free");
          }
          case Completion completion -> {
            finished++;
            assertEquals(ints(completion.tokens()), tokens.get(name));
            assertEquals(completion.text(), String.valueOf(texts.get(name)));
          }
        }
      }
      assertEquals(12, finished);
      assertThrows(NoSuchElementException.class, run::next);
    }
  }

  @Test
  void paddingOnTheLeftIsTakenOff() {
    Decoder decoder = Models.random(0, 7);
    List<PromptTokens> plain = prompts(decoder, 4);
    int[][] ids = new int[4][12];
    int[][] mask = new int[4][12];
    for (int i = 0; i < 4; i++) {
      int[] tokens = plain.get(i).tokens();
      System.arraycopy(tokens, 0, ids[i], 12 - tokens.length, tokens.length);
      Arrays.fill(mask[i], 12 - tokens.length, 12, 1);
    }
    Generator generator = new Generator(decoder, null, Sampling.DEFAULT, LIMITS);
    assertEquals(
        byName(generator.complete(plain, Sampling.DEFAULT)),
        byName(generator.complete(PromptTokens.ofLeftPadded(ids, mask), Sampling.DEFAULT)));
    mask[2][11] = 0;
    String message =
        assertThrows(IllegalArgumentException.class, () -> PromptTokens.ofLeftPadded(ids, mask))
            .getMessage();
    assertTrue(message.startsWith("row 2 of the attention mask"), message);
  }

  @Test
  void whatDoesNotFitIsSaidBefore() {
    Decoder decoder = Models.random(0, 8);
    Generator generator = new Generator(decoder, null, Sampling.DEFAULT, LIMITS.withRows(3));
    // Keys and values of 2 layers, 3 rows of 64 tokens, 2 heads of 8 numbers of 4 bytes.
    assertEquals(2 * 2 * 3 * 64 * 2 * 8 * 4, generator.cacheBytes());
    Generator poor = generator.with(LIMITS.withRows(3).withCacheBytes(10_000));
    assertError("the cache of 3 rows of 64 tokens would take 48.0 KiB", poor, Models.tokens(3, 1));
    assertError("prompt 0 has 64 tokens", generator, Models.tokens(64, 1));
    assertError("prompt 0 has the token 50", generator, new int[] {3, 50});
    assertThrows(GoodhartException.class, () -> generator.with(LIMITS.withContext(513)));
  }

  private static void assertError(String message, Generator generator, int[] tokens) {
    String found =
        assertThrows(
                GoodhartException.class,
                () -> generator.complete(List.of(new PromptTokens(0, tokens)), Sampling.DEFAULT))
            .getMessage();
    assertTrue(found.startsWith(message), found);
  }

  @Test
  void severalThreadsWriteTheSame() throws Exception {
    Decoder decoder = Models.random(0, 9);
    List<PromptTokens> prompts = prompts(decoder, 9);
    Generator generator = new Generator(decoder, letters(), Sampling.DEFAULT, LIMITS.withRows(4));
    Sampling sampling = Sampling.DEFAULT.withN(2).withMaxTokens(12);
    Map<String, List<Integer>> want = byName(generator.complete(prompts, sampling));
    try (var pool = Executors.newFixedThreadPool(4)) {
      Callable<Map<String, List<Integer>>> work =
          () -> byName(generator.complete(prompts, sampling));
      for (var done : pool.invokeAll(Collections.nCopies(8, work))) {
        assertEquals(want, done.get());
      }
    }
  }

  @Test
  void memoryIsFlatWhetherARunEndsOrIsClosedEarly() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/statm")), "no /proc");
    Decoder decoder = Models.random(0, 10);
    Generator generator =
        new Generator(decoder, null, Sampling.DEFAULT, LIMITS.withContext(500).withRows(256));
    List<PromptTokens> prompts = new ArrayList<>();
    for (int i = 0; i < 4; i++) prompts.add(new PromptTokens(i, Models.tokens(250, i)));
    Sampling sampling = Sampling.DEFAULT.withMaxTokens(12).withTopP(0.9).withRepetitionPenalty(1.1);
    for (int i = 0; i < 6; i++) run(generator, prompts, sampling, i % 2 == 0);
    for (int i = 0; i < 3; i++) {
      // What other tests have left goes first.
      System.gc();
      Thread.sleep(30);
    }
    long objects = Pointer.totalCount();
    long before = residentBytes();
    for (int i = 0; i < 40; i++) run(generator, prompts, sampling, i % 2 == 0);
    long grown = residentBytes() - before;
    assertTrue(grown < 150 << 20, (grown >> 20) + " MiB more after 40 caches of 16 MiB");
    assertTrue(Pointer.totalCount() <= objects, "native objects are still there");
  }

  private static void run(
      Generator generator, List<PromptTokens> prompts, Sampling s, boolean early) {
    try (Generation run = generator.start(prompts.iterator(), s)) {
      for (int i = 0; run.hasNext() && (!early || i < 40); i++) run.next();
      run.close();
      // What was ready is given out still, and nothing is computed any more.
      for (int i = 0; run.hasNext(); i++) {
        run.next();
        assertTrue(i < 100);
      }
      assertFalse(run.hasNext());
    }
  }

  private static long residentBytes() throws Exception {
    return 4096L * Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
  }

  private static Decoder model(String name) {
    if (name.equals("window 5")) return Models.random(5, 1);
    if (name.equals("shared heads")) return Models.random(0, 2);
    String data = System.getenv("GOODHART_DATA");
    Path folder =
        (data == null ? Path.of("../../shared/data") : Path.of(data)).resolve("hf-tiny/" + name);
    assumeTrue(Files.isDirectory(folder), folder + " is not there");
    return HfFolder.read(folder, Device.CPU, Progress.NONE);
  }

  private static List<PromptTokens> prompts(Decoder decoder, int n) {
    int vocabulary = decoder.config().vocabulary();
    List<PromptTokens> prompts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int[] tokens = Models.tokens(1 + i * 5 % 11, i);
      prompts.add(new PromptTokens(i, Arrays.stream(tokens).map(t -> t % vocabulary).toArray()));
    }
    return prompts;
  }

  private static Tokenizer letters() {
    Tokenizer tokenizer = Tokenizers.characters("abcdefghijklmnopqrstuvwxyzäöü漢字");
    assertTrue(tokenizer.size() <= Models.VOCABULARY);
    return tokenizer;
  }

  private static Map<String, List<Integer>> byName(List<Completion> completions) {
    Map<String, List<Integer>> tokens = new HashMap<>();
    for (Completion c : completions) {
      assertEquals(null, tokens.put(c.prompt() + "/" + c.sample(), ints(c.tokens())));
    }
    return tokens;
  }

  private static List<Integer> ints(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /** The scores of each of the response's tokens from one pass over it all. */
  private static double[][] scores(Decoder decoder, PromptTokens prompt, Completion completion) {
    int start = prompt.tokens().length;
    int n = completion.tokens().length;
    int[] all = Arrays.copyOf(prompt.tokens(), start + n);
    System.arraycopy(completion.tokens(), 0, all, start, n);
    double[][] scores = new double[n][];
    try (Scope scope = Scope.inference()) {
      Tensor logits = decoder.logits(decoder.hidden(Packed.of(List.of(all), decoder)));
      for (int t = 0; t < n; t++) scores[t] = Ops.doubles(logits.select(0, start + t - 1));
    }
    return scores;
  }

  private static double[] probabilities(Decoder decoder, int[] tokens) {
    try (Scope scope = Scope.inference()) {
      Tensor logits = decoder.logits(decoder.hidden(Packed.of(List.of(tokens), decoder)));
      double[] at = Ops.doubles(logits.select(0, tokens.length - 1));
      return IntStream.range(0, at.length).mapToDouble(i -> Math.exp(logProb(at, i))).toArray();
    }
  }

  private static double logProb(double[] scores, int token) {
    double max = Arrays.stream(scores).max().orElseThrow();
    double sum = Arrays.stream(scores).map(s -> Math.exp(s - max)).sum();
    return scores[token] - max - Math.log(sum);
  }
}
