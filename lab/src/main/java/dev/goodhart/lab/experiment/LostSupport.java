package dev.goodhart.lab.experiment;

import dev.goodhart.advantage.Advantage;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.audit.PassAtK;
import dev.goodhart.audit.SupportChange;
import dev.goodhart.audit.SupportDynamics;
import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.audit.exact.Tilt;
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
 * System 169 on a bandit: does reinforcement learning with a verifiable reward find right answers
 * that its base policy could not reach, or lose some that it could?
 *
 * <p><b>World.</b> Each prompt has 200 answers, six of them right with base probabilities
 * log-uniform from 0.0001 to 0.1; one wrong answer has 0.4, and the other wrong ones share the rest
 * at random. An answer counts as reachable if 1024 draws show it with probability 0.95.
 *
 * <p><b>Baseline.</b> The base policy. <b>Method.</b> GRPO on groups of eight, without a KL penalty
 * and with one; the exact optimum under that penalty. <b>Contrast.</b> The rarest right answer of
 * each prompt, shown: in a few supervised steps without any reward; and as a term of little weight
 * within GRPO.
 *
 * <p><b>Measure.</b> Exact probabilities: pass@1, coverage (the mean over right answers of the
 * probability to be seen among 1024), entropy of the answer, and the counts of answers gained and
 * lost.
 *
 * @param prompts how many
 * @param updates of the policy
 * @param step of the gradient
 * @param kl weight of the penalty in the arm that has one
 * @param shown supervised steps
 * @param mixed weight of the supervised term within GRPO
 */
