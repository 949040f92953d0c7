package dev.goodhart.lab.experiment;

import dev.goodhart.advantage.Credit;
import dev.goodhart.advantage.GrpoLambda;
import dev.goodhart.advantage.Rollouts;
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
 * System 56: does asking for brevity only where prompts are solved keep the accuracy that asking
 * for it everywhere costs?
 *
 * <p><b>World.</b> Six kinds of prompts that need 1, 2, 3, 7, 9 and 11 steps. A response of L steps
 * is right with probability 0.98 sigmoid(1.2 (L - need)) 0.98^L: every step may slip, so padding
 * costs something as well. Lengths are at first normal around 9, 9, 9, 10, 12 and 14 with deviation
 * 2; one policy tilts them by L, L squared and both times the kind.
 *
 * <p><b>Baselines.</b> GRPO (lambda 0), the penalty in every group (lambda 1), and in a fifth of
 * the groups drawn at random. <b>Method.</b> GRPO-lambda with lambda 0.2. All with the deviation
 * floored at 1/2, and once more divided by the plain deviation.
 *
 * <p><b>Measure.</b> The policy's exact accuracy and mean length after the last update.
 *
 * @param prompts of an update
 * @param group responses to each
 * @param updates how many
 * @param step of the gradient of the mean over the responses
 * @param alpha the most that length can cost
 */
