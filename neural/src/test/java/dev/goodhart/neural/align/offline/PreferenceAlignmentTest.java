package dev.goodhart.neural.align.offline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.neural.align.Policy;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.generate.ChatPrompts;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Lora;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.neural.train.AdamW;
import dev.goodhart.neural.train.Learner;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.neural.train.Recipe;
import dev.goodhart.neural.train.Schedule;
import dev.goodhart.objective.Brain;
import dev.goodhart.objective.Distillation;
import dev.goodhart.objective.Dpo;
import dev.goodhart.objective.Kto;
import dev.goodhart.objective.Objective;
import dev.goodhart.objective.Orpo;
import dev.goodhart.objective.PowerDl;
import dev.goodhart.objective.PpoClip;
import dev.goodhart.objective.Sft;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four letters to a prompt of three: those with more a than b are preferred. */
class PreferenceAlignmentTest {
  private static final Tokenizer TOKENIZER = Tokenizers.characters("abcd");
  private static final Policy POLICY = policy(3);
  private static final List<Preference> TRAINING = preferences(256, 1);
  private static final List<Preference> HELD_OUT = preferences(64, 2);

  private static Policy policy(long seed) {
    var special = new DecoderConfig.Special(null, List.of(TOKENIZER.eos().orElseThrow()), null);
    DecoderConfig config =
        new DecoderConfig(
            DecoderConfig.Family.LLAMA,
            TOKENIZER.size(),
            32,
            64,
            2,
            2,
            2,
            16,
            1e-6,
            10_000,
            null,
            true,
            false,
            false,
            false,
            64,
            0,
            0,
            special);
    return new Policy(
        HfFolder.random(config, seed, Device.CPU),
        TOKENIZER,
        ChatPrompts.plain(TOKENIZER),
        special.eos());
  }

  private static List<Preference> preferences(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Preference> preferences = new ArrayList<>();
    while (preferences.size() < count) {
      String one = letters(random, 4);
      String other = letters(random, 4);
      int lead = worth(one) - worth(other);
      if (lead > 0) preferences.add(Preference.of(letters(random, 3), one, other));
    }
    return preferences;
  }

  private static int worth(String text) {
    return text.chars().map(c -> c == 'a' ? 1 : c == 'b' ? -1 : 0).sum();
  }

  private static String letters(SplittableRandom random, int n) {
    return IntStream.range(0, n)
        .mapToObj(i -> String.valueOf((char) ('a' + random.nextInt(4))))
        .collect(Collectors.joining());
  }

  private static Recipe recipe(int epochs, double rate) {
    return new Recipe(
        epochs, 32, 4096, new Schedule(rate, 0.05, 0.1), AdamW.standard(), 1, 0, 0, 3);
  }

  private static PreferenceAlignment.Result run(Objective objective, int epochs, double rate) {
    return new PreferenceAlignment(POLICY, objective, recipe(epochs, rate), 64)
        .run(TRAINING, HELD_OUT, 5, null, false, Progress.NONE);
  }

  @Test
  void dpoRaisesTheMarginOnPairsThatItHasNotSeen() {
    var result = run(new Dpo(0.1), 4, 1e-2);

    // At the reference there is no margin, every pair costs ln 2, and ties count half.
    assertEquals(Math.log(2), result.before().get("loss"), 1e-5);
    assertEquals(0, result.before().get("lead"), 1e-4);
    assertTrue(result.after().get("lead") > 5, result.toString());
    assertTrue(result.after().get("accuracy") > 0.9, result.toString());
    assertTrue(result.after().get("loss") < 0.45, result.toString());
    assertEquals(256, result.pairs());
  }

  @Test
  void orpoAndKtoLearnTheSamePreference() {
    var orpo = run(new Orpo(1), 4, 1e-2);
    var kto = run(new Kto(0.1, 1, 1), 4, 1e-2);

    assertTrue(orpo.after().get("accuracy") > 0.85, orpo.toString());
    assertTrue(kto.before().get("loss") > 0.49, kto.toString());
    assertTrue(kto.after().get("loss") < 0.42, kto.toString());
  }

