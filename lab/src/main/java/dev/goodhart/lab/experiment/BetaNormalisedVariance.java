package dev.goodhart.lab.experiment;

import dev.goodhart.Group;
import dev.goodhart.advantage.Advantage;
import dev.goodhart.advantage.Advantages;
import dev.goodhart.advantage.BetaNormalised;
import dev.goodhart.advantage.GroupCentred;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * System 111: does the weight that BNPO gives to prompts make the gradient of a step vary less than
 * GRPO's and than none?
 *
 * <p><b>World.</b> The pass rate of each prompt is drawn from Beta(a, b), its responses pass with
 * that probability. <i>Free:</i> each response's score (the gradient of its log-probability) is
 * normal in eight dimensions, whatever it earned, as for long responses most of whose tokens do not
 * decide. <i>Tied:</i> the score is the reward minus the pass rate, as for a policy of one
 * decision.
 *
 * <p><b>Baselines.</b> The group's mean alone (REINFORCE), and GRPO, brought to BNPO's scale:
 * divided by the group's population deviation and times pi/8, it is BNPO with alpha = beta = 3/2.
 *
 * <p><b>Measure.</b> Free: the variance of the step's gradient, whose mean is 0, summed over
 * dimensions, times 1000; pass rates are drawn anew for each. Tied: its variance over its squared
 * mean, which no scale changes.
 *
 * @param prompts of a step
 * @param group responses to each
 * @param steps that a variance is taken over
 */
public record BetaNormalisedVariance(int prompts, int group, int steps) implements Experiment {
  public static final BetaNormalisedVariance DEFAULT = new BetaNormalisedVariance(64, 16, 600);

  private static final int DIMENSIONS = 8;
  private static final double[][] PRIORS = {{2, 5}, {5, 2}, {8, 3}, {1, 1}};

  @Override
  public int system() {
    return 111;
  }

  @Override
  public String name() {
    return "beta-normalised-variance";
  }

  @Override
  public String title() {
    return "The variance of a step's gradient under BNPO's weights, GRPO's and none, for scores"
        + " free of the reward and tied to it";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1003 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("", List.of());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (double[] prior : PRIORS) {
      String world = world(prior);
      boolean flat = prior[0] == 1;
      claims.add(
          Claim.below(
              "below-reinforce-" + (int) prior[0] + "-" + (int) prior[1],
              "pass rates from %s, free scores: BNPO's gradient varies less than REINFORCE's"
                  .formatted(world),
              world + " bnpo",
              world + " reinforce"));
      if (!flat) {
        claims.add(
            Claim.below(
                "below-grpo-" + (int) prior[0] + "-" + (int) prior[1],
                "pass rates from %s, free scores: BNPO's gradient varies less than GRPO's"
                    .formatted(world),
                world + " bnpo",
                world + " grpo"));
      }
    }
    claims.add(
        Claim.below(
            "limit-tied",
            "its limit: where a response's score is its reward, GRPO's gradient varies less than"
                + " BNPO's, relative to its mean",
            "tied grpo",
            "tied bnpo"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new BetaNormalisedVariance(16, 8, 20);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (double[] prior : PRIORS) {
      double[][][] free = gradients(prior, seeds, false);
      for (int arm = 0; arm < 3; arm++) {
        double squares = 0;
        for (double[] gradient : free[arm]) {
          squares += Arrays.stream(gradient).map(g -> g * g).sum();
        }
        figures.put(world(prior) + " " + arm(arm), 1000 * squares / steps);
      }
    }
    double[][][] tied = gradients(PRIORS[0], seeds, true);
    for (int arm = 0; arm < 3; arm++) {
      double[] values = Arrays.stream(tied[arm]).mapToDouble(g -> g[0]).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double squares = Arrays.stream(values).map(g -> (g - mean) * (g - mean)).sum();
      figures.put("tied " + arm(arm), squares / (steps - 1) / (mean * mean));
    }
    return new Outcome(figures, Map.of());
  }

  private static String world(double[] prior) {
    return "Beta(%d, %d)".formatted((int) prior[0], (int) prior[1]);
  }

  private static String arm(int arm) {
    return List.of("reinforce", "grpo", "bnpo").get(arm);
  }

  /** The gradients of the three arms under the same draws, {@code [arm][step][dimension]}. */
  private double[][][] gradients(double[] prior, Seeds seeds, boolean tied) {
    SplittableRandom random = seeds.of(world(prior) + (tied ? " tied" : " free"));
    RandomGenerator rates = new Well19937c(random.nextLong());
    BetaDistribution pass = new BetaDistribution(rates, prior[0], prior[1]);
    // The sample deviation of n rewards is sqrt(n / (n - 1)) times the population's.
    double scale = Math.PI / 8 * Math.sqrt(group / (group - 1.0));
    List<Advantage> arms =
        List.of(new GroupCentred(), new GroupNormalised(1e-12), new BetaNormalised());
    double[][][] gradients = new double[3][steps][tied ? 1 : DIMENSIONS];
    for (int step = 0; step < steps; step++) {
      List<Group> groups = new ArrayList<>();
      double[][][] scores = new double[prompts][group][];
      for (int q = 0; q < prompts; q++) {
        double p = pass.sample();
        double[] rewards = random.doubles(group).map(u -> u < p ? 1 : 0).toArray();
        groups.add(Tabular.group(rewards));
        for (int i = 0; i < group; i++) {
          double[] score = new double[DIMENSIONS];
          Arrays.setAll(score, d -> tied ? 0 : random.nextGaussian());
          scores[q][i] = tied ? new double[] {rewards[i] - p} : score;
        }
      }
      for (int arm = 0; arm < 3; arm++) {
        List<Advantages> all = arms.get(arm).ofAll(groups);
        for (int q = 0; q < prompts; q++) {
          double[] advantages = all.get(q).values();
          for (int i = 0; i < group; i++) {
            double weight = (arm == 1 ? scale : 1) * advantages[i] / (prompts * group);
            for (int d = 0; d < scores[q][i].length; d++) {
              gradients[arm][step][d] += weight * scores[q][i][d];
            }
          }
        }
      }
    }
    return gradients;
  }
}
