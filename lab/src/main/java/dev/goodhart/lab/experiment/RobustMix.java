package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.RewardRobust;
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

/**
 * System 40: does trading the surest member's word against the worst one's earn more gold than a
 * single reward model, and more than the pure worst case where one member is broken?
 *
 * <p><b>Worlds.</b> A response has six attributes from N(0, 1); in world {@code rare} a share of
 * the base policy's responses, and hardly any of the training pairs, has four more. Gold is {@code
 * (0.8, 0.6, 0.5, 0, 0, 0).x - |z|/2}. In world {@code broken} there are no rare ones, but one of
 * five heads was trained on turned labels. In {@code null} there are neither, and the pairs are
 * twenty times as many, none turned.
 *
 * <p><b>Model.</b> Five linear heads, each with a start of its own from {@code N(0, 1/4)} and a
 * bootstrap of the pairs; a head's deviation is that of its Laplace approximation. Each is centred
 * on the base responses of the prompt.
 *
 * <p><b>Baselines.</b> One head (the mean over the five of what each earns alone), their mean,
 * their minimum. <b>Method.</b> {@link RewardRobust} with a lambda of 0.6, which was fixed before
 * any run; the other lambdas are drawn.
 *
 * <p><b>Measure.</b> Expected gold of the exact optimum at one weight of the divergence for all
 * arms, less the base policy's; and at equal divergence, since a timid reward has a smaller scale
 * and would keep the policy nearer by that alone.
 *
 * @param prompts how many
 * @param responses to each
 * @param pairs for training, in the worlds {@code rare} and {@code broken}
 * @param flips the share of labels turned round there
 * @param beta the weight of the divergence
 */
