package dev.goodhart.lab.experiment;

import dev.goodhart.Sample;
import dev.goodhart.audit.TraceNoise;
import dev.goodhart.audit.TraceNoise.Type;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.arith.Arith;
import dev.goodhart.lab.arith.Layout;
import dev.goodhart.lab.arith.Slip;
import dev.goodhart.neural.align.World.Split;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.neural.align.offline.Answer;
import dev.goodhart.neural.align.offline.AnswerTask;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.generate.Completion;
import dev.goodhart.neural.generate.Generator;
import dev.goodhart.neural.generate.Limits;
import dev.goodhart.neural.generate.PromptTokens;
import dev.goodhart.neural.generate.Sampling;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.train.AdamW;
import dev.goodhart.neural.train.Learner;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.neural.train.Schedule;
import dev.goodhart.objective.Sft;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * System 187: do errors that a computation carries on hurt a model more than errors in the written
 * text alone, where both are equally visible?
 *
 * <p><b>World.</b> Arithmetic with worked solutions: sums of two numbers of two digits, column by
 * column, and running sums of three digits. A model of two layers is trained from scratch on
 * solutions, half of which are noisy.
 *
 * <p><b>Baseline.</b> The same solutions without noise. <b>Method.</b> Static and dynamic noise, at
 * rates at which the same share of a noisy solution's characters differs from the clean one.
 *
 * <p><b>Measure.</b> The share of clean test exercises, never trained on, whose greedy answer is
 * right, averaged over the two tasks. Beside that two filters on the noisy solutions: comparing the
 * answer with the true one, and doing every line over.
 *
 * <p>The claim on prompting with noisy examples is not tested: models this small do not learn from
 * examples in their prompt.
 *
 * @param damage the share of a noisy solution's characters that differ, length included
 * @param share of the solutions that are noisy
 * @param examples to train on, a multiple of 64
 * @param tests exercises to answer
 */
