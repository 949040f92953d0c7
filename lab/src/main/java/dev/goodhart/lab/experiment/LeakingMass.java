package dev.goodhart.lab.experiment;

import static dev.goodhart.neural.engine.Ops.mean;

import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.Comparisons;
import dev.goodhart.objective.Dpo;
import dev.goodhart.objective.PreferenceObjective;
import dev.goodhart.objective.Rpo;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * System 2: does fine-tuning on the chosen responses keep DPO's weight on responses that the data
 * has?
 *
 * <p><b>World.</b> To each prompt three good responses (gold 1), three bad ones (0) and three that
 * no pair has (−1), which the reference says in 10 % of the cases. A policy with four weights for
 * all of them: features are a centre for each kind, {@code (½, ½, 0, 0)}, {@code (1, 0, 0, 0)},
 * {@code (−1, 0, 0, 0)}, plus 0.3 N(0, 1); pushing the bad ones down lifts those that nobody looked
 * at. Pairs are of a good and a bad response, a fifth of the labels turned round.
 *
 * <p><b>Baseline.</b> {@link Dpo}. <b>Method.</b> {@link Rpo} around it, summed, α = η · β with η =
 * 1. Both take the same steps down the gradient of all pairs.
 *
 * <p><b>Measure.</b> Exact expected gold, weight on what no pair has, logarithm of the weight on
 * the good responses. Control: in a third of the pairs a response of the third kind loses, so that
 * the data covers it; then the gap must shrink.
 *
 * @param prompts how many
 * @param pairs to each prompt
 * @param flips the share of labels turned round
 * @param beta of both
 * @param eta of the method
 * @param steps down the gradient, of size 1
 */
public record LeakingMass(int prompts, int pairs, double flips, double beta, double eta, int steps)
    implements Experiment {
  public static final LeakingMass DEFAULT = new LeakingMass(20, 4, 0.2, 0.1, 1, 2000);

  private static final int OF_A_KIND = 3;
  private static final double UNSEEN = 0.1;
  private static final double[][] CENTRES = {{0.5, 0.5, 0, 0}, {1, 0, 0, 0}, {-1, 0, 0, 0}};
  private static final double[] GOLD = {1, 0, -1};
  private static final int POINTS = 8;

  @Override
  public int system() {
    return 2;
  }

  @Override
  public String name() {
    return "leaking-mass";
  }

  @Override
  public String title() {
    return "Gold of DPO with and without fine-tuning on the chosen responses, where pairs leave a"
        + " third of the responses out";
  }

  @Override
  public String tuning() {
    return "Parameters were published with the claim or set beforehand; seeds 1001 to 1010 were"
        + " seen during development.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "steps",
        IntStream.rangeClosed(0, POINTS)
            .map(i -> i * steps / POINTS)
            .mapToObj(Double::valueOf)
            .toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "more-gold",
            "with fine-tuning on the chosen responses the policy earns more gold",
            "rpo gold",
            "dpo gold"),
        Claim.below(
            "less-on-the-unseen",
            "and gives less weight to what no pair has",
            "rpo unseen",
            "dpo unseen"),
        Claim.below(
            "dpo-loses-the-good",
            "under DPO the good responses become less likely than at the start",
            "dpo log good",
            "start log good"),
        Claim.above(
            "rpo-keeps-the-good",
            "with fine-tuning they become likelier",
            "rpo log good",
            "start log good"),
        Claim.above(
            "gap-is-the-coverage",
            "the gain is smaller where the data covers all kinds",
            "gain",
            "gain covered"));
  }

  @Override
  public Experiment smoke() {
    return new LeakingMass(6, pairs, flips, beta, eta, 80);
  }

  @Override
  public Outcome run(Seeds seeds) {
    SplittableRandom random = seeds.of("world");
    double[][][] features = new double[prompts][CENTRES.length * OF_A_KIND][];
    double[][] base = new double[prompts][CENTRES.length * OF_A_KIND];
    for (int x = 0; x < prompts; x++) {
      for (int y = 0; y < base[x].length; y++) {
        double[] centre = CENTRES[y / OF_A_KIND];
        features[x][y] = Arrays.stream(centre).map(c -> c + 0.3 * random.nextGaussian()).toArray();
        base[x][y] = (y / OF_A_KIND == 2 ? UNSEEN : (1 - UNSEEN) / 2) / OF_A_KIND;
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    figures.put("start log good", logGood(base));
    for (boolean covered : new boolean[] {false, true}) {
      List<Comparisons.Pair> drawn =
          pairs(covered, seeds.of(covered ? "pairs of all kinds" : "pairs"));
      Map<String, PreferenceObjective> arms = new LinkedHashMap<>();
      arms.put("dpo", new Dpo(beta));
      arms.put("rpo", new Rpo(new Dpo(beta), eta * beta, Rpo.Reduction.SUM));
      List<Double> golds = new ArrayList<>();
      arms.forEach(
          (arm, objective) -> {
            String name = covered ? arm + " covered" : arm;
            List<Double> curve = new ArrayList<>();
            double[][] policy = train(objective, drawn, base, features, curve);
            curves.put(name, curve);
            golds.add(gold(policy));
            figures.put(name + " gold", gold(policy));
            if (!covered) {
              figures.put(name + " unseen", unseen(policy));
              figures.put(name + " log good", logGood(policy));
            }
          });
      figures.put(covered ? "gain covered" : "gain", golds.getLast() - golds.getFirst());
    }
    return new Outcome(figures, curves);
  }

  private List<Comparisons.Pair> pairs(boolean covered, SplittableRandom random) {
    List<Comparisons.Pair> drawn = new ArrayList<>();
    for (int i = 0; i < prompts * pairs; i++) {
      int good = random.nextInt(OF_A_KIND);
      int bad = OF_A_KIND + random.nextInt(OF_A_KIND);
      // where all kinds are covered, every third pair
      int worse = covered && i % 3 == 2 ? bad + OF_A_KIND : bad;
      drawn.add(
          random.nextDouble() < flips
              ? new Comparisons.Pair(i / pairs, worse, good)
              : new Comparisons.Pair(i / pairs, good, worse));
    }
    return Collections.unmodifiableList(drawn);
  }

  private double[][] train(
      PreferenceObjective objective,
      List<Comparisons.Pair> drawn,
      double[][] base,
      double[][][] features,
      List<Double> curve) {
    TensorPolicy policy = TensorPolicy.linear(base, features);
    var places = TensorPolicy.Places.of(drawn, base[0].length);
    for (int step = 0; step <= steps; step++) {
      if (step * POINTS % steps == 0) {
        curve.add(gold(policy.probabilities()));
      }
      if (step < steps) {
        policy.descend(
            logProbs -> mean(objective.of(places.batch(logProbs, policy.reference()))), 1);
      }
    }
    return policy.probabilities();
  }

  private static double kind(double[] policy, int kind) {
    return Arrays.stream(policy, kind * OF_A_KIND, (kind + 1) * OF_A_KIND).sum();
  }

  private static double gold(double[][] policy) {
    return Arrays.stream(policy)
        .mapToDouble(
            p -> {
              double sum = 0;
              for (int kind = 0; kind < GOLD.length; kind++) {
                sum += GOLD[kind] * kind(p, kind);
              }
              return sum;
            })
        .average()
        .orElseThrow();
  }

  private static double unseen(double[][] policy) {
    return Arrays.stream(policy).mapToDouble(p -> kind(p, 2)).average().orElseThrow();
  }

  private static double logGood(double[][] policy) {
    return Arrays.stream(policy).mapToDouble(p -> Math.log(kind(p, 0))).average().orElseThrow();
  }
}
