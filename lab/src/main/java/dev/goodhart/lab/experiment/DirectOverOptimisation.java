package dev.goodhart.lab.experiment;

import dev.goodhart.audit.OverOptimisationLaw;
import dev.goodhart.audit.OverOptimisationLaw.Form;
import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.Bandit;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.Logistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * System 8: do direct alignment losses over-optimise as the published law says?
 *
 * <p><b>World.</b> To each prompt responses of three kinds, told apart along one axis of four: bad
 * ones at -1/2 (gold 0), good ones at 1/2 (gold 1), and at 1, beyond the good ones, responses that
 * no annotator has seen, worth -1, of 1 % under the reference. Preferences are of good over bad, 20
 * % turned round. The policy is log-linear in the four features, so what is learned on pairs moves
 * what is in none.
 *
 * <p><b>Method.</b> DPO, IPO and SLiC by full-batch gradient descent at seven betas, each with
 * eight checkpoints: exact gold and divergence. The law {@code d (a - b ln d)} fitted to all
 * checkpoints of a loss. <b>Baseline.</b> {@code KL (a - b KL)}; and {@code d (a - b d)}.
 *
 * <p><b>Measure.</b> Gold over the reference's; the root mean square of the residuals; how often
 * the implicit reward prefers good to bad, over all such pairs.
 *
 * @param prompts how many
 * @param each responses of each kind to a prompt
 * @param pairs of each prompt
 * @param flips share of labels turned round
 * @param rare mass of the unseen kind
 * @param steps of gradient descent, at least 128
 */
