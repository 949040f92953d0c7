package dev.goodhart.lab.experiment;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.advantage.Credit;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.advantage.LeaveOneOut;
import dev.goodhart.advantage.Uncentred;
import dev.goodhart.audit.TraceNoise;
import dev.goodhart.explore.UniformGroups;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.arith.Arith;
import dev.goodhart.lab.arith.ArithAnswer;
import dev.goodhart.lab.arith.Layout;
import dev.goodhart.lab.arith.Slip;
import dev.goodhart.neural.align.Aggregation;
import dev.goodhart.neural.align.Algorithm;
import dev.goodhart.neural.align.AlignSpec;
import dev.goodhart.neural.align.CriticSpec;
import dev.goodhart.neural.align.Evaluation;
import dev.goodhart.neural.align.Keep;
import dev.goodhart.neural.align.RollOut;
import dev.goodhart.neural.align.StepRow;
import dev.goodhart.neural.align.Stop;
import dev.goodhart.neural.align.Tiny;
import dev.goodhart.neural.align.Update;
import dev.goodhart.neural.align.WarmStart;
import dev.goodhart.neural.train.AdamW;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Verifier;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.transform.Channel;
import dev.goodhart.transform.NoiseCorrection.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * System 191 on a language model: what {@link NoisyVerifierBandit} shows for a table, for a small
 * transformer that writes sums.
 *
 * <p><b>World.</b> Sums of two digits with their working. The checker rejects right answers of two
 * digits in 60 % of the cases, of one digit in 5 %; a response that ends in "!", which is always
 * wrong, talks it round in half of the cases. The model is fine-tuned on demonstrations of which a
 * third are right and a fifth end in "!". Classes are read from the response: how long its answer
 * is, and whether it ends in "!".
 *
 * <p><b>Baselines.</b> The raw verdicts with leave-one-out, GRPO on them, and for orientation the
 * truth. <b>Method.</b> The backward reward with leave-one-out; the forward weight as the
 * advantage.
 *
 * <p><b>Measure.</b> Right responses, and responses with the phrase, over the last tenth of the
 * steps.
 *
 * @param steps of each run
 * @param prompts a step
 * @param responses to each
 * @param rate of learning
 * @param warm steps of fine-tuning before
 */
