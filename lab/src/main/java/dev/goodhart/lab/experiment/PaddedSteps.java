package dev.goodhart.lab.experiment;

import dev.goodhart.Reward;
import dev.goodhart.advantage.ClipDelta;
import dev.goodhart.advantage.Credit;
import dev.goodhart.advantage.LeaveOneOut;
import dev.goodhart.advantage.Rollouts;
import dev.goodhart.advantage.StepLeaveOneOut;
import dev.goodhart.advantage.TokenAdvantages;
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
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * System 14: do clipped and telescoped step scores keep a policy from padding its solutions with
 * steps that a process reward model likes?
 *
 * <p><b>World.</b> A problem takes three steps of work, each right with probability 0.9, then the
 * answer; a response may also hold steps that do nothing, and ends without an answer after twelve
 * steps. The outcome is 1 for an answer after three right steps. The process reward model scores a
 * step 0.75 where all work so far is right and 0.3 where it is not, but 0.9 when it does nothing,
 * with normal noise of 0.1. A policy has a softmax over work, nothing and answer for each number of
 * steps worked, at first 0.6, 0.2 and 0.2 (after the third: 0.5 nothing, 0.5 answer).
 *
 * <p><b>Baselines.</b> The outcome alone; the outcome and the raw scores. <b>Method.</b> Clip,
 * delta and both. Credit is what is still to be earned from each step on, against the other
 * responses; "whole" gives every step the whole return instead.
 *
 * <p><b>Measure.</b> Accuracy and steps a response, by simulation after the last update.
 *
 * @param problems of an update
 * @param group responses to each
 * @param updates how many
 * @param step of the gradient of the mean over the responses
 * @param alpha how much step scores count
 */
