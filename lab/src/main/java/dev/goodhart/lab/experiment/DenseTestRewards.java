package dev.goodhart.lab.experiment;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.advantage.Advantage;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.advantage.VerifiableDense;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * System 99: where a shortcut passes most tests and the real route starts with fewer, does credit
 * by difficulty, shared among tests of one difficulty, find the program that passes everything?
 *
 * <p><b>World.</b> A task has ten tests, seven of them trivial. A program is a shortcut (a
 * constant, say), which passes the seven and can pass no other, or it takes the real route: it
 * passes {@code start} of the seven, the others with a first skill, the two medium tests with a
 * second, the edge test with a third. The policy decides route and skills independently, each by a
 * logit of its own; at the beginning it takes the real route with probability {@code route} and has
 * each skill with probability {@code skill}, so that about one program in a thousand passes
 * everything.
 *
 * <p><b>Arms.</b> Policy gradient with the advantage of each: the outcome alone; equal credit for
 * every test, alone and with the outcome; credit by difficulty without the density, with the
 * outcome; {@link VerifiableDense}, with the outcome and without. Same draws at the start, same
 * number of programs.
 *
 * <p><b>Measure.</b> The probability of a program that passes everything, which the policy's logits
 * give exactly. In an easier world (four trivial tests on the real route, skills of 0.3) all dense
 * arms with the outcome must succeed: the gap comes from the competition and from nothing else. At
 * {@value #FAST} times the rate one lucky program goes a long way, and the others catch up.
 *
 * @param group programs a step
 * @param updates how many steps
 * @param rate of the policy gradient
 * @param start trivial tests that the real route passes without any skill
 * @param route probability of the real route at the beginning
 * @param skill probability of each skill at the beginning
 */
public record DenseTestRewards(
    int group, int updates, double rate, int start, double route, double skill)
    implements Experiment {
  public static final DenseTestRewards DEFAULT = new DenseTestRewards(16, 300, 0.2, 2, 0.3, 0.15);

  private static final int TRIVIAL = 7;
  private static final int TESTS = 10;
  private static final int POINTS = 6;
  private static final double FAST = 2.5;

  public DenseTestRewards {
    if (updates % POINTS != 0) {
      throw new IllegalArgumentException("updates must be a multiple of " + POINTS);
    }
  }

  @Override
  public int system() {
    return 99;
  }

  @Override
  public String name() {
    return "dense-test-rewards";
  }

  @Override
  public String title() {
    return "Policy gradient on programs and tests with credit by difficulty and density against"
        + " outcome alone, equal credit, and difficulty without density";
  }

  @Override
  public String tuning() {
    return "The rate of 0.2 was chosen among 0.1, 0.2, 0.3 and 0.5 with seeds 1001 to 1008; with"
        + " 0.5 the outcome alone gets there on many seeds, which is why that rate has"
        + " claims of its own.";
  }

  @Override
  public int seeds() {
    return 16;
  }

  @Override
  public Axis axis() {
    List<Double> points = new ArrayList<>();
    for (int i = 0; i <= POINTS; i++) {
      points.add((double) (updates * i / POINTS));
    }
    return new Axis("updates", points);
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    Map<String, String> baselines = new LinkedHashMap<>();
    baselines.put("outcome", "the outcome alone");
    baselines.put("uniform", "equal credit");
    baselines.put("uniform + outcome", "equal credit with the outcome");
    baselines.put("no density + outcome", "difficulty without density, with the outcome");
    baselines.forEach(
        (arm, words) ->
            claims.add(
                Claim.above(
                    "verpo-over-" + arm.replace(" + ", "-and-").replace(' ', '-'),
                    "VeRPO finds the full program more often than " + words,
                    "verpo",
                    arm)));
    for (String arm : List.of("uniform + outcome", "no density + outcome")) {
      claims.add(
          Claim.equal(
              "tie-without-competition-" + arm.replace(" + ", "-and-").replace(' ', '-'),
              "where easy tests do not compete, VeRPO and " + baselines.get(arm) + " tie",
              "easy verpo",
              "easy " + arm,
              0.1));
    }
    for (String arm : List.of("outcome", "no density + outcome")) {
      claims.add(
          Claim.above(
              "fast-verpo-over-" + arm.replace(" + ", "-and-").replace(' ', '-'),
              "at %s times the rate VeRPO is still above %s".formatted(FAST, baselines.get(arm)),
              "fast verpo",
              "fast " + arm));
    }
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new DenseTestRewards(group, 30, rate, start, route, skill);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Advantage> arms = new LinkedHashMap<>();
    double inf = Double.POSITIVE_INFINITY;
    arms.put("outcome", new GroupNormalised(1e-6));
    arms.put("uniform", new VerifiableDense(inf, 0.1, false, false, "tests", 1e-6));
    arms.put("uniform + outcome", new VerifiableDense(inf, 0.1, false, true, "tests", 1e-6));
    arms.put("no density + outcome", new VerifiableDense(1, 0.1, false, true, "tests", 1e-6));
    arms.put("verpo", new VerifiableDense());
    arms.put("verpo, no outcome", new VerifiableDense(1, 0.1, true, false, "tests", 1e-6));
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    arms.forEach(
        (arm, advantage) -> {
          List<Double> curve = train(advantage, rate, start, skill, seeds.of("programs"));
          curves.put(arm, curve);
          figures.put(arm, curve.getLast());
          figures.put(
              "easy " + arm, train(advantage, rate, 4, 0.3, seeds.of("easy programs")).getLast());
          figures.put(
              "fast " + arm,
              train(advantage, FAST * rate, start, skill, seeds.of("fast programs")).getLast());
        });
    return new Outcome(figures, curves);
  }

  /** The probability of the full program along the way. */
  private List<Double> train(
      Advantage advantage, double rate, int start, double skill, SplittableRandom random) {
    double[] logits = {logit(route), logit(skill), logit(skill), logit(skill)};
    List<Double> curve = new ArrayList<>(List.of(full(logits)));
    for (int step = 1; step <= updates; step++) {
      boolean[][] drawn = new boolean[group][];
      List<Reward> rewards = new ArrayList<>();
      for (int i = 0; i < group; i++) {
        boolean[] decisions = new boolean[logits.length];
        for (int k = 0; k < decisions.length; k++) {
          decisions[k] = random.nextDouble() < sigmoid(logits[k]);
        }
        drawn[i] = decisions;
        rewards.add(reward(passes(decisions, start)));
      }
      double[] credit =
          advantage
              .of(new Group(Collections.nCopies(group, Sample.of("task", "")), rewards))
              .values();
      double[] gradient = new double[logits.length];
      for (int i = 0; i < group; i++) {
        // The skills of a shortcut are no decisions of that program.
        for (int k = 0; k < (drawn[i][0] ? logits.length : 1); k++) {
          gradient[k] += credit[i] * ((drawn[i][k] ? 1 : 0) - sigmoid(logits[k])) / group;
        }
      }
      for (int k = 0; k < logits.length; k++) {
        logits[k] += rate * gradient[k];
      }
      if (step * POINTS % updates < POINTS) {
        curve.add(full(logits));
      }
    }
    return curve;
  }

  /** Which tests a program passes: seven trivial ones, two medium ones, the edge. */
  static boolean[] passes(boolean[] decisions, int start) {
    boolean[] passes = new boolean[TESTS];
    for (int j = 0; j < TESTS; j++) {
      passes[j] =
          !decisions[0]
              ? j < TRIVIAL
              : j < start || decisions[j < TRIVIAL ? 1 : j < TESTS - 1 ? 2 : 3];
    }
    return passes;
  }

  /** What the code signal gives with each test: 1 where all pass, the verdicts in its parts. */
  private static Reward reward(boolean[] passes) {
    Map<String, Reward> each = new LinkedHashMap<>();
    boolean all = true;
    for (int j = 0; j < passes.length; j++) {
      each.put(String.valueOf(j + 1), Reward.of(passes[j] ? 1 : 0));
      all &= passes[j];
    }
    return new Scored(
        all ? 1 : 0,
        OptionalDouble.empty(),
        Map.of("tests", Reward.of(passes.length).withParts(each)));
  }

  private static double full(double[] logits) {
    double product = 1;
    for (double logit : logits) {
      product *= sigmoid(logit);
    }
    return product;
  }

  private static double logit(double p) {
    return Math.log(p / (1 - p));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