public record DirectOverOptimisation(
    int prompts, int each, int pairs, double flips, double rare, int steps) implements Experiment {
  public static final DirectOverOptimisation DEFAULT =
      new DirectOverOptimisation(20, 3, 2, 0.2, 0.01, 2000);

  private static final int DIMENSION = 4;
  private static final double[] CENTROIDS = {-0.5, 0.5, 1};
  private static final double[] GOLD = {0, 1, -1};
  private static final double[] BETAS = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};
  private static final int CHECKPOINTS = 8;

  /** How a loss of the difference of log-ratios falls, and its step of gradient descent. */
  private enum Loss {
    DPO,
    IPO,
    SLIC;

    /**
     * Minus the derivative by the difference of log-ratios, times a rate of 0.2 / beta, IPO 0.1.
     */
    double pull(double difference, double beta) {
      return switch (this) {
        case DPO -> 0.2 * Logistic.sigmoid(-beta * difference);
        case IPO -> 0.1 * 2 * (1 / (2 * beta) - difference);
        case SLIC -> beta * difference < 1 ? 0.2 : 0;
      };
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One checkpoint: where it is, what it earns, how often its implicit reward is right. */
  private record Checkpoint(double kl, double gain, double accuracy) {}

  @Override
  public int system() {
    return 8;
  }

  @Override
  public String name() {
    return "direct-over-optimisation";
  }

  @Override
  public String title() {
    return "Gold against divergence under DPO, IPO and SLiC, and the law fitted to it";
  }

  @Override
  public String tuning() {
    return "The world's parameters are those under which a hump was seen in trials with other"
        + " streams; seeds 1001 to 1010 were seen during development.";
  }

  @Override
  public Axis axis() {
    return new Axis("updates", checkpoints().stream().map(s -> (double) s).toList());
  }

  /** Log-spaced. */
  private List<Integer> checkpoints() {
    List<Integer> at = new ArrayList<>();
    for (int i = CHECKPOINTS - 1; i >= 0; i--) {
      at.add(steps >> i);
    }
    return at;
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (Loss loss : Loss.values()) {
      String key = loss.key();
      claims.add(
          Claim.above(
              key + "-hump",
              "at the smallest beta gold under %s peaks and falls".formatted(loss),
              key + " peak",
              key + " end"));
      claims.add(
          Claim.below(
              key + "-law-over-quadratic",
              "d (a - b ln d) fits %s better than KL (a - b KL)".formatted(loss),
              key + " LOGARITHMIC",
              key + " IN_KL"));
      claims.add(
          Claim.below(
              key + "-law-over-linear",
              "d (a - b ln d) fits %s better than d (a - b d)".formatted(loss),
              key + " LOGARITHMIC",
              key + " LINEAR"));
    }
    claims.add(
        Claim.below(
            "dpo-ends-below-its-reference",
            "DPO at the smallest beta ends with less gold than it began with",
            "dpo end",
            "zero"));
    claims.add(
        Claim.below(
            "ipo-declines-less",
            "IPO declines less from its peak than DPO, over betas up to 0.2",
            "ipo decline",
            "dpo decline"));
    claims.add(
        Claim.above(
            "ipo-ends-higher",
            "IPO ends with more gold than DPO, over betas up to 0.2",
            "ipo final",
            "dpo final"));
    claims.add(
        Claim.below(
            "ipo-stays-nearer",
            "IPO reaches a lower divergence than DPO, over betas up to 0.2",
            "ipo kl",
            "dpo kl"));
    claims.add(
        Claim.equal(
            "implicit-accuracy-says-nothing",
            "past the peak the accuracy of the implicit reward is uncorrelated with gold (within"
                + " 0.1)",
            "accuracy correlation",
            "zero",
            0.1));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new DirectOverOptimisation(4, each, pairs, flips, rare, 256);
  }

  @Override
  public Outcome run(Seeds seeds) {
    SplittableRandom random = seeds.of("features");
    int responses = 3 * each;
    double[][][] features = new double[prompts][responses][DIMENSION];
    double[][] base = new double[prompts][responses];
    double[][] gold = new double[prompts][responses];
    for (int x = 0; x < prompts; x++) {
      for (int y = 0; y < responses; y++) {
        int kind = y / each;
        for (int i = 0; i < DIMENSION; i++) {
          features[x][y][i] = (i == 0 ? CENTROIDS[kind] : 0) + 0.3 * random.nextGaussian();
        }
        base[x][y] = (kind == 2 ? rare : (1 - rare) / 2) / each;
        gold[x][y] = GOLD[kind];
      }
    }
    Bandit bandit = new Bandit(base, gold, gold);
    double[][] differences = differences(features, seeds.of("pairs"));

    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    List<Checkpoint> past = new ArrayList<>();
    for (Loss loss : Loss.values()) {
      List<Checkpoint> all = new ArrayList<>();
      double decline = 0;
      double kl = 0;
      double last = 0;
      int low = 0;
      for (double beta : BETAS) {
        List<Checkpoint> run = train(loss, beta, bandit, features, differences);
        int peak = peak(run);
        past.addAll(run.subList(peak, run.size()));
        all.addAll(run);
        if (beta <= 0.2) {
          low++;
          decline += run.get(peak).gain - run.getLast().gain;
          kl += run.getLast().kl;
          last += run.getLast().gain;
        }
        if (beta == BETAS[0]) {
          figures.put(loss.key() + " peak", run.get(peak).gain);
          figures.put(loss.key() + " end", run.getLast().gain);
          curves.put("gold gained, " + loss, run.stream().map(Checkpoint::gain).toList());
        }
      }
      figures.put(loss.key() + " decline", decline / low);
      figures.put(loss.key() + " kl", kl / low);
      figures.put(loss.key() + " final", last / low);
      for (Form form : Form.values()) {
        double[] at = all.stream().mapToDouble(Checkpoint::kl).toArray();
        double[] gains = all.stream().mapToDouble(Checkpoint::gain).toArray();
        figures.put(loss.key() + " " + form, OverOptimisationLaw.fit(form, at, gains).rmse());
      }
    }
    figures.put("accuracy correlation", correlation(past));
    figures.put("zero", 0.0);
    return new Outcome(figures, curves);
  }

  /** Features of the chosen response less those of the rejected one. */
  private double[][] differences(double[][][] features, SplittableRandom random) {
    double[][] differences = new double[prompts * pairs][DIMENSION];
    for (int p = 0; p < differences.length; p++) {
      int x = p / pairs;
      double[] bad = features[x][random.nextInt(each)];
      double[] good = features[x][each + random.nextInt(each)];
      double sign = random.nextDouble() < flips ? -1 : 1;
      Arrays.setAll(differences[p], i -> sign * (good[i] - bad[i]));
    }
    return differences;
  }

  private List<Checkpoint> train(
      Loss loss, double beta, Bandit bandit, double[][][] features, double[][] differences) {
    double[] weights = new double[DIMENSION];
    double start = bandit.gold(bandit.base());
    List<Integer> stops = checkpoints();
    List<Checkpoint> run = new ArrayList<>();
    for (int step = 1; step <= steps; step++) {
      double[] move = new double[DIMENSION];
      for (double[] difference : differences) {
        double pull = loss.pull(LinearReward.dot(weights, difference), beta) / differences.length;
        for (int i = 0; i < DIMENSION; i++) {
          move[i] += pull * difference[i];
        }
      }
      for (int i = 0; i < DIMENSION; i++) {
        weights[i] += move[i];
      }
      if (stops.contains(step)) {
        double[][] implicit = new double[prompts][];
        Arrays.setAll(
            implicit,
            x ->
                Arrays.stream(features[x])
                    .mapToDouble(f -> LinearReward.dot(weights, f))
                    .toArray());
        double[][] policy = Tilt.of(bandit.base(), implicit, 1);
        run.add(new Checkpoint(bandit.kl(policy), bandit.gold(policy) - start, accuracy(implicit)));
      }
    }
    return run;
  }

  /** Over all pairs of a good and a bad response. */
  private double accuracy(double[][] implicit) {
    double right = 0;
    for (double[] rewards : implicit) {
      for (int bad = 0; bad < each; bad++) {
        for (int good = each; good < 2 * each; good++) {
          right += rewards[good] > rewards[bad] ? 1 : 0;
        }
      }
    }
    return right / (prompts * each * each);
  }

  private static int peak(List<Checkpoint> run) {
    int peak = 0;
    for (int i = 1; i < run.size(); i++) {
      peak = run.get(i).gain > run.get(peak).gain ? i : peak;
    }
    return peak;
  }

  /** 0 where all accuracies, or all golds, are the same. */
  private static double correlation(List<Checkpoint> past) {
    if (past.size() < 3) {
      return 0;
    }
    double rho =
        new SpearmansCorrelation()
            .correlation(
                past.stream().mapToDouble(Checkpoint::accuracy).toArray(),
                past.stream().mapToDouble(Checkpoint::gain).toArray());
    return Double.isNaN(rho) ? 0 : rho;
  }
}