public record NoisyTraces(double damage, double share, int examples, int tests)
    implements Experiment {
  public static final NoisyTraces DEFAULT = new NoisyTraces(0.1, 0.5, 16_000, 500);

  private static final List<Arith> TASKS =
      List.of(task(Layout.COLUMNS, 2, 2), task(Layout.RUNNING, 1, 3));
  private static final int BATCH = 16;
  private static final double RATE = 4e-3;
  private static final int STAGES = 4;
  private static final int TOKENS = 8192;
  private static final int LONGEST = 24;
  private static final double FALSE_ALARMS = 0.001;

  private static Arith task(Layout layout, int digits, int operands) {
    return new Arith(layout, digits, operands, "+", 0, 1, Slip.STRAY, TraceNoise.NONE, "!", 0, 0.2);
  }

  @Override
  public int system() {
    return 187;
  }

  @Override
  public String name() {
    return "noisy-traces";
  }

  @Override
  public String title() {
    return "Training on worked solutions with errors that are carried on against errors in the text"
        + " alone, equally visible";
  }

  @Override
  public String tuning() {
    return "Model, rate and number of examples were chosen on clean solutions of seed 1, so that"
        + " they are mostly learned; nothing was chosen by looking at noisy ones.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "examples",
        IntStream.rangeClosed(1, STAGES).mapToObj(i -> (double) examples / STAGES * i).toList());
  }

  @Override
  public int seeds() {
    return 4;
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "dynamic-costs-more",
            "errors that are carried on cost more accuracy than equally visible ones in the text",
            "dynamic drop",
            "static drop"),
        Claim.above(
            "static-keeps-most",
            "with errors in the text alone, more than four fifths of the accuracy remain",
            "static accuracy",
            "four fifths of clean"),
        Claim.above(
            "answers-tell-dynamic",
            "comparing answers finds more than nine in ten solutions with errors carried on",
            "answer check, dynamic",
            "nine tenths"),
        Claim.equal(
            "answers-miss-static",
            "comparing answers finds no solution with errors in the text alone",
            "answer check, static",
            "zero",
            FALSE_ALARMS),
        Claim.above(
            "lines-tell-both",
            "doing every line over finds more than nine in ten of either kind",
            "lines over, the lesser",
            "nine tenths"));
  }

  @Override
  public Experiment smoke() {
    return new NoisyTraces(damage, share, BATCH * STAGES * 2, 20);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (String arm : List.of("clean", "static", "dynamic")) {
      double[] curve = new double[STAGES];
      for (Arith task : TASKS) {
        double[] accuracy = accuracy(noisy(task, arm, seeds, share).open(seeds), seeds);
        for (int i = 0; i < STAGES; i++) curve[i] += accuracy[i] / TASKS.size();
      }
      curves.put(arm, Arrays.stream(curve).boxed().toList());
      figures.put(arm + " accuracy", curve[STAGES - 1]);
    }
    double clean = Objects.requireNonNull(figures.get("clean accuracy"));
    for (String arm : List.of("static", "dynamic")) {
      figures.put(arm + " drop", clean - Objects.requireNonNull(figures.get(arm + " accuracy")));
    }
    figures.put("four fifths of clean", 0.8 * clean);
    filters(seeds, figures);
    figures.put("nine tenths", 0.9);
    figures.put("zero", 0.0);
    return new Outcome(figures, curves);
  }

  /** The task with the noise of an arm, at the rate that does the wanted damage. */
  private Arith noisy(Arith task, String arm, Seeds seeds, double share) {
    if (arm.equals("clean")) return task;
    Type type = arm.equals("static") ? Type.STATIC : Type.DYNAMIC;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 12; i++) {
      double rate = (low + high) / 2;
      if (damage(task, task.with(new TraceNoise(type, rate, 1)), seeds) < damage) {
        low = rate;
      } else {
        high = rate;
      }
    }
    return task.with(new TraceNoise(type, high, share));
  }

  /** How many solutions rates are set on and filters are tried on. */
  private int looked() {
    return examples / 8;
  }

  /** The mean share of characters that noise changes; one more or less counts as changed. */
  private double damage(Arith clean, Arith noisy, Seeds seeds) {
    Tasks right = clean.open(seeds);
    Tasks wrong = noisy.open(seeds);
    double damage = 0;
    for (int i = 0; i < looked(); i++) {
      String a = right.demonstration(i).orElseThrow().response();
      String b = wrong.demonstration(i).orElseThrow().response();
      int same = 0;
      for (int at = 0; at < Math.min(a.length(), b.length()); at++) {
        same += a.charAt(at) == b.charAt(at) ? 1 : 0;
      }
      int longer = Math.max(a.length(), b.length());
      damage += (longer - same) / (double) longer / looked();
    }
    return damage;
  }

  /** Trains a new model; its accuracy after each stage. */
  private double[] accuracy(Tasks tasks, Seeds seeds) {
    Tokenizer tokenizer = Objects.requireNonNull(tasks.tokenizer());
    int eos = tokenizer.eos().orElseThrow();
    Decoder start = HfFolder.random(model(tokenizer.size(), eos), seeds.seed(), Device.CPU);
    double[] accuracy = new double[STAGES];
    try (Parameters parameters = Parameters.of(start)) {
      Decoder decoder = parameters.decoder(start);
      try (var learner =
          new Learner<>(
              parameters, new AnswerTask(decoder, new Sft()), AdamW.standard(), TOKENS, 1)) {
        int steps = examples / BATCH;
        var schedule = new Schedule(RATE, 0.05, 0.1);
        for (int step = 0; step < steps; step++) {
          List<Answer> batch = new ArrayList<>(BATCH);
          for (int i = 0; i < BATCH; i++) {
            Sample sample = tasks.demonstration((long) step * BATCH + i).orElseThrow();
            batch.add(answer(tokenizer, sample, eos));
          }
          learner.step(batch, schedule.rate(step, steps));
          if ((step + 1) % (steps / STAGES) == 0) {
            accuracy[(step + 1) / (steps / STAGES) - 1] = share(decoder, tokenizer, tasks);
          }
        }
      }
    }
    return accuracy;
  }

  private static DecoderConfig model(int vocabulary, int eos) {
    return new DecoderConfig(
        DecoderConfig.Family.LLAMA,
        vocabulary,
        64,
        168,
        2,
        2,
        2,
        32,
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
        new DecoderConfig.Special(null, List.of(eos), null));
  }

  private static Answer answer(Tokenizer tokenizer, Sample sample, int eos) {
    int[] response = tokenizer.encode(sample.response());
    int[] ended = Arrays.copyOf(response, response.length + 1);
    ended[response.length] = eos;
    return new Answer(tokenizer.encode(sample.prompt().text()), ended);
  }

  /** The share of test exercises whose greedy answer is right. */
  private double share(Decoder decoder, Tokenizer tokenizer, Tasks tasks) {
    List<Sample> exercises =
        IntStream.range(0, tests).mapToObj(i -> tasks.prompt(Split.TEST, i)).toList();
    List<PromptTokens> prompts =
        IntStream.range(0, tests)
            .mapToObj(i -> new PromptTokens(i, tokenizer.encode(exercises.get(i).prompt().text())))
            .toList();
    var generator = new Generator(decoder, tokenizer, Sampling.GREEDY, Limits.DEFAULT.withRows(64));
    double right = 0;
    for (Completion completion :
        generator.complete(prompts, Sampling.GREEDY.withMaxTokens(LONGEST))) {
      Sample exercise = exercises.get(Math.toIntExact(completion.prompt()));
      right += tasks.gold(exercise.withResponse(completion.text())).orElseThrow();
    }
    return right / tests;
  }

  /** What share of the noisy solutions each filter finds, averaged over the tasks. */
  private void filters(Seeds seeds, Map<String, Double> figures) {
    double least = 1;
    for (String arm : List.of("static", "dynamic")) {
      double byAnswer = 0;
      double byLines = 0;
      for (Arith task : TASKS) {
        Tasks clean = task.open(seeds);
        Tasks noisy = noisy(task, arm, seeds, 1).open(seeds);
        int changed = 0;
        int answers = 0;
        int lines = 0;
        for (int i = 0; i < looked(); i++) {
          Sample sample = noisy.demonstration(i).orElseThrow();
          if (sample.response().equals(clean.demonstration(i).orElseThrow().response())) continue;
          changed++;
          answers += noisy.gold(sample).orElseThrow() < 1 ? 1 : 0;
          Double follows = noisy.attributes(sample).get("follows");
          lines += Objects.requireNonNull(follows) < 1 - 1e-9 ? 1 : 0;
        }
        byAnswer += answers / (double) changed / TASKS.size();
        byLines += lines / (double) changed / TASKS.size();
      }
      figures.put("answer check, " + arm, byAnswer);
      least = Math.min(least, byLines);
    }
    figures.put("lines over, the lesser", least);
  }
}