public record RobustMix(int prompts, int responses, int pairs, double flips, double beta)
    implements Experiment {
  public static final RobustMix DEFAULT = new RobustMix(20, 200, 100, 0.2, 0.25);

  private static final double[] VALUES = {0.8, 0.6, 0.5, 0, 0, 0};
  private static final int RARE = 4;
  private static final int HEADS = 5;
  private static final double LAMBDA = 0.6;
  private static final double KL = 2;
  private static final double[] LAMBDAS = {0, 0.2, 0.4, 0.6, 0.8, 1};
  private static final List<String> MEMBERS = List.of("1", "2", "3", "4", "5");

  @Override
  public int system() {
    return 40;
  }

  @Override
  public String name() {
    return "robust-mix";
  }

  @Override
  public String title() {
    return "Exact optima for the surest head traded against the worst one, where attributes are"
        + " rare in the pairs and where one head is broken";
  }

  @Override
  public String tuning() {
    return "The labels of the null world were chosen by looking at outcomes, with seeds 1001 to"
        + " 1020.";
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public Axis axis() {
    return new Axis("lambda", Arrays.stream(LAMBDAS).boxed().toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "mix-over-single-where-rare",
            "where attributes are rare in the pairs, the mix earns more gold than a single head",
            "rare mix",
            "rare single"),
        Claim.above(
            "mix-over-mean-where-rare",
            "and more than the mean of the heads",
            "rare mix",
            "rare mean"),
        Claim.above(
            "mix-over-minimum-where-rare",
            "and more than the pure minimum",
            "rare mix",
            "rare minimum"),
        Claim.above(
            "mix-over-single-at-equal-kl",
            "at equal KL of 2 it earns more than a single head there as well",
            "rare mix at KL",
            "rare single at KL"),
        Claim.above(
            "mix-over-mean-at-equal-kl",
            "and more than the mean of the heads",
            "rare mix at KL",
            "rare mean at KL"),
        Claim.above(
            "mix-over-minimum-where-broken",
            "where one head is broken, the mix earns more gold than the pure minimum",
            "broken mix",
            "broken minimum"),
        Claim.above(
            "mix-over-honest-where-broken",
            "and more than an honest single head",
            "broken mix",
            "broken single"),
        Claim.equal(
            "tie-where-nothing-is-wrong",
            "where nothing is wrong the mix earns what a single head does (within 2 %)",
            "null mix share",
            "one",
            0.02));
  }

  @Override
  public Experiment smoke() {
    return new RobustMix(4, 100, 60, flips, beta);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (String world : List.of("rare", "broken", "null")) {
      double share = world.equals("rare") ? 0.15 : 0;
      World at = world(world, share, seeds);
      figures.put(world + " single", at.single(false));
      figures.put(world + " mean", at.gain(at.mean(), false));
      figures.put(world + " minimum", at.gain(at.mix(0), false));
      figures.put(world + " mix", at.gain(at.mix(LAMBDA), false));
      figures.put(world + " single at KL", at.single(true));
      figures.put(world + " mean at KL", at.gain(at.mean(), true));
      figures.put(world + " mix at KL", at.gain(at.mix(LAMBDA), true));
      curves.put(
          world,
          Arrays.stream(LAMBDAS).mapToObj(lambda -> at.gain(at.mix(lambda), false)).toList());
      curves.put(
          world + ", single",
          Arrays.stream(LAMBDAS).mapToObj(lambda -> figures.get(world + " single")).toList());
    }
    figures.put(
        "null mix share",
        figures.getOrDefault("null mix", Double.NaN)
            / figures.getOrDefault("null single", Double.NaN));
    figures.put("one", 1.0);
    return new Outcome(figures, curves);
  }

  /**
   * Responses with their gold, and what each head says of them: {@code
   * [heads][prompts][responses]}.
   */
  private record World(
      double[][] bases, double[][] gold, double[][][] means, double[][][] deviations, double beta) {

    /** Gold above the base policy's, at one weight of the divergence or at one divergence. */
    private double gain(double[][] utilities, boolean atKl) {
      double[][] policies = atKl ? Tilt.atKl(bases, utilities, KL) : new double[bases.length][];
      double gain = 0;
      for (int x = 0; x < bases.length; x++) {
        double[] policy = atKl ? policies[x] : Tilt.of(bases[x], utilities[x], 1 / beta);
        gain += (Tilt.mean(policy, gold[x]) - Tilt.mean(bases[x], gold[x])) / bases.length;
      }
      return gain;
    }

    /** What an honest head earns alone, on average; the first may be broken and stands aside. */
    private double single(boolean atKl) {
      double sum = 0;
      for (int m = 1; m < HEADS; m++) {
        sum += gain(means[m], atKl);
      }
      return sum / (HEADS - 1);
    }

    private double[][] mean() {
      var mean = new ConservativeEnsemble(MEMBERS, ConservativeEnsemble.Objective.MEAN, 0);
      return combined((mu, s) -> mean.score(mu));
    }

    private double[][] mix(double lambda) {
      return combined(new RewardRobust(MEMBERS, lambda)::score);
    }

    private interface Rule {
      double of(double[] means, double[] deviations);
    }

    private double[][] combined(Rule rule) {
      double[][] utilities = new double[bases.length][];
      for (int x = 0; x < utilities.length; x++) {
        utilities[x] = new double[bases[x].length];
        for (int y = 0; y < utilities[x].length; y++) {
          double[] mu = new double[HEADS];
          double[] s = new double[HEADS];
          for (int m = 0; m < HEADS; m++) {
            mu[m] = means[m][x][y];
            s[m] = deviations[m][x][y];
          }
          utilities[x][y] = rule.of(mu, s);
        }
      }
      return utilities;
    }
  }

  private World world(String name, double share, Seeds seeds) {
    boolean clean = name.equals("null");
    List<LinearReward> heads = heads(name, share, clean, seeds);
    SplittableRandom random = seeds.of(name + " responses");
    double[][] bases = new double[prompts][responses];
    double[][] gold = new double[prompts][responses];
    double[][][] means = new double[HEADS][prompts][responses];
    double[][][] deviations = new double[HEADS][prompts][responses];
    for (int x = 0; x < prompts; x++) {
      double[][] drawn = new double[responses][];
      for (int y = 0; y < responses; y++) {
        drawn[y] = response(share, random);
        bases[x][y] = 1.0 / responses;
        gold[x][y] = gold(drawn[y]);
      }
      for (int m = 0; m < HEADS; m++) {
        for (int y = 0; y < responses; y++) {
          means[m][x][y] = heads.get(m).of(drawn[y]);
          deviations[m][x][y] = heads.get(m).deviation(drawn[y]);
        }
        double centre = Arrays.stream(means[m][x]).sum() / responses;
        for (int y = 0; y < responses; y++) {
          means[m][x][y] -= centre;
        }
      }
    }
    return new World(bases, gold, means, deviations, beta);
  }

  private List<LinearReward> heads(String name, double share, boolean clean, Seeds seeds) {
    SplittableRandom random = seeds.of(name + " pairs");
    double[][] differences = new double[clean ? 20 * pairs : pairs][];
    for (int p = 0; p < differences.length; p++) {
      double[] a = response(share / 15, random);
      double[] b = response(share / 15, random);
      double gap = gold(a) - gold(b);
      boolean first = random.nextDouble() < 1 / (1 + Math.exp(-gap));
      first ^= random.nextDouble() < (clean ? 0 : flips);
      differences[p] = difference(first ? a : b, first ? b : a);
    }
    List<LinearReward> heads = new ArrayList<>();
    for (int m = 0; m < HEADS; m++) {
      SplittableRandom own = seeds.of(name + " head", m);
      double[] start = new double[VALUES.length + RARE];
      Arrays.setAll(start, i -> 0.5 * own.nextGaussian());
      double sign = m == 0 && name.equals("broken") ? -1 : 1;
      double[][] drawn = new double[differences.length][];
      Arrays.setAll(
          drawn,
          p ->
              Arrays.stream(differences[own.nextInt(differences.length)])
                  .map(d -> sign * d)
                  .toArray());
      heads.add(LinearReward.fit(drawn, start, 1));
    }
    return heads;
  }

  private static double[] difference(double[] chosen, double[] rejected) {
    double[] difference = new double[chosen.length];
    Arrays.setAll(difference, i -> chosen[i] - rejected[i]);
    return difference;
  }

  private static double[] response(double rare, SplittableRandom random) {
    boolean isRare = random.nextDouble() < rare;
    double[] x = new double[VALUES.length + RARE];
    Arrays.setAll(x, i -> i < VALUES.length || isRare ? random.nextGaussian() : 0);
    return x;
  }

  static double gold(double[] x) {
    double value = 0;
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      value += i < VALUES.length ? VALUES[i] * x[i] : 0;
      squares += i < VALUES.length ? 0 : x[i] * x[i];
    }
    return value - Math.sqrt(squares) / 2;
  }
}
