package dev.goodhart.lab.experiment;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.advantage.Advantage;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.advantage.LeaveOneOut;
import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.TablePolicy;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.Appeals;
import dev.goodhart.transform.Channel;
import dev.goodhart.transform.NoiseCorrection.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * System 191 on a bandit: does correcting a verifier's verdicts by the rates of their class save
 * the prompts on which the verifier prefers a trick to the truth?
 *
 * <p><b>World.</b> Half of the prompts have a fraction for their answer, which the checker rejects
 * in 60 % of the cases though right, half a decimal number (5 %). A response may hold a phrase that
 * talks the checker's judge round: then it is accepted with probability 1/2 even though wrong, more
 * often than a right fraction without it. A policy has a softmax of its own for each prompt over
 * six responses: right, right with the phrase, three wrong ones, wrong with the phrase, drawn at
 * first in 20, 2, 3 times 23 and 9 % of the cases.
 *
 * <p><b>Baselines.</b> REINFORCE on the raw verdicts, centred by the rest of the group; GRPO.
 * <b>Method.</b> The backward reward, centred the same way; the forward weight as the advantage;
 * both with the true rates and with rho1 estimated from appeals, each update corrected with what
 * earlier ones taught. Classes are read from the response: its format and whether it holds the
 * phrase. "Forward, equal signal" is the forward weight divided by its class's c.
 *
 * <p><b>Measure.</b> The policy's exact probability of a right answer, and of the phrase, after the
 * last update; and the mean of the former over the updates as a measure of speed.
 *
 * @param prompts how many, even
 * @param group responses to each prompt in each update
 * @param updates how many
 * @param step of the gradient
 * @param share of rejections appealed
 * @param decay of the appeals' counts
 */
