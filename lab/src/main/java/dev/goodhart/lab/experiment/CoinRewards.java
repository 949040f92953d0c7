package dev.goodhart.lab.experiment;

import dev.goodhart.advantage.Advantage;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.audit.ClipCorrection;
import dev.goodhart.audit.SpuriousReward;
import dev.goodhart.audit.exact.Divergence;
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
 * System 1 on a bandit: what do rewards do that are the toss of a coin, with and without clipping?
 *
 * <p><b>World.</b> One prompt with ten answers; the policy begins with 0.9 on one of them. <b>Arms.
 * </b> GRPO on coins, one group of 16 an update and many gradient steps on each, so that ratios
 * leave 1: without a clip, with the usual one on both sides, with either side alone. <b>Measure.
 * </b> The entropy after the last update; and how large the raw surrogate is beside what the upper
 * clip takes from it.
 *
 * <p>Besides: one step of a peaked policy, simulated (with its zero-mean term of first order taken
 * out) over the closed form; and policies with random logits whose entropy is minimised without any
 * reward, scored as if their mode was right and as if the runner-up was.
 *
 * @param updates groups drawn
 * @param epochs gradient steps on each group
 * @param step of the gradient, on the logits
 * @param clip width on either side
 * @param draws groups simulated for the closed form
 */