  @Test
  void fineTuningLearnsToSayTheBetterResponses() {
    var result = run(new Sft(), 16, 5e-3);

    // Whoever knows how often each token stands there and no more pays log 5 = 1.61 for four
    // letters
    // and an end; whoever knows where the end is, 4/5 · log 4 = 1.11, less for preferring a.
    assertTrue(result.after().get("loss") < 1.45, result.toString());
  }

  @Test
  void aRunThatWasResumedHasTheSameBits(@TempDir Path folder) throws IOException {
    Path whole = folder.resolve("whole");
    Path parted = folder.resolve("parted");
    var alignment = new PreferenceAlignment(POLICY, new Dpo(0.1), recipe(2, 1e-3), 64);
    alignment.run(TRAINING, HELD_OUT, 5, whole, false, Progress.NONE);

    assertThrows(
        IllegalStateException.class,
        () -> alignment.run(TRAINING, HELD_OUT, 5, parted, false, new Killer(7)));
    var result = alignment.run(TRAINING, HELD_OUT, 5, parted, true, Progress.NONE);

    assertEquals(16, result.training().steps());
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model/model.safetensors")),
        Files.readAllBytes(parted.resolve("model/model.safetensors")));
  }

  /** Labels that follow the policy are part of what a checkpoint holds. */
  @Test
  void aResumedRunGoesOnWithTheLabelsThatItHad(@TempDir Path folder) throws IOException {
    Path whole = folder.resolve("whole");
    Path parted = folder.resolve("parted");
    var power = new PowerDl(2, 0.01, 0.5, PowerDl.Weight.INVERSE_LENGTH);
    var alignment = new PreferenceAlignment(POLICY, power, recipe(2, 1e-2), 64);
    alignment.run(TRAINING, HELD_OUT, 5, whole, false, Progress.NONE);

    assertThrows(
        IllegalStateException.class,
        () -> alignment.run(TRAINING, HELD_OUT, 5, parted, false, new Killer(13)));
    alignment.run(TRAINING, HELD_OUT, 5, parted, true, Progress.NONE);

    byte[] model = Files.readAllBytes(whole.resolve("model/model.safetensors"));
    assertArrayEquals(model, Files.readAllBytes(parted.resolve("model/model.safetensors")));
    // Labels that stay lead elsewhere.
    Path stayed = folder.resolve("stayed");
    var plain = new PowerDl(2, 0.01, 1, PowerDl.Weight.INVERSE_LENGTH);
    new PreferenceAlignment(POLICY, plain, recipe(2, 1e-2), 64)
        .run(TRAINING, HELD_OUT, 5, stayed, false, Progress.NONE);
    assertFalse(
        Arrays.equals(model, Files.readAllBytes(stayed.resolve("model/model.safetensors"))));
  }

  /** After a step each label has gone (1 − γ) of the way to what the policy thought before it. */
  @Test
  void labelsFollowThePolicyWhileItLearnsAndNotWhileItIsLookedAt() {
    List<Pair> pairs = new PreferenceTokens(POLICY, 64).pairs(TRAINING).subList(0, 8);
    var power = new PowerDl(2, 0, 0.75, PowerDl.Weight.INVERSE_LENGTH);
    double[] m = new double[8];
    double[] chosen =
        Answers.logProbs(
            POLICY.decoder(), pairs.stream().map(Pair::chosen).toList(), 4096, Progress.NONE);
    double[] rejected =
        Answers.logProbs(
            POLICY.decoder(), pairs.stream().map(Pair::rejected).toList(), 4096, Progress.NONE);
    // five tokens each, the end included: w = 1/5 and the constants cancel
    Arrays.setAll(m, i -> 2 * (chosen[i] - rejected[i]) / 5);
    try (Parameters parameters = Parameters.of(POLICY.decoder())) {
      PairTask task = PairTask.of(parameters.decoder(POLICY.decoder()), power, pairs);
      try (var learner = new Learner<>(parameters, task, AdamW.standard(), 4096, 1)) {
        learner.evaluate(pairs);
        assertArrayEquals(ones(8), Ops.doubles(Objects.requireNonNull(task.memory())), 0);
        learner.step(pairs, 1e-3);
        double[] labels = Ops.doubles(Objects.requireNonNull(task.memory()));
        for (int i = 0; i < 8; i++) {
          assertEquals(0.75 + 0.25 / (1 + Math.exp(-m[i])), labels[i], 1e-5);
        }
        assertTrue(learner.state().containsKey("memory"));
      }
    }
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Ends a run in the middle of a training step's report. */
  private static final class Killer implements Progress {
    private final int after;
    private boolean training;
    private int seen;

    Killer(int after) {
      this.after = after;
    }

    @Override
    public void start(String what, long total) {
      training = what.startsWith("training");
    }

    @Override
    public void advance(long done) {
      if (training && ++seen == after) throw new IllegalStateException("killed");
    }

    @Override
    public void note(String note) {}

    @Override
    public void done() {}
  }

  @Test
  void adaptersAreTrainedAloneAndMergedIntoWhatIsWritten(@TempDir Path folder) {
    Decoder adapted =
        POLICY.decoder().with(Lora.random(POLICY.decoder(), 4, 8, Lora.PROJECTIONS, 1));
    var result =
        new PreferenceAlignment(POLICY.with(adapted), new Dpo(0.1), recipe(3, 5e-3), 64)
            .run(TRAINING, HELD_OUT, 5, folder, false, Progress.NONE);
    Decoder read = HfFolder.read(folder.resolve("model"), Device.CPU, Progress.NONE);

    assertTrue(result.after().get("lead") > 0.5, result.toString());
    double[] before = logs(POLICY.decoder());
    double[] after = logs(read);
    assertNotEquals(before[0], after[0]);
    assertTrue(Files.exists(folder.resolve("metrics.jsonl")));
  }

  private static double[] logs(Decoder decoder) {
    List<Pair> pairs = new PreferenceTokens(POLICY, 64).pairs(HELD_OUT);
    return Answers.logProbs(
        decoder, pairs.stream().map(Pair::chosen).toList(), 4096, Progress.NONE);
  }

  @Test
  void aResponsesLogProbabilityIsTheSumOfItsTokensOneByOne() {
    Answer answer = new PreferenceTokens(POLICY, 64).pairs(HELD_OUT).getFirst().chosen();
    double sum = 0;
    try (Scope scope = Scope.inference()) {
      List<Integer> read = new ArrayList<>();
      for (int token : answer.prompt()) read.add(token);
      for (int token : answer.tokens()) {
        int[] ids = read.stream().mapToInt(i -> i).toArray();
        var hidden =
            POLICY
                .decoder()
                .hidden(dev.goodhart.neural.model.Packed.of(List.of(ids), POLICY.decoder()));
        double[] logits = Ops.doubles(POLICY.decoder().logits(hidden).select(0, ids.length - 1L));
        double total = 0;
        for (double logit : logits) total += Math.exp(logit);
        sum += logits[token] - Math.log(total);
        read.add(token);
      }
    }
    assertEquals(sum, logs(POLICY.decoder())[0], 1e-5);
  }

  @Test
  void tooLongResponsesAreDroppedAndLongPromptsLoseTheirBeginning() {
    PreferenceTokens tokens = new PreferenceTokens(POLICY, 8);
    List<Pair> pairs =
        tokens.pairs(
            List.of(
                Preference.of("abcdabcd", "ab", "abcd"),
                Preference.of("a", "abcdabcd", "a"),
                weightless(Preference.of("a", "b", "c"))));

    assertEquals(1, pairs.size());
    assertEquals(1, tokens.dropped());
    // Five of the response with its end leave three for the prompt: the last ones.
    assertArrayEquals(TOKENIZER.encode("bcd"), pairs.getFirst().rejected().prompt());
    assertEquals(5, pairs.getFirst().rejected().tokens().length);
    assertEquals(8, pairs.getFirst().chosen().length());
  }

  private static Preference weightless(Preference p) {
    return new Preference(
        "", p.prompt(), p.chosen(), p.rejected(), 1, OptionalDouble.empty(), 0, Map.of());
  }

  @Test
  void aLabelForTheSecondTrainsTheSecond() {
    List<Preference> turned =
        TRAINING.stream()
            .map(
                p ->
                    new Preference(
                        "",
                        p.prompt(),
                        p.rejected(),
                        p.chosen(),
                        0,
                        OptionalDouble.empty(),
                        1,
                        Map.of()))
            .toList();
    var result =
        new PreferenceAlignment(POLICY, new Dpo(0.1), recipe(1, 3e-3), 64)
            .run(turned, HELD_OUT, 5, null, false, Progress.NONE);

    assertTrue(result.after().get("lead") > 0.5, result.toString());
  }

  @Test
  void whatCannotBeLearntFromIsSaid() {
    var nothing = new PreferenceAlignment(POLICY, new Dpo(0.1), recipe(1, 1e-3), 3);
    var e =
        assertThrows(
            GoodhartException.class,
            () -> nothing.run(TRAINING, List.of(), 5, null, false, Progress.NONE));
    assertTrue(
        e.getMessage().contains("256 have a response of more than 3 tokens"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new PreferenceAlignment(POLICY, new PpoClip(0.2, 0.2, 0), recipe(1, 1e-3), 64));
  }

  /** On responses that are all that can be said: the student becomes the teacher. */
  @Test
  void aStudentLearnsToSayWhatItsTeacherWould() {
    List<Answer> answers = new ArrayList<>();
    for (Pair pair : new PreferenceTokens(POLICY, 64).pairs(TRAINING)) answers.add(pair.chosen());
    for (var divergence : Distillation.Divergence.values()) {
      Decoder teacher = policy(11).decoder();
      Decoder start = policy(12).decoder();
      try (Parameters parameters = Parameters.of(start)) {
        var task =
            new DistillationTask(
                parameters.decoder(start), teacher, new Distillation(divergence, 0.5, 1));
        try (var learner = new Learner<>(parameters, task, AdamW.standard(), 4096, 1)) {
          double before = learner.evaluate(answers).loss();
          for (int step = 0; step < 40; step++) {
            learner.step(answers.subList(step % 8 * 32, step % 8 * 32 + 32), 3e-3);
          }
          double after = learner.evaluate(answers).loss();
          assertTrue(after < before / 5, divergence + ": " + before + " to " + after);
        }
      }
    }
  }

  /**
   * Four responses drawn once evenly: among them the policy becomes prior times exp(reward / T).
   */
  @Test
  void aPolicyLearnsWhatTheModelWouldSayGivenThatItIsGood() {
    double temperature = 0.5;
    double[] rewards = {1, 0, -0.5, 0.3};
    double[] even = {-1, -1, -1, -1};
    List<Answer> answers = new ArrayList<>();
    for (String letter : List.of("a", "b", "c", "d")) {
      answers.add(
          new Answer(
              TOKENIZER.encode("abc"),
              new int[] {TOKENIZER.encode(letter)[0], TOKENIZER.eos().orElseThrow()}));
    }
    double[] prior = Answers.logProbs(POLICY.decoder(), answers, 4096, Progress.NONE);
    double[] target = new double[4];
    double sum = 0;
    for (int y = 0; y < 4; y++) {
      target[y] = Math.exp(prior[y] + rewards[y] / temperature);
      sum += target[y];
    }
    var example = new ScoredAnswers(answers, rewards, prior, even);
    try (Parameters parameters = Parameters.of(POLICY.decoder())) {
      Decoder policy = parameters.decoder(POLICY.decoder());
      var task = new PosteriorTask(policy, new Brain(temperature, false));
      try (var learner = new Learner<>(parameters, task, AdamW.standard(), 4096, 1)) {
        double effective = 0;
        for (int step = 0; step < 150; step++) {
          effective =
              learner.step(List.of(example), 3e-3 * (1 - step / 150.0)).also().get("effective");
        }
        double[] now = Answers.logProbs(policy, answers, 4096, Progress.NONE);
        double said = 0;
        double square = 0;
        for (double log : now) said += Math.exp(log);
        for (int y = 0; y < 4; y++) {
          assertEquals(target[y] / sum, Math.exp(now[y]) / said, 0.01, "response " + y);
          square += target[y] * target[y] / sum / sum;
        }
        assertEquals(1 / square, effective, 1e-4);
      }
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ScoredAnswers(answers.subList(0, 1), new double[1], new double[1], new double[1]));
  }
}
