package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.combine.CobbDouglas;
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

/**
 * System 171: does a policy trained on the product of two welfares serve both sides where one
 * trained on their sum, or on either, serves one?
 *
 * <p><b>World.</b> Questions, clear or vague, of which a cue tells right in {@code cue} of cases;
 * three actions (answer, ask, answer and ask) at four lengths x = 0, 1/3, 2/3, 1. The user gets
 * {@code b u (0.35 + 0.65 x)}, the assistant {@code l (1 - 0.9 x)}: a straight trade-off on which
 * each side's best is the other's worst. u, l by action and type, b from 0.8 to 1.2 by question.
 * The policy is a table by question, trained on the reward it may expect of the cue.
 *
 * <p><b>Baselines.</b> The same training on the user's welfare, the assistant's, their mean.
 * <b>Method.</b> The geometric mean. <b>Concave:</b> the same with the assistant's welfare {@code l
 * (1 - 0.9 x^2)}, where a sum finds the middle too. <b>Price:</b> what is added to the assistant's
 * welfare of asking.
 *
 * <p><b>Measure.</b> Mean over questions of sqrt(U L), which the method is trained on, and of
 * min(U, L), which it is not, both in expectation over the policy; the share of questions whose
 * likeliest response no other is better than for both; how often the policy asks, by price.
 *
 * @param questions of a seed
 * @param cue in [0.5, 1]
 * @param steps of exact policy gradient
 */
public record MutualWelfareGame(int questions, double cue, int steps) implements Experiment {
  public static final MutualWelfareGame DEFAULT = new MutualWelfareGame(50, 0.85, 400);

  private static final double[][] USER = {{0.75, 0.35, 0.65}, {0.15, 0.6, 0.7}};
  private static final double[] ASSISTANT = {0.7, 0.75, 0.55};
  private static final int LENGTHS = 4;
  private static final int ASK = 1;
  private static final double RATE = 20;
  private static final List<Double> PRICES = List.of(0.0, 0.02, 0.04, 0.06, 0.1);
  private static final List<String> ARMS = List.of("product", "mean", "user", "assistant");

  @Override
  public int system() {
    return 171;
  }

  @Override
  public String name() {
    return "mutual-welfare-game";
  }

  @Override
  public String title() {
    return "A policy trained on the product of the user's and the assistant's welfare against their"
        + " mean and either alone";
  }

  @Override
  public String tuning() {
    return "The world's numbers were given beforehand; under seeds 1001 to 1010 rate and steps were"
        + " chosen so that the policies settle.";
  }

  @Override
  public Axis axis() {
    return new Axis("price of asking", PRICES);
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (String arm : ARMS.subList(1, ARMS.size())) {
      claims.add(
          Claim.above(
              "welfare-over-" + arm,
              "the product earns more mutual welfare than training on " + words(arm),
              "product welfare",
              arm + " welfare"));
      claims.add(
          Claim.above(
              "worse-off-over-" + arm,
              "and whoever has less has more than under " + words(arm),
              "product least",
              arm + " least"));
    }
    claims.add(
        Claim.equal(
            "limit-efficient",
            "its limit: as many of its responses are efficient as of the user's arm; what the cue"
                + " tells wrongly costs all alike",
            "product efficient",
            "user efficient",
            0.05));
    claims.add(
        Claim.equal(
            "limit-concave",
            "its limit: where the frontier bulges outwards the mean does as well",
            "concave product welfare",
            "concave mean welfare",
            0.02));
    claims.add(
        Claim.below(
            "price",
            "a price on asking makes it rarer",
            "asks at price 0.06",
            "asks at price 0.0"));
    return claims;
  }

  private static String words(String arm) {
    return arm.equals("mean") ? "the mean of both" : "the " + arm + "'s alone";
  }

  @Override
  public Experiment smoke() {
    return new MutualWelfareGame(6, cue, 60);
  }