public record CoinRewards(int updates, int epochs, double step, double clip, int draws)
    implements Experiment {
  public static final CoinRewards DEFAULT = new CoinRewards(100, 20, 0.1, 0.2, 20_000);

  private static final int ANSWERS = 10;
  private static final double START = 0.9;
  private static final SpuriousReward COINS =
      new SpuriousReward(16, SpuriousReward.Deviation.SAMPLE, 0.5);
  private static final Advantage NORMALISED = new GroupNormalised(1e-6);
  private static final int POINTS = 10;
  private static final List<String> ARMS = List.of("no clip", "both", "upper", "lower");

  @Override
  public int system() {
    return 1;
  }

  @Override
  public String name() {
    return "coin-rewards";
  }

  @Override
  public String title() {
    return "A policy's entropy under rewards that say nothing, with and without clipping";
  }

  @Override
  public String tuning() {
    return "Epochs and step are such that clips fire, as was known beforehand; seeds 1001 to 1004"
        + " were seen during development.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "updates",
        IntStream.rangeClosed(0, POINTS).mapToObj(p -> (double) p * updates / POINTS).toList());
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "coins-spread-a-peaked-policy",
            "without a clip the entropy of a peaked policy rises",
            "no clip entropy",
            "start entropy"),
        Claim.below(
            "clip-holds-it-down",
            "with the usual clip the entropy ends lower than without",
            "both entropy",
            "no clip entropy"),
        Claim.below(
            "upper-clip-holds-it-down",
            "the upper clip alone does so too",
            "upper entropy",
            "no clip entropy"),
        Claim.above(
            "lower-clip-lets-it-rise",
            "the lower clip alone ends higher than both",
            "lower entropy",
            "both entropy"),
        Claim.above(
            "the-clip-is-no-signal",
            "the raw surrogate is larger than what the upper clip takes from it",
            "raw",
            "upper correction"),
        Claim.equal(
            "one-step-as-computed",
            "the entropy's change in one step is the closed form's",
            "simulated over closed form",
            "one",
            0.05),
        Claim.above(
            "surer-and-right",
            "minimising entropy makes a policy more accurate whose mode is right",
            "mode after",
            "mode before"),
        Claim.below(
            "surer-and-wrong",
            "and less accurate where the runner-up is right",
            "runner-up after",
            "runner-up before"));
  }

  @Override
  public Experiment smoke() {
    return new CoinRewards(20, epochs, step, clip, 500);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    figures.put("start entropy", Divergence.entropy(start()));
    for (String arm : ARMS) {
      List<ClipCorrection> batches = new ArrayList<>();
      double[] entropies = train(arm, seeds.of("coins"), batches);
      figures.put(arm + " entropy", entropies[updates]);
      curves.put(arm, axis().points().stream().map(p -> entropies[p.intValue()]).toList());
      if (arm.equals("both")) {
        figures.put("raw", batches.stream().mapToDouble(b -> Math.abs(b.raw())).sum());
        figures.put(
            "upper correction", batches.stream().mapToDouble(b -> Math.abs(b.upper())).sum());
      }
    }
    figures.put("simulated over closed form", ratio(seeds.of("one step")));
    figures.put("one", 1.0);
    minimise(seeds.of("logits"), figures);
    return new Outcome(figures, curves);
  }

  private static double[] start() {
    double[] start = new double[ANSWERS];
    Arrays.fill(start, (1 - START) / (ANSWERS - 1));
    start[0] = START;
    return start;
  }

  /** The entropy after each update. */
  private double[] train(String arm, SplittableRandom random, List<ClipCorrection> batches) {
    double high = arm.equals("both") || arm.equals("upper") ? clip : Double.MAX_VALUE;
    double low = arm.equals("both") || arm.equals("lower") ? clip : 1;
    double[] logits = Arrays.stream(start()).map(Math::log).toArray();
    double[] entropies = new double[updates + 1];
    entropies[0] = Divergence.entropy(start());
    int group = COINS.group();
    for (int update = 1; update <= updates; update++) {
      double[] old = Softmax.of(logits);
      int[] drawn = new int[group];
      double[] advantages = tossed(old, drawn, random);
      for (int epoch = 0; epoch < epochs; epoch++) {
        double[] policy = Softmax.of(logits);
        double[] ratios = new double[group];
        for (int i = 0; i < group; i++) {
          double ratio = policy[drawn[i]] / old[drawn[i]];
          ratios[i] = ratio;
          double a = advantages[i];
          // A clipped term is constant: no gradient.
          if (a == 0 || (a > 0 && ratio > 1 + high) || (a < 0 && ratio < 1 - low)) continue;
          for (int y = 0; y < ANSWERS; y++) {
            logits[y] += step / group * a * ratio * ((y == drawn[i] ? 1 : 0) - policy[y]);
          }
        }
        batches.add(ClipCorrection.of(ratios, advantages, clip, clip));
      }
      entropies[update] = Divergence.entropy(Softmax.of(logits));
    }
    return entropies;
  }

  /** A group's answers, and advantages from coins. */
  private static double[] tossed(double[] policy, int[] drawn, SplittableRandom random) {
    double[] rewards = new double[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = TablePolicy.draw(policy, random);
      rewards[i] = random.nextInt(2);
    }
    return NORMALISED.of(Tabular.group(rewards)).values();
  }

  /** The mean change of the entropy by one step on the logits, over its closed form. */
  private double ratio(SplittableRandom random) {
    double eta = 0.1;
    double[] policy = start();
    double sum = 0;
    int[] drawn = new int[COINS.group()];
    for (int d = 0; d < draws; d++) {
      double[] advantages = tossed(policy, drawn, random);
      double[] x = new double[ANSWERS];
      for (int i = 0; i < drawn.length; i++) x[drawn[i]] += advantages[i] / drawn.length;
      double mean = 0;
      for (int y = 0; y < ANSWERS; y++) mean += policy[y] * x[y];
      double first = 0;
      double[] logits = new double[ANSWERS];
      for (int y = 0; y < ANSWERS; y++) {
        first -= eta * policy[y] * (x[y] - mean) * Math.log(policy[y]);
        logits[y] = Math.log(policy[y]) + eta * x[y];
      }
      sum += Divergence.entropy(Softmax.of(logits)) - Divergence.entropy(policy) - first;
    }
    return sum / draws / COINS.entropyChange(policy, eta, SpuriousReward.Step.ON_LOGITS);
  }

  /** Entropy alone, run to convergence, on many policies. */
  private static void minimise(SplittableRandom random, Map<String, Double> figures) {
    int policies = 20;
    double[] before = new double[2];
    double[] after = new double[2];
    for (int n = 0; n < policies; n++) {
      double[] logits = new double[ANSWERS];
      Arrays.setAll(logits, y -> random.nextGaussian());
      double[] policy = Softmax.of(logits);
      int[] order =
          IntStream.range(0, ANSWERS)
              .boxed()
              .sorted((i, j) -> Double.compare(policy[j], policy[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int update = 0; update < 2000; update++) {
        double[] descent = SpuriousReward.entropyDescent(Softmax.of(logits));
        for (int y = 0; y < ANSWERS; y++) logits[y] += descent[y];
      }
      double[] surer = Softmax.of(logits);
      for (int k = 0; k < 2; k++) {
        before[k] += policy[order[k]] / policies;
        after[k] += surer[order[k]] / policies;
      }
    }
    figures.put("mode before", before[0]);
    figures.put("mode after", after[0]);
    figures.put("runner-up before", before[1]);
    figures.put("runner-up after", after[1]);
  }
}