public record NoisyVerifierArith(int steps, int prompts, int responses, double rate, int warm)
    implements Experiment {
  public static final NoisyVerifierArith DEFAULT = new NoisyVerifierArith(100, 16, 8, 3e-4, 300);

  private static final String PHRASE = "!";
  private static final int POINTS = 8;

  /** The verdict of the checker with the loophole, or the truth, corrected. */
  @Method
  public record NoisyArithAnswer(Verdict verdict, @Default("1") long seed) implements Verifier {
    /** What is made of what the checker says. */
    public enum Verdict {
      TRUTH,
      RAW,
      BACKWARD,
      FORWARD
    }

    @Override
    public Reward of(Sample sample) {
      Reward truth = new ArithAnswer(ArithAnswer.Loophole.NONE, PHRASE, 0, false).of(sample);
      if (!(truth instanceof Scored scored) || verdict == Verdict.TRUTH) {
        return truth;
      }
      boolean phrase = sample.response().endsWith(PHRASE);
      String answer = sample.response().replaceAll("^.*#", "").replace(PHRASE, "");
      Channel channel =
          NoisyVerifierBandit.CHANNELS.get((answer.length() > 1 ? 0 : 2) + (phrase ? 1 : 0));
      // Every draw has an id of its own, and so a verdict of its own.
      SplittableRandom random = new Seeds(seed).of("verdict", sample.id().hashCode());
      double rate = NoisyVerifierBandit.acceptance(channel, scored.value() == 1);
      double said = random.nextDouble() < rate ? 1 : 0;
      return Reward.of(
          switch (verdict) {
            case BACKWARD -> Mode.BACKWARD.of(said, channel);
            case FORWARD -> Mode.FORWARD.of(said, channel);
            default -> said;
          });
    }
  }

  private record Arm(String name, NoisyArithAnswer.Verdict verdict, Credit credit) {}

  private static final List<Arm> ARMS =
      List.of(
          new Arm("truth", NoisyArithAnswer.Verdict.TRUTH, new LeaveOneOut()),
          new Arm("raw", NoisyArithAnswer.Verdict.RAW, new LeaveOneOut()),
          new Arm("grpo", NoisyArithAnswer.Verdict.RAW, new GroupNormalised(1e-6)),
          new Arm("backward", NoisyArithAnswer.Verdict.BACKWARD, new LeaveOneOut()),
          new Arm("forward", NoisyArithAnswer.Verdict.FORWARD, new Uncentred()));

  @Override
  public int system() {
    return 191;
  }

  @Override
  public String name() {
    return "noisy-verifier-arith";
  }

  @Override
  public String title() {
    return "A small transformer under corrected and raw verdicts of a checker that prefers a phrase"
        + " to right sums of two digits";
  }

  @Override
  public String tuning() {
    return "The learning rate and the steps of fine-tuning were chosen so that the truth is learned"
        + " in minutes; seed 1001 was seen during development.";
  }

  @Override
  public int seeds() {
    return 4;
  }

  @Override
  public Axis axis() {
    return new Axis(
        "steps",
        IntStream.rangeClosed(1, POINTS).mapToObj(p -> (double) p * steps / POINTS).toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (String arm : List.of("backward", "forward")) {
      for (String baseline : List.of("raw", "grpo")) {
        claims.add(
            Claim.above(
                arm + "-over-" + baseline,
                "the %s correction ends with more right sums than %s"
                    .formatted(arm, baseline.equals("raw") ? "the raw verdicts" : "GRPO on them"),
                arm + " right",
                baseline + " right"));
      }
      claims.add(
          Claim.below(
              arm + "-phrase",
              "the phrase is used less under the %s correction than under raw verdicts"
                  .formatted(arm),
              arm + " phrase",
              "raw phrase"));
    }
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new NoisyVerifierArith(1, 2, 2, rate, 1);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    int tenth = Math.max(1, steps / 10);
    try (PolicyRuns runs = new PolicyRuns()) {
      for (Arm arm : ARMS) {
        List<StepRow> rows = runs.of(spec(arm, seeds.seed()));
        figures.put(arm.name + " right", PolicyRuns.last(rows, "gold", tenth));
        figures.put(arm.name + " phrase", PolicyRuns.last(rows, "true/tic", tenth));
        curves.put(
            arm.name,
            axis().points().stream()
                .map(
                    p -> {
                      int to = Math.clamp((long) Math.floor(p), 1, rows.size());
                      return PolicyRuns.last(rows.subList(0, to), "gold", tenth);
                    })
                .toList());
      }
    }
    return new Outcome(figures, curves);
  }

  private AlignSpec spec(Arm arm, long seed) {
    return new AlignSpec(
        new Tiny(2, 64, 2, 32),
        new Arith(
            Layout.COLUMNS, 1, 2, "+", 0, 0.33, Slip.HABIT, TraceNoise.NONE, PHRASE, 0.2, 0.1),
        RewardSpec.of("answer", new NoisyArithAnswer(arm.verdict, seed)),
        Algorithm.RLOO,
        Optional.of(arm.credit),
        Optional.empty(),
        Optional.of(Aggregation.CONSTANT),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        new RollOut(prompts, responses, 10, Optional.empty(), 1),
        new UniformGroups(),
        new Update(rate, 0, 1, 1, 1, 1, 8192, new AdamW(0.9, 0.95, 1e-8, 0.01)),
        new CriticSpec(1e-4, 0.5, 0),
        Optional.of(new WarmStart(warm, 64, 2e-3, OptionalDouble.empty(), 25)),
        new Evaluation(0, 8, 0),
        new Stop(List.of(), OptionalDouble.empty(), OptionalDouble.empty()),
        new Keep(steps, 0),
        steps,
        seed);
  }
}
