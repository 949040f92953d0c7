package dev.goodhart.lab.experiment;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.advantage.Canon;
import dev.goodhart.advantage.Canon.Half;
import dev.goodhart.advantage.Canon.Schedule;
import dev.goodhart.advantage.Credit;
import dev.goodhart.advantage.GroupCentred;
import dev.goodhart.advantage.LeaveOneOut;
import dev.goodhart.advantage.Rollouts;
import dev.goodhart.advantage.Tokens;
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
 * System 26: does comparing with the other half by length learn faster where length matters,
 * whichever way it matters?
 *
 * <p><b>World.</b> A response has one of eight lengths and one of three approaches, of which the
 * second and third succeed 0.7 and 0.5 times as often as the first. Where shorter is better success
 * falls from 0.9 to 0.34 with length, where longer is better it rises from 0.3 to 0.86; a prompt
 * takes its factor from 1/2 to 1. One softmax over the 24 responses, at first uniform.
 *
 * <p><b>Baselines.</b> Dr. GRPO, also at twice the step; Dr. GRPO on rewards with a penalty or a
 * bonus of 0.05 a length; leave-one-out, to which halving at random must be equal. <b>Method.</b>
 * CANON by length against the other half (inter) and the own half (intra).
 *
 * <p><b>Measure.</b> After the last update, before anything has converged: the policy's success
 * over the best response's. "Marginal" is the share of the policy's gain over uniform that its
 * choice of length alone would bring.
 *
 * @param prompts of an update
 * @param group responses to each
 * @param updates how many
 * @param step of the gradient of the mean over the responses
 */
public record LengthHalves(int prompts, int group, int updates, double step) implements Experiment {
  public static final LengthHalves DEFAULT = new LengthHalves(4, 16, 60, 1);

  private static final int LENGTHS = 8;
  private static final double[] APPROACH = {1, 0.7, 0.5};
  private static final double PRICE = 0.05;
  private static final int POINTS = 6;

  /**
   * @param price a unit of length, taken off the reward
   * @param faster how many times the step
   */
  private record Arm(String name, Credit credit, double price, double faster) {}

  private static final List<Arm> ARMS =
      List.of(
          new Arm("dr-grpo", new GroupCentred(), 0, 1),
          new Arm("dr-grpo, twice the step", new GroupCentred(), 0, 2),
          new Arm("penalty", new GroupCentred(), PRICE, 1),
          new Arm("bonus", new GroupCentred(), -PRICE, 1),
          new Arm("leave-one-out", new LeaveOneOut(), 0, 1),
          new Arm("random halves", new Canon("dice", 1, Schedule.CONSTANT, 1, Half.UPPER), 0, 1),
          new Arm("inter", new Canon(1), 0, 1),
          new Arm("intra", new Canon(0), 0, 1));

  @Override
  public int system() {
    return 26;
  }

  @Override
  public String name() {
    return "length-halves";
  }

  @Override
  public String title() {
    return "CANON by length against Dr. GRPO, a length penalty and a bonus, where shorter is better"
        + " and where longer is";
  }

  @Override
  public String tuning() {
    return "The price of a length was chosen to be about what a length is worth, before any run;"
        + " seeds 1001 to 1003 were seen during development.";
  }

