package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.Comparisons;
import dev.goodhart.lab.bandit.TablePolicy;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * System 83: does a reward do more harm the less its evaluator sees, the harder it is optimised,
 * and the more the evaluator learns from its own policy?
 *
 * <p><b>World.</b> A response is z, 32 normal features; gold is {@code a . z - 0.1 |z|²} over half
 * of them, {@code |a| = 2}. An evaluator sees k random directions of z with noise 0.1, and is a
 * ridge Bradley-Terry fit to 1000 comparisons by gold. Policies are exact tilts over 2000
 * responses.
 *
 * <p><b>Compression.</b> Gold at the same divergence, for k of 1 to 16. <b>Amplification.</b> What
 * the optimum for gold earns more than the optimum for the proxy, at growing divergences.
 * <b>Co-adaptation.</b> Five rounds with k = 4: comparisons of what the policy says now, an
 * evaluator fitted to them, a policy at 2 nats. The same directions each round; other directions,
 * all rounds' rewards averaged; other directions, the last evaluator alone.
 *
 * <p><b>Measure.</b> Expected gold.
 *
 * @param responses how many there are
 * @param comparisons for each fit
 * @param rounds of co-adaptation
 */
public record CompressedEvaluators(int responses, int comparisons, int rounds)
    implements Experiment {
  public static final CompressedEvaluators DEFAULT = new CompressedEvaluators(2000, 1000, 5);

  private static final int FEATURES = 32;
  private static final int[] SEEN = {1, 2, 4, 8, 16};
  private static final double[] KLS = {0.25, 0.5, 1, 2, 4};
  private static final double NOISE = 0.1;
  private static final double RIDGE = 1;
  private static final double ROUND_KL = 2;
  private static final int ROUND_SEEN = 4;

  @Override
  public int system() {
    return 83;
  }

  @Override
  public String name() {
    return "compressed-evaluators";
  }

  @Override
  public String title() {
    return "Gold of exact optima for evaluators that see a part, under search and under rounds of"
        + " re-labelling";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes here; seeds 1001 to 1010 were seen"
        + " during development.";
  }

  @Override
  public Axis axis() {
    return new Axis("KL (nats)", Arrays.stream(KLS).boxed().toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    claims.add(
        Claim.above(
            "compression",
            "at 2 nats gold rises with what the evaluator sees (rank correlation above 0.8)",
            "rank correlation",
            "0.8"));
    for (int k : SEEN) {
      claims.add(
          Claim.above(
              "amplification-" + k,
              "with k = %d more is lost against the optimum for gold at 4 nats than at 0.25"
                  .formatted(k),
              "lost %d at 4.0".formatted(k),
              "lost %d at 0.25".formatted(k)));
    }
    claims.add(
        Claim.below(
            "amplification-less-where-more-is-seen",
            "what is lost grows less with k = 16 than with k = 1",
            "growth 16",
            "growth 1"));
    claims.add(
        Claim.above(
            "averaged-views-help",
            "after five rounds with other directions, averaged, the policy earns more gold than"
                + " after the first",
            "averaged",
            "first"));
    claims.add(
        Claim.above(
            "averaged-over-same-view",
            "and more than with the same directions each round, averaged as well",
            "averaged",
            "same"));
    claims.add(
        Claim.above(
            "averaged-over-replaced",
            "and more than with other directions and the last evaluator alone",
            "averaged",
            "replaced"));
    claims.add(
        Claim.above(
            "replacing-helps",
            "replacing the evaluator each round earns more gold than keeping the first",
            "replaced",
            "first"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new CompressedEvaluators(200, 200, 2);
  }

  @Override
  public Outcome run(Seeds seeds) {
    SplittableRandom random = seeds.of("world");
    double[][] z = normal(responses, FEATURES, random);
    double[] taste = new double[FEATURES];
    for (int i = 0; i < FEATURES / 2; i++) {
      taste[i] = random.nextGaussian();
    }
    double length = Math.sqrt(LinearReward.dot(taste, taste));
    double[] gold = new double[responses];
    for (int y = 0; y < responses; y++) {
      for (int i = 0; i < FEATURES / 2; i++) {
        gold[y] += 2 * taste[i] / length * z[y][i] - 0.1 * z[y][i] * z[y][i];
      }
    }
    double[] base = new double[responses];
    Arrays.fill(base, 1.0 / responses);

    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    double[][] view = view(z, SEEN[SEEN.length - 1], seeds.of("view"));
    double[] atTwo = new double[SEEN.length];
    double[] best = new double[KLS.length];
    Arrays.setAll(best, i -> Tilt.mean(Tilt.atKl(base, gold, KLS[i]), gold));
    for (int s = 0; s < SEEN.length; s++) {
      int k = SEEN[s];
      double[][] seen = Arrays.stream(view).map(e -> Arrays.copyOf(e, k)).toArray(double[][]::new);
      double[] proxy = fitted(seen, gold, base, seeds.of("comparisons"));
      List<Double> lost = new ArrayList<>();
      for (int i = 0; i < KLS.length; i++) {
        double earned = Tilt.mean(Tilt.atKl(base, proxy, KLS[i]), gold);
        lost.add(best[i] - earned);
        figures.put("lost %d at %s".formatted(k, KLS[i]), best[i] - earned);
        atTwo[s] = KLS[i] == 2 ? earned : atTwo[s];
      }
      figures.put("growth " + k, lost.getLast() - lost.getFirst());
      curves.put("gold lost, k = " + k, lost);
    }
    double[] ks = Arrays.stream(SEEN).asDoubleStream().toArray();
    figures.put("rank correlation", new SpearmansCorrelation().correlation(ks, atTwo));
    figures.put("0.8", 0.8);
    rounds(z, gold, base, seeds, figures);
    return new Outcome(figures, curves);
  }

  private void rounds(
      double[][] z, double[] gold, double[] base, Seeds seeds, Map<String, Double> figures) {
    double[][] first = view(z, ROUND_SEEN, seeds.of("round view", 0));
    double[] start = fitted(first, gold, base, seeds.of("round", 0));
    figures.put("first", Tilt.mean(Tilt.atKl(base, start, ROUND_KL), gold));
    figures.put("same", adapted(z, first, start, gold, base, seeds, false, true));
    figures.put("averaged", adapted(z, first, start, gold, base, seeds, true, true));
    figures.put("replaced", adapted(z, first, start, gold, base, seeds, true, false));
  }

  /** Gold after the rounds. */
  private double adapted(
      double[][] z,
      double[][] first,
      double[] start,
      double[] gold,
      double[] base,
      Seeds seeds,
      boolean otherViews,
      boolean averaged) {
    double[] sum = start.clone();
    double[] reward = start;
    for (int round = 1; round <= rounds; round++) {
      double[] policy = Tilt.atKl(base, reward, ROUND_KL);
      double[][] seen = otherViews ? view(z, ROUND_SEEN, seeds.of("round view", round)) : first;
      double[] fitted = fitted(seen, gold, policy, seeds.of("round", round));
      for (int y = 0; y < sum.length; y++) {
        sum[y] += fitted[y];
      }
      reward = averaged ? sum : fitted; // a sum is an average: only its direction counts at a KL
    }
    return Tilt.mean(Tilt.atKl(base, reward, ROUND_KL), gold);
  }

  /** What an evaluator sees of each response: directions of unit length, with noise. */
  private static double[][] view(double[][] z, int k, SplittableRandom random) {
    double[][] directions = normal(k, FEATURES, random);
    for (double[] direction : directions) {
      double length = Math.sqrt(LinearReward.dot(direction, direction));
      Arrays.setAll(direction, i -> direction[i] / length);
    }
    double[][] seen = new double[z.length][k];
    for (int y = 0; y < z.length; y++) {
      for (int i = 0; i < k; i++) {
        seen[y][i] = LinearReward.dot(directions[i], z[y]) + NOISE * random.nextGaussian();
      }
    }
    return seen;
  }

  /** The evaluator's reward of every response, fitted to comparisons of a policy's responses. */
  private double[] fitted(
      double[][] seen, double[] gold, double[] policy, SplittableRandom random) {
    int k = seen[0].length;
    double[][] differences = new double[comparisons][k];
    for (int c = 0; c < comparisons; c++) {
      int a = TablePolicy.draw(policy, random);
      int b = TablePolicy.draw(policy, random);
      boolean aWins = random.nextDouble() < Comparisons.CLEAN.probability(gold, a, b);
      double[] won = seen[aWins ? a : b];
      double[] lost = seen[aWins ? b : a];
      Arrays.setAll(differences[c], i -> won[i] - lost[i]);
    }
    LinearReward fit = LinearReward.fit(differences, new double[k], RIDGE);
    return Arrays.stream(seen).mapToDouble(fit::of).toArray();
  }

  private static double[][] normal(int rows, int columns, SplittableRandom random) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return values;
  }
}
