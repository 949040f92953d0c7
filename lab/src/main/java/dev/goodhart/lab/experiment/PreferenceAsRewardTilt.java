package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.TablePolicy;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.LogSigmoidCentred;
import dev.goodhart.transform.PreferenceAsReward;
import dev.goodhart.transform.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * System 31, the part that can be computed exactly: does preference-as-reward earn more gold than
 * the raw reward when both have moved the policy equally far?
 *
 * <p><b>World.</b> A response is its quality q in 0..5 and its flattery f in 0..9; the base policy
 * draws them with probability proportional to {@code exp(-(q - 1.5)²/2) 0.4^f}. Gold is {@code q -
 * 0.6 max(f - 3, 0)}: a little flattery is harmless, more is not. Annotators prefer with log-odds
 * {@code q + 0.3 f}, and a share of labels is flipped. The reward model is linear in q and f,
 * fitted to pairs of the base policy, plus an error of 0.3 N(0, 1) for each prompt and response.
 *
 * <p><b>Baseline.</b> The exact optimum for the raw reward. <b>Method.</b> For {@link
 * PreferenceAsReward} against one and against ten base responses; {@link LogSigmoidCentred} is
 * drawn beside them. One weight of the divergence for all prompts, so that all have the same mean
 * KL.
 *
 * <p><b>Measure.</b> Expected gold at each KL. {@link ShapedRewards} trains a policy in the same
 * world, where much of the gap is the smaller scale of the shaped reward, which equal KL takes out.
 *
 * @param prompts how many
 * @param pairs the reward model is fitted to
 * @param flips the share of labels turned round
 * @param error standard deviation of the reward model's error for each prompt and response
 */
public record PreferenceAsRewardTilt(int prompts, int pairs, double flips, double error)
    implements Experiment {
  public static final PreferenceAsRewardTilt DEFAULT =
      new PreferenceAsRewardTilt(60, 500, 0.1, 0.3);

  private static final int QUALITIES = 6;
  private static final int FLATTERIES = 10;
  private static final double[] KLS = {0.5, 1, 2, 3, 4, 6, 8};
  private static final List<Double> CLAIMED = List.of(1.0, 2.0, 4.0, 8.0);

  @Override
  public int system() {
    return 31;
  }

  @Override
  public String name() {
    return "preference-as-reward-tilt";
  }

  @Override
  public String title() {
    return "Exact optima at equal KL for preference-as-reward against the raw reward of a biased"
        + " model";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1020 were seen during"
        + " development.";
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public Axis axis() {
    return new Axis("KL (nats)", Arrays.stream(KLS).boxed().toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (int references : new int[] {10, 1}) {
      for (double kl : CLAIMED) {
        claims.add(
            Claim.above(
                "par-%d-over-raw-at-%.0f".formatted(references, kl),
                "with %d reference%s PAR earns more gold than the raw reward, at KL %.0f"
                    .formatted(references, references == 1 ? "" : "s", kl),
                "par " + references + " " + kl,
                "raw " + kl));
      }
    }
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new PreferenceAsRewardTilt(15, pairs, flips, error);
  }

  @Override
  public Outcome run(Seeds seeds) {
    double[] weights = fit(seeds.of("pairs"));
    double[] base = base();
    double[][] bases = new double[prompts][];
    double[][] raw = new double[prompts][];
    double[][] references = new double[prompts][32];
    SplittableRandom errors = seeds.of("errors");
    SplittableRandom draws = seeds.of("references");
    for (int x = 0; x < prompts; x++) {
      bases[x] = base;
      double[] rewards = new double[base.length];
      Arrays.setAll(
          rewards,
          y -> weights[0] * quality(y) + weights[1] * flattery(y) + error * errors.nextGaussian());
      raw[x] = rewards;
      Arrays.setAll(references[x], m -> rewards[TablePolicy.draw(base, draws)]);
    }
    double[] gold = new double[base.length];
    Arrays.setAll(gold, PreferenceAsRewardTilt::gold);

    Map<String, double[][]> arms = new LinkedHashMap<>();
    arms.put("raw", raw);
    arms.put("par 1", shaped(new PreferenceAsReward(1, 1), raw, references));
    arms.put("par 10", shaped(new PreferenceAsReward(10, 1), raw, references));
    arms.put("lsc", shaped(new LogSigmoidCentred(0.85, 32), raw, references));
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    arms.forEach(
        (arm, utilities) -> {
          List<Double> curve = new ArrayList<>();
          for (double kl : KLS) {
            double mean = 0;
            for (double[] policy : Tilt.atKl(bases, utilities, kl)) {
              mean += Tilt.mean(policy, gold) / prompts;
            }
            curve.add(mean);
            figures.put(arm + " " + kl, mean);
          }
          curves.put(arm, curve);
        });
    return new Outcome(figures, curves);
  }

  private static double[][] shaped(Transform transform, double[][] raw, double[][] references) {
    double[][] shaped = new double[raw.length][];
    for (int x = 0; x < raw.length; x++) {
      double[] drawn = references[x];
      shaped[x] = Arrays.stream(raw[x]).map(r -> transform.of(r, drawn)).toArray();
    }
    return shaped;
  }

  static int quality(int y) {
    return y / FLATTERIES;
  }

  static int flattery(int y) {
    return y % FLATTERIES;
  }

  static double gold(int y) {
    return quality(y) - 0.6 * Math.max(flattery(y) - 3, 0);
  }

  static double[] base() {
    double[] base = new double[QUALITIES * FLATTERIES];
    Arrays.setAll(
        base, y -> Math.exp(-Math.pow(quality(y) - 1.5, 2) / 2) * Math.pow(0.4, flattery(y)));
    double sum = Arrays.stream(base).sum();
    return Arrays.stream(base).map(p -> p / sum).toArray();
  }

  /**
   * The weights of q and f: logistic regression on difference vectors by Newton's method, with a
   * ridge of one thousandth so that pairs that can be separated have a solution too.
   */
  double[] fit(SplittableRandom random) {
    double[] base = base();
    double[][] differences = new double[pairs][];
    for (int p = 0; p < pairs; p++) {
      int a = TablePolicy.draw(base, random);
      int b = TablePolicy.draw(base, random);
      double[] d = {quality(a) - quality(b), flattery(a) - flattery(b)};
      double logOdds = d[0] + 0.3 * d[1];
      boolean first = random.nextDouble() < 1 / (1 + Math.exp(-logOdds));
      boolean chosen = first != random.nextDouble() < flips;
      differences[p] = chosen ? d : new double[] {-d[0], -d[1]};
    }
    double[] w = new double[2];
    for (int step = 0; step < 50; step++) {
      double g0 = -1e-3 * w[0];
      double g1 = -1e-3 * w[1];
      double h00 = 1e-3;
      double h01 = 0;
      double h11 = 1e-3;
      for (double[] d : differences) {
        double miss = 1 / (1 + Math.exp(w[0] * d[0] + w[1] * d[1]));
        double curvature = miss * (1 - miss);
        g0 += miss * d[0];
        g1 += miss * d[1];
        h00 += curvature * d[0] * d[0];
        h01 += curvature * d[0] * d[1];
        h11 += curvature * d[1] * d[1];
      }
      double determinant = h00 * h11 - h01 * h01;
      w[0] += (h11 * g0 - h01 * g1) / determinant;
      w[1] += (h00 * g1 - h01 * g0) / determinant;
    }
    return w;
  }
}