public record PaddedSteps(int problems, int group, int updates, double step, double alpha)
    implements Experiment {
  public static final PaddedSteps DEFAULT = new PaddedSteps(16, 8, 400, 0.5, 0.2);

  private static final int WORK = 0;
  private static final int NOTHING = 1;
  private static final int ANSWER = 2;
  private static final int NEEDED = 3;
  private static final int MOST = 12;
  private static final int POINTS = 5;

  private record Arm(String name, double alpha, boolean clip, boolean delta, Credit credit) {
    ClipDelta method() {
      return new ClipDelta(alpha, OptionalDouble.empty(), clip, delta, "steps", credit);
    }
  }

  private List<Arm> arms() {
    Credit toGo = new StepLeaveOneOut();
    return List.of(
        new Arm("outcome", 0, false, false, toGo),
        new Arm("raw", alpha, false, false, toGo),
        new Arm("clip", alpha, true, false, toGo),
        new Arm("delta", alpha, false, true, toGo),
        new Arm("clip-delta", alpha, true, true, toGo),
        new Arm("strong delta", 5 * alpha, false, true, toGo),
        new Arm("strong delta, whole", 5 * alpha, false, true, new LeaveOneOut()),
        new Arm("strong clip-delta", 5 * alpha, true, true, toGo));
  }

  @Override
  public int system() {
    return 14;
  }

  @Override
  public String name() {
    return "padded-steps";
  }

  @Override
  public String title() {
    return "Clip and Delta against raw step scores of a process reward model that likes steps which"
        + " do nothing";
  }

  @Override
  public String tuning() {
    return "Scores, alpha and the cap are those of an earlier simulation in which the effect was"
        + " seen under other random numbers; seeds 1001 to 1003 were seen during"
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
    return List.of(
        Claim.above(
            "above-raw",
            "clip and delta together end more accurate than raw scores",
            "clip-delta",
            "raw"),
        Claim.above(
            "raw-pads",
            "raw scores end with more than 1.5 times the steps of the outcome alone",
            "raw steps",
            "outcome steps times 1.5"),
        Claim.equal(
            "no-padding",
            "under clip and delta steps stay within a fifth of those under the outcome alone",
            "clip-delta ratio",
            "one",
            0.2),
        Claim.above(
            "no-harm",
            "clip and delta cost at most three points of accuracy against the outcome alone",
            "clip-delta",
            "outcome less three points"),
        Claim.above(
            "clip-above-raw", "clip by itself ends more accurate than raw scores", "clip", "raw"),
        Claim.above(
            "helps",
            "clip and delta end more accurate than the outcome alone",
            "clip-delta",
            "outcome"),
        Claim.below(
            "limit-delta",
            "the limit of delta: counted five times as much it pads under reward-to-go and loses to"
                + " itself with credit for the whole return",
            "strong delta",
            "strong delta, whole"),
        Claim.above(
            "strong-clip-delta",
            "counted five times as much, delta with clip keeps its accuracy where delta alone does"
                + " not",
            "strong clip-delta",
            "strong delta"));
  }

  @Override
  public Experiment smoke() {
    return new PaddedSteps(2, 4, 5, step, alpha);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (Arm arm : arms()) {
      List<double[][]> path = train(arm, seeds);
      double[] last = measure(path.getLast(), seeds);
      figures.put(arm.name, last[0]);
      figures.put(arm.name + " steps", last[1]);
      curves.put(
          arm.name + " steps",
          axis().points().stream()
              .map(p -> measure(path.get((int) Math.floor(p)), seeds)[1])
              .toList());
    }
    double outcome = figures.getOrDefault("outcome steps", Double.NaN);
    figures.put("outcome steps times 1.5", 1.5 * outcome);
    figures.put("clip-delta ratio", figures.getOrDefault("clip-delta steps", 0.0) / outcome);
    figures.put("one", 1.0);
    figures.put("outcome less three points", figures.getOrDefault("outcome", Double.NaN) - 0.03);
    return new Outcome(figures, curves);
  }

  /** One response: what was done at each step, and in which state. */
  private record Response(int[] actions, int[] worked, double[] scores, boolean right) {}

  private static Response respond(double[][] policy, SplittableRandom random) {
    int[] actions = new int[MOST];
    int[] states = new int[MOST];
    double[] scores = new double[MOST];
    int worked = 0;
    boolean right = true;
    int n = 0;
    while (n < MOST) {
      int action = TablePolicy.draw(policy[worked], random);
      states[n] = worked;
      actions[n] = action;
      if (action == WORK) {
        worked++;
        right &= random.nextDouble() < 0.9;
      }
      double score = action == NOTHING ? 0.9 : right ? 0.75 : 0.3;
      scores[n++] = Math.clamp(score + 0.1 * random.nextGaussian(), 0, 1);
      if (action == ANSWER) {
        break;
      }
    }
    return new Response(
        Arrays.copyOf(actions, n),
        Arrays.copyOf(states, n),
        Arrays.copyOf(scores, n),
        actions[n - 1] == ANSWER && worked == NEEDED && right);
  }

  private static Reward reward(Response response) {
    Map<String, Reward> steps = new LinkedHashMap<>();
    for (int k = 0; k < response.scores.length; k++) {
      steps.put(String.valueOf(k + 1), Reward.of(response.scores[k]));
    }
    return Reward.of(response.right ? 1 : 0)
        .withParts(Map.of("steps", Reward.of(0).withParts(steps)));
  }

  /** A step is a token. */
  private static Tokens tokens(Response response) {
    int n = response.actions.length;
    int[] ends = IntStream.rangeClosed(1, n).toArray();
    return new Tokens(new double[n], ends, new double[0], new double[n]);
  }

  /** Accuracy and steps a response. */
  private static double[] measure(double[][] logits, Seeds seeds) {
    SplittableRandom random = seeds.of("measure");
    double[][] policy = policy(logits);
    int n = 4000;
    double right = 0;
    double steps = 0;
    for (int i = 0; i < n; i++) {
      Response response = respond(policy, random);
      right += response.right ? 1.0 / n : 0;
      steps += (double) response.actions.length / n;
    }
    return new double[] {right, steps};
  }

  private static double[][] policy(double[][] logits) {
    return Arrays.stream(logits).map(Softmax::of).toArray(double[][]::new);
  }

  private List<double[][]> train(Arm arm, Seeds seeds) {
    double[][] logits = new double[NEEDED + 1][];
    Arrays.setAll(
        logits,
        worked ->
            worked < NEEDED
                ? new double[] {Math.log(0.6), Math.log(0.2), Math.log(0.2)}
                : new double[] {Double.NEGATIVE_INFINITY, Math.log(0.5), Math.log(0.5)});
    List<double[][]> path = new ArrayList<>();
    path.add(copy(logits));
    SplittableRandom random = seeds.of("draws");
    ClipDelta method = arm.method();
    for (int update = 1; update <= updates; update++) {
      double[][] policy = policy(logits);
      List<List<Response>> drawn = new ArrayList<>();
      List<Rollouts> batch = new ArrayList<>();
      for (int x = 0; x < problems; x++) {
        List<Response> responses = new ArrayList<>();
        for (int i = 0; i < group; i++) {
          responses.add(respond(policy, random));
        }
        drawn.add(responses);
        batch.add(
            Tabular.rollouts(
                responses.stream().map(PaddedSteps::reward).toList(),
                responses.stream().map(PaddedSteps::tokens).toList()));
      }
      List<TokenAdvantages> credits = method.credit(batch);
      for (int x = 0; x < problems; x++) {
        for (int i = 0; i < group; i++) {
          climb(logits, policy, drawn.get(x).get(i), credits.get(x).values()[i]);
        }
      }
      path.add(copy(logits));
    }
    return path;
  }

  private void climb(double[][] logits, double[][] policy, Response response, double[] advantages) {
    for (int k = 0; k < advantages.length; k++) {
      int state = response.worked[k];
      for (int a = 0; a < 3; a++) {
        double score = (a == response.actions[k] ? 1 : 0) - policy[state][a];
        logits[state][a] += step * advantages[k] * score / (problems * group);
      }
    }
  }

  private static double[][] copy(double[][] logits) {
    return Arrays.stream(logits).map(double[]::clone).toArray(double[][]::new);
  }
}