public record NoisyVerifierBandit(
    int prompts, int group, int updates, double step, double share, double decay)
    implements Experiment {
  public static final NoisyVerifierBandit DEFAULT =
      new NoisyVerifierBandit(40, 8, 400, 0.5, 0.1, 0.9);

  private static final double[] BASE = {0.20, 0.02, 0.23, 0.23, 0.23, 0.09};
  private static final boolean[] RIGHT = {true, true, false, false, false, false};
  private static final boolean[] PHRASE = {false, true, false, false, false, true};
  private static final int POINTS = 8;

  /** Fraction, decimal; each without and with the phrase. */
  static final List<Channel> CHANNELS =
      List.of(
          new Channel(0.02, 0.6),
          new Channel(0.5, 0.3),
          new Channel(0.02, 0.05),
          new Channel(0.5, 0.025));

  private static final Sample SAMPLE = Sample.of("x", "");

  /**
   * How an arm makes advantages of verdicts.
   *
   * @param mode of the correction; none for the raw verdict
   * @param appeals whether rho1 is estimated
   * @param scaled whether the corrected reward is divided by c
   * @param credit for the group; none where the reward is the advantage
   */
  private record Arm(
      String name,
      @Nullable Mode mode,
      boolean appeals,
      boolean scaled,
      @Nullable Advantage credit,
      boolean truth) {}

  private static final List<Arm> ARMS =
      List.of(
          new Arm("clean", null, false, false, new LeaveOneOut(), true),
          new Arm("raw", null, false, false, new LeaveOneOut(), false),
          new Arm("grpo", null, false, false, new GroupNormalised(1e-6), false),
          new Arm("backward", Mode.BACKWARD, false, false, new LeaveOneOut(), false),
          new Arm("forward", Mode.FORWARD, false, false, null, false),
          new Arm("forward, equal signal", Mode.FORWARD, false, true, null, false),
          new Arm("backward, appeals", Mode.BACKWARD, true, false, new LeaveOneOut(), false),
          new Arm("forward, appeals", Mode.FORWARD, true, false, null, false));

  @Override
  public int system() {
    return 191;
  }

  @Override
  public String name() {
    return "noisy-verifier-bandit";
  }

  @Override
  public String title() {
    return "Policy gradients on corrected against raw verdicts of a verifier that prefers a phrase"
        + " to right fractions";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1004 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "updates",
        IntStream.rangeClosed(0, POINTS).mapToObj(p -> (double) p * updates / POINTS).toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (String baseline : List.of("raw", "grpo")) {
      for (String arm : List.of("backward", "forward")) {
        claims.add(
            Claim.above(
                arm + "-over-" + baseline,
                "the %s correction ends with more right answers than %s"
                    .formatted(arm, baseline.equals("raw") ? "the raw verdicts" : "GRPO on them"),
                arm + " right",
                baseline + " right"));
      }
    }
    for (String arm : List.of("backward", "forward")) {
      claims.add(
          Claim.above(
              arm + "-by-appeals",
              "with rho1 from appeals the %s correction keeps 0.9 of its gain over raw"
                  .formatted(arm),
              arm + ", appeals right",
              arm + " nine tenths"));
    }
    for (String arm : List.of("backward", "forward", "backward, appeals", "forward, appeals")) {
      claims.add(
          Claim.below(
              arm.replace(", ", "-") + "-phrase",
              "the phrase is used less under the correction (%s) than under raw verdicts"
                  .formatted(arm),
              arm + " phrase",
              "raw phrase"));
    }
    claims.add(
        Claim.above(
            "forward-faster",
            "at equal steps forward is right more often than backward, on average over the updates",
            "forward mean",
            "backward mean"));
    claims.add(
        Claim.above(
            "forward-faster-at-equal-signal",
            "at equal signal forward is right more often than backward, on average over the"
                + " updates",
            "forward, equal signal mean",
            "backward mean"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new NoisyVerifierBandit(4, group, 40, step, share, decay);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (Arm arm : ARMS) {
      double[] rights = new double[updates + 1];
      double phrase = train(arm, seeds, rights);
      figures.put(arm.name + " right", rights[updates]);
      figures.put(arm.name + " mean", Arrays.stream(rights).average().orElseThrow());
      figures.put(arm.name + " phrase", phrase);
      curves.put(arm.name, axis().points().stream().map(p -> rights[(int) Math.floor(p)]).toList());
    }
    double raw = value(figures, "raw right");
    for (String arm : List.of("backward", "forward")) {
      figures.put(arm + " nine tenths", raw + 0.9 * (value(figures, arm + " right") - raw));
    }
    return new Outcome(figures, curves);
  }

  private static double value(Map<String, Double> figures, String name) {
    return figures.getOrDefault(name, Double.NaN);
  }

  /** Trains one arm; fills in the share of right answers and returns that of the phrase. */
  private double train(Arm arm, Seeds seeds, double[] rights) {
    double[][] logits = new double[prompts][];
    Arrays.setAll(logits, x -> Arrays.stream(BASE).map(Math::log).toArray());
    Appeals[] appeals = new Appeals[CHANNELS.size()];
    Arrays.setAll(appeals, k -> new Appeals(share, decay, CHANNELS.get(k).falsePositive()));
    SplittableRandom draws = seeds.of("draws");
    SplittableRandom hearings = seeds.of("appeals");
    rights[0] = mean(logits, RIGHT);
    for (int update = 1; update <= updates; update++) {
      int[][] counts = new int[CHANNELS.size()][4];
      List<Channel> channels =
          arm.appeals ? Arrays.stream(appeals).map(Appeals::channel).toList() : CHANNELS;
      for (int x = 0; x < prompts; x++) {
        double[] policy = Softmax.of(logits[x]);
        int[] drawn = new int[group];
        double[] rewards = new double[group];
        for (int i = 0; i < group; i++) {
          int y = TablePolicy.draw(policy, draws);
          int k = (x < prompts / 2 ? 0 : 2) + (PHRASE[y] ? 1 : 0);
          boolean accepted = draws.nextDouble() < acceptance(CHANNELS.get(k), RIGHT[y]);
          drawn[i] = y;
          rewards[i] = reward(arm, accepted, RIGHT[y], channels.get(k));
          heard(counts[k], accepted, RIGHT[y], appeals[k], hearings);
        }
        climb(logits[x], policy, drawn, credit(arm, rewards));
      }
      for (int k = 0; k < appeals.length; k++) {
        appeals[k].step(counts[k][0], counts[k][1], counts[k][2], counts[k][3]);
      }
      rights[update] = mean(logits, RIGHT);
    }
    return mean(logits, PHRASE);
  }

  static double acceptance(Channel channel, boolean right) {
    return right ? 1 - channel.falseNegative() : channel.falsePositive();
  }

  private static double reward(Arm arm, boolean accepted, boolean right, Channel channel) {
    double verdict = (arm.truth ? right : accepted) ? 1 : 0;
    double corrected = arm.mode == null ? verdict : arm.mode.of(verdict, channel);
    return arm.scaled ? corrected / channel.gain() : corrected;
  }

  private static void heard(
      int[] counts, boolean accepted, boolean right, Appeals appeals, SplittableRandom random) {
    counts[accepted ? 0 : 1]++;
    if (!accepted && appeals.drawn(random)) {
      counts[2]++;
      counts[3] += right ? 1 : 0;
    }
  }

  private static double[] credit(Arm arm, double[] rewards) {
    if (arm.credit == null) {
      return rewards;
    }
    List<Reward> given = Arrays.stream(rewards).<Reward>mapToObj(Reward::of).toList();
    return arm.credit.of(new Group(Collections.nCopies(given.size(), SAMPLE), given)).values();
  }

  /** One step along the mean of advantage times grad log pi. */
  private void climb(double[] logits, double[] policy, int[] drawn, double[] advantages) {
    for (int i = 0; i < drawn.length; i++) {
      for (int y = 0; y < logits.length; y++) {
        double score = (y == drawn[i] ? 1 : 0) - policy[y];
        logits[y] += step / drawn.length * advantages[i] * score;
      }
    }
  }

  private static double mean(double[][] logits, boolean[] which) {
    double sum = 0;
    for (double[] row : logits) {
      double[] policy = Softmax.of(row);
      for (int y = 0; y < policy.length; y++) {
        sum += which[y] ? policy[y] : 0;
      }
    }
    return sum / logits.length;
  }
}