public record ShorterWhereSolved(int prompts, int group, int updates, double step, double alpha)
    implements Experiment {
  public static final ShorterWhereSolved DEFAULT = new ShorterWhereSolved(30, 8, 600, 0.1, 0.4);

  private static final int MOST = 24;
  private static final double[] NEED = {1, 2, 3, 7, 9, 11};
  private static final double[] USUAL = {9, 9, 9, 10, 12, 14};
  private static final double DEVIATION = 2;
  private static final double LAMBDA = 0.2;
  private static final int POINTS = 6;
  private static final List<String> ARMS = List.of("grpo", "everywhere", "random", "grpo-lambda");
  private static final List<String> DIVISIONS = List.of("floored", "plain");

  @Override
  public int system() {
    return 56;
  }

  @Override
  public String name() {
    return "shorter-where-solved";
  }

  @Override
  public String title() {
    return "GRPO-lambda against GRPO, a length penalty everywhere and one in random groups, on"
        + " prompts that need few or many steps";
  }

  @Override
  public String tuning() {
    return "Step, floor, alpha and the world are those of an earlier simulation in which the effect"
        + " was seen under other random numbers; seeds 1001 to 1003 were seen during development.";
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
    for (String division : DIVISIONS) {
      String with = division.equals("floored") ? "" : ", dividing by the plain deviation";
      claims.add(
          Claim.above(
              "above-everywhere-" + division,
              "it ends more accurate than the penalty in every group" + with,
              division + " grpo-lambda",
              division + " everywhere"));
      claims.add(
          Claim.below(
              "shorter-" + division,
              "it ends with shorter responses than GRPO" + with,
              division + " grpo-lambda length",
              division + " grpo length"));
      claims.add(
          Claim.above(
              "as-accurate-" + division,
              "it ends no more than half a point less accurate than GRPO" + with,
              division + " grpo-lambda",
              division + " grpo less half a point"));
      claims.add(
          Claim.above(
              "above-random-" + division,
              "it ends more accurate than the penalty in groups drawn at random" + with,
              division + " grpo-lambda",
              division + " random"));
    }
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new ShorterWhereSolved(6, group, 12, step, alpha);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (String division : DIVISIONS) {
      double floor = division.equals("floored") ? 0.5 : 1e-6;
      for (String arm : ARMS) {
        List<double[]> path = train(arm, floor, seeds);
        double[] last = path.getLast();
        figures.put(division + " " + arm, accuracy(last));
        figures.put(division + " " + arm + " length", length(last));
        curves.put(
            division + ", " + arm,
            axis().points().stream().map(p -> accuracy(path.get((int) Math.floor(p)))).toList());
      }
      figures.put(
          division + " grpo less half a point",
          figures.getOrDefault(division + " grpo", Double.NaN) - 0.005);
    }
    return new Outcome(figures, curves);
  }

  private static double[] features(int length, int kind) {
    double x = (length - 10) / 5.0;
    double c = (kind - 2.5) / 2.5;
    return new double[] {x, x * x, x * c, x * x * c};
  }

  /** The probability of each length from 1 to 24. */
  private static double[] policy(double[] weights, int kind) {
    double[] logits = new double[MOST];
    for (int l = 1; l <= MOST; l++) {
      double apart = (l - USUAL[kind]) / DEVIATION;
      double[] features = features(l, kind);
      logits[l - 1] = -apart * apart / 2;
      for (int f = 0; f < features.length; f++) {
        logits[l - 1] += weights[f] * features[f];
      }
    }
    return Softmax.of(logits);
  }

  private static double right(int length, int kind) {
    return 0.98 / (1 + Math.exp(-1.2 * (length - NEED[kind]))) * Math.pow(0.98, length);
  }

  private static double accuracy(double[] weights) {
    double sum = 0;
    for (int kind = 0; kind < NEED.length; kind++) {
      double[] policy = policy(weights, kind);
      for (int l = 1; l <= MOST; l++) {
        sum += policy[l - 1] * right(l, kind) / NEED.length;
      }
    }
    return sum;
  }

  private static double length(double[] weights) {
    double sum = 0;
    for (int kind = 0; kind < NEED.length; kind++) {
      double[] policy = policy(weights, kind);
      for (int l = 1; l <= MOST; l++) {
        sum += policy[l - 1] * l / NEED.length;
      }
    }
    return sum;
  }

  /** The weights before the first update and after each. */
  private List<double[]> train(String arm, double floor, Seeds seeds) {
    double[] weights = new double[4];
    List<double[]> path = new ArrayList<>(List.of(weights.clone()));
    SplittableRandom random = seeds.of("draws");
    SplittableRandom chosen = seeds.of("random groups");
    for (int update = 1; update <= updates; update++) {
      int[] kinds = new int[prompts];
      int[][] lengths = new int[prompts][group];
      List<Rollouts> batch = new ArrayList<>();
      double[][][] policies = new double[NEED.length][][];
      Arrays.setAll(policies, kind -> new double[][] {policy(path.getLast(), kind)});
      for (int x = 0; x < prompts; x++) {
        kinds[x] = random.nextInt(NEED.length);
        double[] rewards = new double[group];
        for (int i = 0; i < group; i++) {
          lengths[x][i] = 1 + TablePolicy.draw(policies[kinds[x]][0], random);
          rewards[i] = random.nextDouble() < right(lengths[x][i], kinds[x]) ? 1 : 0;
        }
        batch.add(Tabular.rollouts(lengths[x], rewards));
      }
      double[][] advantages = advantages(arm, floor, batch, chosen);
      for (int x = 0; x < prompts; x++) {
        double[] policy = policies[kinds[x]][0];
        double[] mean = new double[4];
        for (int l = 1; l <= MOST; l++) {
          for (int f = 0; f < 4; f++) {
            mean[f] += policy[l - 1] * features(l, kinds[x])[f];
          }
        }
        for (int i = 0; i < group; i++) {
          double[] features = features(lengths[x][i], kinds[x]);
          for (int f = 0; f < 4; f++) {
            weights[f] += step * advantages[x][i] * (features[f] - mean[f]) / (prompts * group);
          }
        }
      }
      path.add(weights.clone());
    }
    return path;
  }

  private double[][] advantages(
      String arm, double floor, List<Rollouts> batch, SplittableRandom chosen) {
    Credit plain = new GrpoLambda(0, alpha, 0.5, floor);
    Credit everywhere = new GrpoLambda(1, alpha, 0.5, floor);
    return switch (arm) {
      case "grpo" -> Tabular.byResponse(plain, batch);
      case "everywhere" -> Tabular.byResponse(everywhere, batch);
      case "grpo-lambda" -> Tabular.byResponse(new GrpoLambda(LAMBDA, alpha, 0.5, floor), batch);
      default -> {
        // A fifth of the groups, each with the same chance.
        int left = (int) Math.ceil(LAMBDA * batch.size());
        double[][] advantages = new double[batch.size()][];
        for (int x = 0; x < advantages.length; x++) {
          boolean drawn = chosen.nextInt(advantages.length - x) < left;
          left -= drawn ? 1 : 0;
          List<Rollouts> one = List.of(batch.get(x));
          advantages[x] = Tabular.byResponse(drawn ? everywhere : plain, one)[0];
        }
        yield advantages;
      }
    };
  }
}
