package dev.goodhart.neural.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NextTokenTest {
  @Property(tries = 200)
  void filtersAgreeWithSortedLists(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 60) int vocabulary,
      @ForAll @IntRange(max = 70) int topK,
      @ForAll @DoubleRange(min = 0.05, max = 1) double topP,
      @ForAll @DoubleRange(min = 0, max = 0.9) double minP,
      @ForAll @DoubleRange(min = 0.2, max = 3) double temperature) {
    float[] scores = normal(vocabulary, seed);
    Sampling sampling =
        Sampling.DEFAULT.withTemperature(temperature).withTopK(topK).withTopP(topP).withMinP(minP);

    double[] found = distribution(scores, sampling);

    assertArrayEquals(reference(scores, sampling), found, 1e-6);
  }

  @Test
  void tenTokensOfATenthEachAreCutAsTheHandCutsThem() {
    // Probabilities 0.5, 0.25, 0.15, 0.1.
    float[] scores = logs(0.5, 0.25, 0.15, 0.1);
    assertArrayEquals(
        new double[] {2 / 3.0, 1 / 3.0, 0, 0},
        distribution(scores, Sampling.DEFAULT.withTopK(2)),
        1e-6);
    // 0.5 does not reach 0.6, 0.75 does.
    assertArrayEquals(
        new double[] {2 / 3.0, 1 / 3.0, 0, 0},
        distribution(scores, Sampling.DEFAULT.withTopP(0.6)),
        1e-6);
    // Half as likely as the most likely one, or nearly.
    assertArrayEquals(
        new double[] {2 / 3.0, 1 / 3.0, 0, 0},
        distribution(scores, Sampling.DEFAULT.withMinP(0.49)),
        1e-6);
    // Top-p looks at what top-k has left: 0.5 / 0.75 reaches 0.6 alone.
    assertArrayEquals(
        new double[] {1, 0, 0, 0},
        distribution(scores, Sampling.DEFAULT.withTopK(2).withTopP(0.6)),
        1e-6);
    // And at what temperature has made of it: squares are 0.25, 0.0625, 0.0225, 0.01 of 0.345.
    assertArrayEquals(
        new double[] {0.25 / 0.345, 0.0625 / 0.345, 0.0225 / 0.345, 0.01 / 0.345},
        distribution(scores, Sampling.DEFAULT.withTemperature(0.5)),
        1e-6);
    assertArrayEquals(
        new double[] {1, 0, 0, 0},
        distribution(scores, Sampling.DEFAULT.withTemperature(0.5).withTopP(0.6)),
        1e-6);
  }

  @Test
  void aNucleusOfALargeVocabularyIsFoundWithoutSortingItAll() {
    // One token has half of the mass, 20,000 share the rest nearly evenly: the set is large.
    int vocabulary = 20_001;
    float[] scores = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) scores[i] = (float) (1e-4 * i);
    scores[7] = (float) Math.log(Arrays.stream(expOf(scores)).sum());
    for (double p : new double[] {0.3, 0.55, 0.9, 0.999}) {
      Sampling sampling = Sampling.DEFAULT.withTopP(p);
      double[] want = reference(scores, sampling);
      double[] found = distribution(scores, sampling);
      long kept = Arrays.stream(want).filter(x -> x > 0).count();
      long alike = Arrays.stream(found).filter(x -> x > 0).count();
      assertTrue(Math.abs(kept - alike) <= 1 + kept / 1000, kept + " and " + alike);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "warm", "filtered", "penalised"})
  void drawsFollowTheirDistribution(String kind) {
    float[] scores = normal(20, 5);
    boolean[] seen = new boolean[20];
    Sampling sampling = Sampling.DEFAULT;
    switch (kind) {
      case "warm" -> sampling = sampling.withTemperature(1.7);
      case "filtered" -> sampling = sampling.withTopK(12).withTopP(0.9).withMinP(0.05);
      case "penalised" -> {
        sampling = sampling.withRepetitionPenalty(1.5);
        for (int i = 0; i < 20; i += 2) seen[i] = true;
      }
      default -> {}
    }
    float[] penalised = scores.clone();
    for (int i = 0; i < 20; i++) {
      if (seen[i]) penalised[i] = scores[i] < 0 ? scores[i] * 1.5f : scores[i] / 1.5f;
    }
    double[] p = reference(penalised, sampling);
    double[] own = reference(scores, Sampling.DEFAULT);
    int draws = 40_000;
    SplittableRandom random = new Seeds(1).of(kind);
    double[] uniforms = random.doubles(draws).toArray();

    NextToken drawn =
        draw(scores, sampling.repetitionPenalty() == 1 ? null : seen, sampling, uniforms);

    int[] counts = new int[20];
    for (int i = 0; i < draws; i++) {
      int id = (int) drawn.ids()[i];
      counts[id]++;
      assertEquals(Math.log(p[id]), drawn.sampledLogProbs()[i], 1e-5);
      assertEquals(Math.log(own[id]), drawn.logProbs()[i], 1e-5);
    }
    double chiSquare = 0;
    int cells = 0;
    for (int i = 0; i < 20; i++) {
      if (p[i] == 0) {
        assertEquals(0, counts[i], "token " + i + " is out");
        continue;
      }
      cells++;
      chiSquare += (counts[i] - draws * p[i]) * (counts[i] - draws * p[i]) / (draws * p[i]);
    }
    // Mean cells - 1, variance twice that: five deviations above happen once in some ten thousand.
    int freedom = cells - 1;
    assertTrue(chiSquare < freedom + 5 * Math.sqrt(2.0 * freedom), kind + ": " + chiSquare);
  }

  @Test
  void aNumberFallsIntoTheTokenWhoseStretchHoldsIt() {
    float[] scores = logs(0.2, 0.3, 0.5);
    double[] uniforms = {0, 0.19, 0.21, 0.49, 0.51, 1 - 0x1p-52};

    NextToken drawn = draw(scores, null, Sampling.DEFAULT, uniforms);

    assertArrayEquals(new long[] {0, 0, 1, 1, 2, 2}, drawn.ids());
  }

  @Test
  void aTokenThatIsOutIsNeverDrawnAtTheVeryEnds() {
    float[] scores = {-9, 1, 2, -9};
    Sampling sampling = Sampling.DEFAULT.withTopK(2);
    assertArrayEquals(
        new long[] {1, 2}, draw(scores, null, sampling, new double[] {0, 1 - 0x1p-52}).ids());
  }

  @Test
  void greedyTakesTheLargestAfterThePenalty() {
    float[] scores = {2.0f, 1.9f, -1.0f};
    boolean[] seen = {true, false, true};
    double[] none = {0};

    assertEquals(0, draw(scores, null, Sampling.GREEDY, none).ids()[0]);
    assertEquals(1, draw(scores, seen, Sampling.GREEDY.withRepetitionPenalty(1.1), none).ids()[0]);
  }

  @Test
  void theMostLikelyTokensAreGivenUnderTheModelItself() {
    NextToken drawn =
        draw(
            logs(0.1, 0.6, 0.3),
            null,
            Sampling.GREEDY.withTemperature(0.1).withLogprobs(2),
            new double[] {0.5});

    assertArrayEquals(new long[] {1, 2}, drawn.topIds());
    assertArrayEquals(new double[] {Math.log(0.6), Math.log(0.3)}, drawn.topLogProbs(), 1e-6);
  }

  @Test
  void hyperParametersOutOfRangeAreNamed() {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> Sampling.DEFAULT.withTopP(0))
            .getMessage()
            .startsWith("top_p must be in (0, 1], not 0"));
    assertThrows(IllegalArgumentException.class, () -> Sampling.DEFAULT.withTemperature(-1));
    assertThrows(
        IllegalArgumentException.class, () -> Sampling.DEFAULT.withTemperature(Double.NaN));
    assertThrows(
        IllegalArgumentException.class,
        () -> Sampling.DEFAULT.withStop(java.util.List.of("a", "")));
  }

  /** Straight from the definitions, with sorted lists and 64 bits. */
  private static double[] reference(float[] scores, Sampling sampling) {
    double[] s = new double[scores.length];
    for (int i = 0; i < s.length; i++) s[i] = scores[i] / sampling.temperature();
    Integer[] order =
        IntStream.range(0, s.length)
            .boxed()
            .sorted((a, b) -> Double.compare(s[b], s[a]))
            .toArray(Integer[]::new);
    boolean[] in = new boolean[s.length];
    int k = sampling.topK() == 0 ? s.length : Math.min(sampling.topK(), s.length);
    for (int i = 0; i < k; i++) in[order[i]] = true;
    if (sampling.topP() < 1) {
      double[] p = softmax(s, in);
      double sum = 0;
      for (int id : order) {
        if (sum >= sampling.topP()) in[id] = false;
        sum += p[id];
      }
    }
    double[] p = softmax(s, in);
    for (int i = 0; i < s.length; i++) {
      if (p[i] < sampling.minP() * p[order[0]]) in[i] = false;
    }
    return softmax(s, in);
  }

  private static double[] softmax(double[] s, boolean[] in) {
    double[] p = new double[s.length];
    double sum = 0;
    for (int i = 0; i < s.length; i++) {
      p[i] = in[i] ? Math.exp(s[i]) : 0;
      sum += p[i];
    }
    for (int i = 0; i < s.length; i++) p[i] /= sum;
    return p;
  }

  private static double[] expOf(float[] scores) {
    return IntStream.range(0, scores.length).mapToDouble(i -> Math.exp(scores[i])).toArray();
  }

  private static double[] distribution(float[] scores, Sampling sampling) {
    try (Scope scope = Scope.inference()) {
      Tensor row = Tensor.create(scores, 1, scores.length);
      return Ops.doubles(Ops.softmax(NextToken.filtered(row, sampling), -1));
    }
  }

  private static NextToken draw(
      float[] scores, boolean[] seen, Sampling sampling, double[] uniforms) {
    long rows = uniforms.length;
    try (Scope scope = Scope.inference()) {
      Tensor logits = Tensor.create(scores, 1, scores.length).expand(rows, scores.length);
      Tensor mask = null;
      if (seen != null) {
        float[] flags = new float[seen.length];
        for (int i = 0; i < seen.length; i++) flags[i] = seen[i] ? 1 : 0;
        mask = Ops.greater(Tensor.create(flags, 1, flags.length), 0).expand(rows, flags.length);
      }
      return NextToken.draw(logits, mask, sampling, uniforms);
    }
  }

  private static float[] logs(double... p) {
    float[] scores = new float[p.length];
    for (int i = 0; i < p.length; i++) scores[i] = (float) Math.log(p[i]);
    return scores;
  }

  private static float[] normal(int n, long seed) {
    SplittableRandom random = new Seeds(seed).of("scores");
    float[] scores = new float[n];
    for (int i = 0; i < n; i++) scores[i] = (float) (2 * random.nextGaussian());
    return scores;
  }
}
