package dev.goodhart.lab.experiment;

import dev.goodhart.advantage.Advantage;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.advantage.NegativesOnly;
import dev.goodhart.audit.exact.Divergence;
import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.TablePolicy;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * System 107 on a bandit: does a policy first narrow to the best answers that it draws, and only
 * then widen to a better one that is rare?
 *
 * <p><b>World.</b> Three answers that earn 0, 0.6 and 1; the policy begins with 0.35, 0.63 and
 * 0.017 on them, or with the best one rarer still. Besides: twelve answers, four of them right,
 * from a uniform policy and from random ones. <b>Arms.</b> GRPO, and the same learning from
 * negative advantages alone. <b>Measure.</b> The mass of the best answer and of the second along
 * the run, and in how many seeds the best one is found at last; the entropy at equal steps and at
 * equal accuracy.
 *
 * @param updates of three answers
 * @param early the update that counts as early
 * @param step of the gradient among three answers
 * @param wideStep among twelve
 */
public record TwoStages(int updates, int early, double step, double wideStep)
    implements Experiment {
  public static final TwoStages DEFAULT = new TwoStages(3000, 300, 0.05, 0.2);

  private static final double[] REWARDS = {0, 0.6, 1};
  private static final int GROUP = 8;
  private static final int ANSWERS = 12;
  private static final int RIGHT = 4;
  private static final int EQUAL_STEPS = 100;
  private static final double EQUAL_ACCURACY = 0.95;
  private static final int POINTS = 10;
  private static final Advantage GRPO = new GroupNormalised(1e-6);
  private static final Advantage NEGATIVES = new NegativesOnly(GRPO);

  @Override
  public int system() {
    return 107;
  }

  @Override
  public String name() {
    return "two-stages";
  }

  @Override
  public String title() {
    return "The mass of a better answer that is rare, early and late in a run, and what learning"
        + " from negative advantages alone keeps of the entropy";
  }

  @Override
  public String tuning() {
    return "Steps, rewards and logits were given beforehand; seeds 1001 to 1040 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "updates",
        IntStream.rangeClosed(0, POINTS).mapToObj(p -> (double) p * updates / POINTS).toList());
  }

  @Override
  public int seeds() {
    return 40;
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.below(
            "narrows-first",
            "the best answer is rarer at update 300 than at first",
            "best early",
            "best at first"),
        Claim.above(
            "to-the-second-best", "while the second one grew", "second early", "second at first"),
        Claim.above(
            "widens-later",
            "the best answer is more frequent at the end than at first",
            "best late",
            "best at first"),
        Claim.below(
            "at-the-expense-of-the-second",
            "and the second one less than at update 300",
            "second late",
            "second early"),
        Claim.below(
            "too-rare-is-not-found",
            "where the best answer begins at 0.001 it is found in fewer runs of the same length",
            "found, rarer",
            "found"),
        Claim.above(
            "negatives-keep-entropy",
            "from a uniform policy negative advantages alone leave more entropy after 100 updates",
            "negatives entropy, equal steps",
            "grpo entropy, equal steps"),
        Claim.above(
            "negatives-keep-entropy-at-equal-accuracy",
            "and more when 0.95 are right",
            "negatives entropy, equal accuracy",
            "grpo entropy, equal accuracy"),
        Claim.equal(
            "not-from-random-policies",
            "from random policies the entropies at equal accuracy do not differ by more than 0.1",
            "negatives entropy, random start",
            "grpo entropy, random start",
            0.1),
        Claim.below(
            "negatives-do-not-find",
            "negative advantages alone find the best of three answers in fewer runs",
            "found by negatives",
            "found"));
  }

  @Override
  public Experiment smoke() {
    return new TwoStages(300, 100, step, wideStep);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    double[][] common = three(GRPO, -2, seeds.of("common"));
    double[][] rarer = three(GRPO, -5, seeds.of("rarer"));
    double[][] negatives = three(NEGATIVES, -2, seeds.of("common"));
    figures.put("best at first", common[0][2]);
    figures.put("best early", common[early][2]);
    figures.put("best late", common[updates][2]);
    figures.put("second at first", common[0][1]);
    figures.put("second early", common[early][1]);
    figures.put("second late", common[updates][1]);
    figures.put("found", common[updates][2] > 0.5 ? 1.0 : 0.0);
    figures.put("found, rarer", rarer[updates][2] > 0.5 ? 1.0 : 0.0);
    figures.put("found by negatives", negatives[updates][2] > 0.5 ? 1.0 : 0.0);
    curves.put("best", curve(common, 2));
    curves.put("second", curve(common, 1));
    curves.put("best, rarer", curve(rarer, 2));
    curves.put("best, negatives alone", curve(negatives, 2));

    double[] random = new double[ANSWERS];
    SplittableRandom logits = seeds.of("logits");
    Arrays.setAll(random, y -> logits.nextGaussian());
    wide("grpo", GRPO, random, seeds, figures);
    wide("negatives", NEGATIVES, random, seeds, figures);
    return new Outcome(figures, curves);
  }

  private List<Double> curve(double[][] policies, int answer) {
    List<Double> curve = new ArrayList<>();
    for (double at : axis().points()) curve.add(policies[(int) at][answer]);
    return curve;
  }

  /** The policy over three answers after each update. */
  private double[][] three(Advantage credit, double best, SplittableRandom random) {
    double[] logits = {1, 1.6, best};
    double[][] policies = new double[updates + 1][];
    for (int update = 0; update <= updates; update++) {
      policies[update] = Softmax.of(logits);
      learn(logits, policies[update], REWARDS, credit, step, random);
    }
    return policies;
  }

  private void wide(
      String arm,
      Advantage credit,
      double[] randomStart,
      Seeds seeds,
      Map<String, Double> figures) {
    double[] rewards = new double[ANSWERS];
    Arrays.fill(rewards, 0, RIGHT, 1);
    SplittableRandom draws = seeds.of("wide");
    double[] logits = new double[ANSWERS];
    double atSteps = Double.NaN;
    double atAccuracy = Double.NaN;
    for (int update = 0; Double.isNaN(atSteps) || Double.isNaN(atAccuracy); update++) {
      double[] policy = Softmax.of(logits);
      if (update == EQUAL_STEPS) atSteps = Divergence.entropy(policy);
      if (Double.isNaN(atAccuracy) && right(policy)) atAccuracy = Divergence.entropy(policy);
      learn(logits, policy, rewards, credit, wideStep, draws);
    }
    figures.put(arm + " entropy, equal steps", atSteps);
    figures.put(arm + " entropy, equal accuracy", atAccuracy);

    draws = seeds.of("random start");
    logits = randomStart.clone();
    while (!right(Softmax.of(logits))) {
      learn(logits, Softmax.of(logits), rewards, credit, wideStep, draws);
    }
    figures.put(arm + " entropy, random start", Divergence.entropy(Softmax.of(logits)));
  }

  private static boolean right(double[] policy) {
    return Arrays.stream(policy, 0, RIGHT).sum() >= EQUAL_ACCURACY;
  }

  /** One step along the group's mean of advantage times grad log pi. */
  private static void learn(
      double[] logits,
      double[] policy,
      double[] rewards,
      Advantage credit,
      double step,
      SplittableRandom random) {
    int[] drawn = new int[GROUP];
    double[] earned = new double[GROUP];
    for (int i = 0; i < GROUP; i++) {
      drawn[i] = TablePolicy.draw(policy, random);
      earned[i] = rewards[drawn[i]];
    }
    double[] advantages = credit.of(Tabular.group(earned)).values();
    for (int i = 0; i < GROUP; i++) {
      for (int y = 0; y < logits.length; y++) {
        logits[y] += step / GROUP * advantages[i] * ((y == drawn[i] ? 1 : 0) - policy[y]);
      }
    }
  }
}