  @Override
  public int seeds() {
    return 64;
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
    for (String world : List.of("shorter", "longer")) {
      String wrong = world.equals("shorter") ? "bonus" : "penalty";
      claims.add(
          Claim.above(
              "inter-" + world,
              "where %s is better the other half beats Dr. GRPO".formatted(world),
              world + " inter",
              world + " dr-grpo"));
      claims.add(
          Claim.below(
              wrong + "-" + world,
              "where %s is better the length %s loses to Dr. GRPO".formatted(world, wrong),
              world + " " + wrong,
              world + " dr-grpo"));
      claims.add(
          Claim.below(
              "intra-" + world,
              "where %s is better the own half is slower than Dr. GRPO".formatted(world),
              world + " intra",
              world + " dr-grpo"));
      claims.add(
          Claim.equal(
              "random-" + world,
              "where %s is better halving at random is leave-one-out".formatted(world),
              world + " random halves",
              world + " leave-one-out",
              0.01));
      claims.add(
          Claim.above(
              "selective-" + world,
              ("where %s is better more of what the other half learns is length than under Dr. GRPO"
                      + " at twice the step")
                  .formatted(world),
              world + " inter marginal",
              world + " dr-grpo, twice the step marginal"));
      claims.add(
          Claim.below(
              "limit-" + world,
              "its limit: where %s is better Dr. GRPO at twice the step is faster still"
                  .formatted(world),
              world + " inter",
              world + " dr-grpo, twice the step"));
    }
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new LengthHalves(2, group, 6, step);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (boolean shorter : new boolean[] {true, false}) {
      String world = shorter ? "shorter" : "longer";
      double best = Arrays.stream(success(shorter)).max().orElseThrow();
      for (Arm arm : ARMS) {
        double[][] path = train(arm, shorter, seeds);
        double[] share =
            Arrays.stream(path).mapToDouble(p -> value(p, success(shorter)) / best).toArray();
        figures.put(world + " " + arm.name, share[updates]);
        figures.put(world + " " + arm.name + " marginal", marginal(path[updates], shorter));
        curves.put(
            world + ", " + arm.name,
            axis().points().stream().map(p -> share[(int) Math.floor(p)]).toList());
      }
    }
    return new Outcome(figures, curves);
  }

  /** Of each response to a prompt with factor 1. */
  private static double[] success(boolean shorter) {
    double[] success = new double[LENGTHS * APPROACH.length];
    for (int y = 0; y < success.length; y++) {
      int length = y / APPROACH.length;
      double byLength = shorter ? 0.9 - 0.08 * length : 0.3 + 0.08 * length;
      success[y] = byLength * APPROACH[y % APPROACH.length];
    }
    return success;
  }

  private static double value(double[] policy, double[] success) {
    return IntStream.range(0, policy.length).mapToDouble(y -> policy[y] * success[y]).sum();
  }

  /** How much of the gain the lengths bring with approaches as at first. */
  private static double marginal(double[] policy, boolean shorter) {
    double[] success = success(shorter);
    double[] uniform = new double[policy.length];
    Arrays.fill(uniform, 1.0 / policy.length);
    double[] lengths = new double[policy.length];
    for (int y = 0; y < policy.length; y++) {
      for (int other = 0; other < APPROACH.length; other++) {
        int same = y / APPROACH.length * APPROACH.length + other;
        lengths[y] += policy[same] / APPROACH.length;
      }
    }
    double start = value(uniform, success);
    double gain = value(policy, success) - start;
    return Math.abs(gain) < 1e-9 ? 0 : (value(lengths, success) - start) / gain;
  }

  /** The policies before the first update and after each, {@code [updates + 1][responses]}. */
  private double[][] train(Arm arm, boolean shorter, Seeds seeds) {
    double[] success = success(shorter);
    double[] logits = new double[success.length];
    double[][] path = new double[updates + 1][];
    path[0] = Softmax.of(logits);
    SplittableRandom random = seeds.of("draws");
    for (int update = 1; update <= updates; update++) {
      double[] policy = path[update - 1];
      int[][] drawn = new int[prompts][group];
      List<Rollouts> batch = new ArrayList<>();
      for (int x = 0; x < prompts; x++) {
        double factor = 0.5 + 0.5 * random.nextDouble();
        List<Reward> rewards = new ArrayList<>();
        List<Tokens> tokens = new ArrayList<>();
        for (int i = 0; i < group; i++) {
          int y = TablePolicy.draw(policy, random);
          int length = 1 + y / APPROACH.length;
          double right = random.nextDouble() < factor * success[y] ? 1 : 0;
          Scored reward = Reward.of(right - arm.price * length);
          rewards.add(reward.withParts(Map.of("dice", Reward.of(random.nextDouble()))));
          tokens.add(Tokens.of(length, reward.value()));
          drawn[x][i] = y;
        }
        batch.add(Tabular.rollouts(rewards, tokens));
      }
      double[][] advantages = Tabular.byResponse(arm.credit, batch);
      for (int x = 0; x < prompts; x++) {
        for (int i = 0; i < group; i++) {
          double weight = arm.faster * step * advantages[x][i] / (prompts * group);
          for (int y = 0; y < logits.length; y++) {
            logits[y] += weight * ((y == drawn[x][i] ? 1 : 0) - policy[y]);
          }
        }
      }
      path[update] = Softmax.of(logits);
    }
    return path;
  }
}