public record LostSupport(int prompts, int updates, double step, double kl, int shown, double mixed)
    implements Experiment {
  public static final LostSupport DEFAULT = new LostSupport(60, 2000, 0.5, 0.05, 20, 0.1);

  private static final int ANSWERS = 200;
  private static final int RIGHT = 6;
  private static final double MODE = 0.4;
  private static final int GROUP = 8;
  private static final int POINTS = 8;
  private static final SupportDynamics SUPPORT = new SupportDynamics(1024, 0.05);
  private static final List<String> ARMS = List.of("rl", "rl, kl", "shown", "rl, shown");

  @Override
  public int system() {
    return 169;
  }

  @Override
  public String name() {
    return "lost-support";
  }

  @Override
  public String title() {
    return "Right answers that a policy reaches before and after reinforcement learning, and after"
        + " being shown a rare one";
  }

  @Override
  public String tuning() {
    return "Group size, step, updates and weights were given beforehand; seeds 1001 to 1004 were"
        + " seen during development.";
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
    for (String arm : List.of("rl", "rl, kl")) {
      String key = arm.replace(", ", "-");
      String with = arm.equals("rl") ? "without a penalty" : "with a KL penalty";
      claims.add(
          Claim.above(
              key + "-accuracy",
              "one response is right more often after learning " + with,
              arm + " pass@1",
              "base pass@1"));
      claims.add(
          Claim.above(
              key + "-loses",
              "more right answers are lost than gained " + with,
              arm + " lost",
              arm + " gained"));
      claims.add(
          Claim.below(
              key + "-coverage",
              "of the right answers fewer are seen among 1024 responses " + with,
              arm + " coverage",
              "base coverage"));
      claims.add(
          Claim.below(
              key + "-entropy",
              "the answer's entropy falls " + with,
              arm + " entropy",
              "base entropy"));
    }
    claims.add(
        Claim.below(
            "not-the-objective",
            "the exact optimum of the penalised reward loses fewer answers: what is lost is lost to"
                + " sampling",
            "optimum lost",
            "rl, kl lost"));
    claims.add(
        Claim.equal(
            "pass-at-1024-is-blind",
            "pass@1024 shows nothing of it where there are several ways to be right",
            "rl pass@1024",
            "base pass@1024",
            0.01));
    claims.add(
        Claim.above(
            "shown-discovers",
            "of what is reached more is new after a few supervised steps than after learning",
            "shown discovery",
            "rl discovery"));
    claims.add(
        Claim.above(
            "mixed-discovers",
            "and more with a supervised term within learning",
            "rl, shown discovery",
            "rl discovery"));
    claims.add(
        Claim.above(
            "shown-expands",
            "supervised steps on rare answers gain more than they lose",
            "shown gained",
            "shown lost"));
    claims.add(
        Claim.below(
            "discovery-is-not-breadth",
            "learning with the supervised term still gains less than it loses",
            "rl, shown gained",
            "rl, shown lost"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new LostSupport(4, 200, step, kl, shown, mixed);
  }

  @Override
  public Outcome run(Seeds seeds) {
    double[][] base = new double[prompts][];
    SplittableRandom world = seeds.of("world");
    Arrays.setAll(base, x -> base(world));
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    measure("base", base, base, figures);
    measure(
        "optimum", base, Arrays.stream(base).map(this::optimum).toArray(double[][]::new), figures);
    for (String arm : ARMS) {
      List<Double> coverage = new ArrayList<>();
      measure(arm, base, train(arm, base, seeds.of("draws"), coverage), figures);
      if (!arm.equals("shown")) curves.put(arm + ": coverage", coverage);
    }
    return new Outcome(figures, curves);
  }

  /** The right answers are the first ones. */
  private static double[] base(SplittableRandom random) {
    double[] base = new double[ANSWERS];
    double right = 0;
    for (int y = 0; y < RIGHT; y++) {
      base[y] = 1e-4 * Math.pow(1000, random.nextDouble());
      right += base[y];
    }
    base[RIGHT] = MODE;
    double rest = 0;
    for (int y = RIGHT + 1; y < ANSWERS; y++) {
      base[y] = 0.01 + random.nextDouble();
      rest += base[y];
    }
    for (int y = RIGHT + 1; y < ANSWERS; y++) base[y] *= (1 - MODE - right) / rest;
    return base;
  }

  /** What the arm with the penalty would converge to with exact gradients of E[R] - kl KL. */
  private double[] optimum(double[] base) {
    double[] rewards = new double[ANSWERS];
    Arrays.fill(rewards, 0, RIGHT, 1);
    return Tilt.of(base, rewards, 1 / kl);
  }

  private double[][] train(
      String arm, double[][] base, SplittableRandom draws, List<Double> coverage) {
    double[][] policies = new double[prompts][];
    double[] covered = new double[POINTS + 1];
    for (int x = 0; x < prompts; x++) {
      double[] logits = Arrays.stream(base[x]).map(Math::log).toArray();
      int seed = 0; // the rarest right answer
      for (int y = 1; y < RIGHT; y++) seed = base[x][y] < base[x][seed] ? y : seed;
      double[] policy = base[x];
      boolean moved = false;
      for (int update = 0; update <= updates; update++) {
        if (moved) policy = Softmax.of(logits);
        if (update * POINTS % updates == 0) {
          covered[update * POINTS / updates] += coverage(policy) / prompts;
        }
        policies[x] = policy;
        if (update == updates || (arm.equals("shown") && update == shown)) break;
        double weight = arm.equals("shown") ? 1 : arm.equals("rl, shown") ? mixed : 0;
        moved = weight > 0 || arm.equals("rl, kl");
        if (!arm.equals("shown")) moved |= learn(logits, policy, draws);
        if (arm.equals("rl, kl")) stay(logits, policy, base[x]);
        for (int y = 0; y < ANSWERS && weight > 0; y++) {
          logits[y] += step * weight * ((y == seed ? 1 : 0) - policy[y]);
        }
      }
    }
    Arrays.stream(covered).forEach(coverage::add);
    return policies;
  }

  /** One step along the mean of advantage times grad log pi; whether there was one. */
  boolean learn(double[] logits, double[] policy, SplittableRandom random) {
    Advantage normalised = new GroupNormalised(1e-6);
    int[] drawn = new int[GROUP];
    double[] rewards = new double[GROUP];
    for (int i = 0; i < GROUP; i++) {
      drawn[i] = TablePolicy.draw(policy, random);
      rewards[i] = drawn[i] < RIGHT ? 1 : 0;
    }
    double[] advantages = normalised.of(Tabular.group(rewards)).values();
    double sum = 0;
    boolean any = false;
    for (int i = 0; i < GROUP; i++) {
      logits[drawn[i]] += step / GROUP * advantages[i];
      sum += advantages[i];
      any |= advantages[i] != 0;
    }
    for (int y = 0; y < ANSWERS && any; y++) logits[y] -= step / GROUP * sum * policy[y];
    return any;
  }

  /** One step down the exact gradient of kl times KL(policy || base). */
  private void stay(double[] logits, double[] policy, double[] base) {
    double divergence = 0;
    for (int y = 0; y < ANSWERS; y++) divergence += policy[y] * Math.log(policy[y] / base[y]);
    for (int y = 0; y < ANSWERS; y++) {
      logits[y] -= step * kl * policy[y] * (Math.log(policy[y] / base[y]) - divergence);
    }
  }

  private static double coverage(double[] policy) {
    double sum = 0;
    for (int y = 0; y < RIGHT; y++) sum += PassAtK.of(policy[y], SUPPORT.draws()) / RIGHT;
    return sum;
  }

  private void measure(
      String arm, double[][] base, double[][] policies, Map<String, Double> figures) {
    double once = 0;
    double often = 0;
    double coverage = 0;
    double entropy = 0;
    boolean[][] correct = new boolean[prompts][ANSWERS];
    for (int x = 0; x < prompts; x++) {
      double right = 0;
      for (int y = 0; y < ANSWERS; y++) {
        double p = policies[x][y];
        correct[x][y] = y < RIGHT;
        right += y < RIGHT ? p : 0;
        entropy -= p > 0 ? p * Math.log(p) / prompts : 0;
      }
      once += right / prompts;
      often += PassAtK.of(Math.min(right, 1), SUPPORT.draws()) / prompts;
      coverage += coverage(policies[x]) / prompts;
    }
    SupportChange change = SUPPORT.answers(base, policies, correct);
    figures.put(arm + " pass@1", once);
    figures.put(arm + " pass@1024", often);
    figures.put(arm + " coverage", coverage);
    figures.put(arm + " entropy", entropy);
    figures.put(arm + " gained", (double) change.gained());
    figures.put(arm + " lost", (double) change.lost());
    figures.put(arm + " discovery", change.discovery().orElse(0));
    figures.put(arm + " net", change.net().orElse(0));
  }
}