  @Override
  public Outcome run(Seeds seeds) {
    SplittableRandom random = seeds.of("questions");
    Question[] all = new Question[questions];
    for (int q = 0; q < questions; q++) {
      int type = random.nextInt(2);
      int told = random.nextDouble() < cue ? type : 1 - type;
      all[q] = new Question(type, told, random.nextDouble(0.8, 1.2));
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    for (boolean concave : new boolean[] {false, true}) {
      for (String arm : ARMS) {
        double[] measured = new double[4];
        for (Question question : all) {
          double[] one = measure(question, train(question, arm, concave, 0), concave);
          for (int k = 0; k < 4; k++) measured[k] += one[k] / questions;
        }
        String name = (concave ? "concave " : "") + arm;
        figures.put(name + " welfare", measured[0]);
        figures.put(name + " least", measured[1]);
        figures.put(name + " efficient", measured[2]);
      }
    }
    List<Double> asks = new ArrayList<>();
    for (double price : PRICES) {
      double sum = 0;
      for (Question question : all) {
        sum += measure(question, train(question, "product", false, price), false)[3] / questions;
      }
      asks.add(sum);
      figures.put("asks at price " + price, sum);
    }
    return new Outcome(figures, Map.of("share that asks", asks));
  }

  private record Question(int type, int told, double scale) {
    double user(int type, int y) {
      return scale * USER[type][y / LENGTHS] * (0.35 + 0.65 * length(y));
    }
  }

  private static double length(int y) {
    return y % LENGTHS / (LENGTHS - 1.0);
  }

  private static double assistant(int y, boolean concave, double price) {
    double x = length(y);
    double own = ASSISTANT[y / LENGTHS] * (1 - 0.9 * (concave ? x * x : x));
    return own - (y / LENGTHS == ASK ? price : 0);
  }

  private static double reward(String arm, double user, double assistant) {
    return switch (arm) {
      case "product" ->
          CobbDouglas.of(new double[] {user, assistant}, new double[] {0.5, 0.5}, 1e-4);
      case "mean" -> (user + assistant) / 2;
      case "user" -> user;
      default -> assistant;
    };
  }

  /** The policy of a question, trained on what the reward is worth under the cue. */
  private double[] train(Question question, String arm, boolean concave, double price) {
    int responses = LENGTHS * ASSISTANT.length;
    double[] rewards = new double[responses];
    for (int y = 0; y < responses; y++) {
      double own = assistant(y, concave, price);
      rewards[y] =
          cue * reward(arm, question.user(question.told(), y), own)
              + (1 - cue) * reward(arm, question.user(1 - question.told(), y), own);
    }
    TablePolicy policy = new TablePolicy(new double[1][responses]);
    for (int step = 0; step < steps; step++) {
      double[] gradient = Softmax.gradient(policy.probabilities()[0], rewards);
      policy.step(new double[][] {gradient}, RATE);
    }
    return policy.probabilities()[0];
  }

  /** sqrt(U L), min(U, L), whether the likeliest response is efficient, how often it asks. */
  private static double[] measure(Question question, double[] policy, boolean concave) {
    double[] user = new double[policy.length];
    double[] assistant = new double[policy.length];
    Arrays.setAll(user, y -> question.user(question.type(), y));
    Arrays.setAll(assistant, y -> assistant(y, concave, 0));
    double[] measured = new double[4];
    int likeliest = 0;
    for (int y = 0; y < policy.length; y++) {
      measured[0] += policy[y] * Math.sqrt(user[y] * assistant[y]);
      measured[1] += policy[y] * Math.min(user[y], assistant[y]);
      measured[3] += y / LENGTHS == ASK ? policy[y] : 0;
      likeliest = policy[y] > policy[likeliest] ? y : likeliest;
    }
    boolean efficient = true;
    for (int y = 0; y < policy.length; y++) {
      boolean atLeast = user[y] >= user[likeliest] && assistant[y] >= assistant[likeliest];
      efficient &= !(atLeast && (user[y] > user[likeliest] || assistant[y] > assistant[likeliest]));
    }
    measured[2] = efficient ? 1 : 0;
    return measured;
  }
}
