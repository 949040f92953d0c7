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
import java.util.stream.IntStream;

/**
 * System 31, the part that trains: does a policy that is rewarded by preference-as-reward keep the
 * gold that one rewarded by the raw reward model loses again?
 *
 * <p><b>World.</b> That of {@link PreferenceAsRewardTilt}: quality and flattery, a linear reward
 * model that likes flattery, and an error of its own for each prompt and response. The policy is a
 * softmax over the 60 kinds of responses with two weights shared by all prompts, of quality and of
 * flattery. Arms "slow" have a weight for each of the six qualities and ten flatteries instead: the
 * same steps take them less far.
 *
 * <p><b>Baselines.</b> The raw reward; the raw reward at PAR's scale, its deviation on base
 * responses made equal; the running z-score; the reward clipped to its running mean plus and minus
 * one deviation. <b>Method.</b> {@link PreferenceAsReward} with one and with ten references, and
 * {@link LogSigmoidCentred}, the policy part of system 9, beside them.
 *
 * <p><b>Measure.</b> Exact gold along training by policy gradients, centred by prompt and not
 * divided by the deviation, with the same KL weight for all arms: its peak and its end.
 *
 * @param prompts how many there are
 * @param steps of training
 * @param batch prompts a step
 * @param group responses to each
 * @param penalty of the divergence
 * @param rate of the policy's steps
 */
public record ShapedRewards(
    int prompts, int steps, int batch, int group, double penalty, double rate)
    implements Experiment {
  public static final ShapedRewards DEFAULT = new ShapedRewards(60, 1500, 8, 16, 0.05, 0.05);

  private static final int REFERENCES = 32;
  private static final int POINTS = 10;

  @Override
  public int system() {
    return 31;
  }

  @Override
  public String name() {
    return "shaped-rewards";
  }

  @Override
  public String title() {
    return "Policy gradients on preference-as-reward against the raw, the rescaled and the"
        + " normalised reward of a biased model";
  }

  @Override
  public String tuning() {
    return "The policy's features were chosen by looking at outcomes, with seeds 1001 to 1010.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "step",
        IntStream.rangeClosed(0, POINTS).mapToObj(p -> (double) (steps * p / POINTS)).toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    claims.add(
        Claim.below(
            "raw-overoptimises",
            "with the raw reward gold ends below its peak",
            "raw end",
            "raw peak"));
    for (String par : List.of("par 10", "par 1")) {
      String name = par.replace(' ', '-');
      claims.add(
          Claim.above(
              name + "-over-raw",
              par.replace("par", "PAR with references:") + " ends with more gold than raw",
              par + " end",
              "raw end"));
      claims.add(
          Claim.below(
              name + "-falls-less",
              par.replace("par", "PAR with references:") + " falls less from its peak than raw",
              par + " fall",
              "raw fall"));
    }
    for (String rival : List.of("rescaled", "z-score", "clip")) {
      claims.add(
          Claim.above(
              "par-10-over-" + rival,
              "PAR with references: 10 ends with more gold than the " + rival + " raw reward",
              "par 10 end",
              rival + " end"));
    }
    claims.add(
        Claim.equal(
            "one-reference-is-enough",
            "PAR with 1 and with 10 references end alike (within 0.2)",
            "par 10 end",
            "par 1 end",
            0.2));
    claims.add(
        Claim.above(
            "par-10-over-raw-where-slow",
            "also where sixteen weights learn, so that the raw reward has not gone far when the"
                + " steps are over",
            "par 10, slow end",
            "raw, slow end"));
    claims.add(
        Claim.above(
            "lsc-over-raw", "LSC (system 9) ends with more gold than raw", "lsc end", "raw end"));
    claims.add(
        Claim.below(
            "lsc-falls-less", "LSC falls less from its peak than raw", "lsc fall", "raw fall"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new ShapedRewards(20, 100, batch, group, penalty, rate);
  }

  @Override
  public Outcome run(Seeds seeds) {
    double[] model = new PreferenceAsRewardTilt(prompts, 500, 0.1, 0.3).fit(seeds.of("pairs"));
    double[] base = PreferenceAsRewardTilt.base();
    double[][] raw = new double[prompts][base.length];
    double[][] references = new double[prompts][REFERENCES];
    SplittableRandom errors = seeds.of("errors");
    SplittableRandom draws = seeds.of("references");
    for (int x = 0; x < prompts; x++) {
      double[] rewards = raw[x];
      Arrays.setAll(
          rewards,
          y ->
              model[0] * PreferenceAsRewardTilt.quality(y)
                  + model[1] * PreferenceAsRewardTilt.flattery(y)
                  + 0.3 * errors.nextGaussian());
      Arrays.setAll(references[x], m -> rewards[TablePolicy.draw(base, draws)]);
    }
    double[][] par1 = shaped(new PreferenceAsReward(1, 1), raw, references);
    double[][] par10 = shaped(new PreferenceAsReward(10, 1), raw, references);
    double[][] lsc = shaped(new LogSigmoidCentred(0.85, REFERENCES), raw, references);
    double scale = deviation(par10, base) / deviation(raw, base);
    double[][] rescaled =
        Arrays.stream(raw)
            .map(row -> Arrays.stream(row).map(r -> scale * r).toArray())
            .toArray(double[][]::new);

    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    Map<String, Arm> arms = new LinkedHashMap<>();
    arms.put("raw", new Arm(raw, Running.AS_IT_IS));
    arms.put("rescaled", new Arm(rescaled, Running.AS_IT_IS));
    arms.put("z-score", new Arm(raw, Running.Z_SCORE));
    arms.put("clip", new Arm(raw, Running.CLIP));
    arms.put("par 1", new Arm(par1, Running.AS_IT_IS));
    arms.put("par 10", new Arm(par10, Running.AS_IT_IS));
    arms.put("lsc", new Arm(lsc, Running.AS_IT_IS));
    arms.put("raw, slow", new Arm(raw, Running.AS_IT_IS));
    arms.put("par 10, slow", new Arm(par10, Running.AS_IT_IS));
    arms.forEach(
        (name, arm) -> {
          double[] gold = train(arm, name.endsWith("slow"), base, seeds.of("training"));
          double peak = Arrays.stream(gold).max().orElseThrow();
          figures.put(name + " peak", peak);
          figures.put(name + " end", gold[steps]);
          figures.put(name + " fall", peak - gold[steps]);
          curves.put(
              name,
              IntStream.rangeClosed(0, POINTS).mapToObj(p -> gold[steps * p / POINTS]).toList());
        });
    return new Outcome(figures, curves);
  }

  /**
   * @param rewards {@code [prompts][responses]}
   */
  private record Arm(double[][] rewards, Running running) {}

  /** What is done to a reward by what was seen of rewards before. */
  private enum Running {
    AS_IT_IS,
    Z_SCORE,
    CLIP
  }

  /** Gold before training and after each step. */
  private double[] train(Arm arm, boolean slow, double[] base, SplittableRandom random) {
    double[] gold = new double[base.length];
    Arrays.setAll(gold, PreferenceAsRewardTilt::gold);
    var policy = new LogLinearPolicy(base, features(base.length, slow));
    double[] along = new double[steps + 1];
    along[0] = policy.mean(gold);
    double count = 0;
    double mean = 0;
    double squares = 0;
    for (int step = 1; step <= steps; step++) {
      int[] drawn = new int[batch * group];
      double[] advantages = new double[drawn.length];
      for (int b = 0; b < batch; b++) {
        double[] rewards = arm.rewards[random.nextInt(prompts)];
        int[] own = policy.draw(group, random);
        double centre = 0;
        for (int j = 0; j < group; j++) {
          double reward = rewards[own[j]];
          count++;
          double moved = reward - mean;
          mean += moved / count;
          squares += moved * (reward - mean);
          double deviation = Math.sqrt(squares / count);
          double seen =
              switch (arm.running) {
                case AS_IT_IS -> reward;
                case Z_SCORE -> (reward - mean) / Math.max(deviation, 1e-6);
                case CLIP -> Math.clamp(reward, mean - deviation, mean + deviation);
              };
          int at = b * group + j;
          drawn[at] = own[j];
          advantages[at] = seen - penalty * policy.logRatio(own[j]);
          centre += advantages[at] / group;
        }
        for (int j = 0; j < group; j++) {
          advantages[b * group + j] -= centre;
        }
      }
      policy.step(drawn, advantages, rate);
      along[step] = policy.mean(gold);
    }
    return along;
  }

  private static double[][] features(int responses, boolean slow) {
    double[][] features = new double[responses][slow ? 16 : 2];
    for (int y = 0; y < responses; y++) {
      int quality = PreferenceAsRewardTilt.quality(y);
      int flattery = PreferenceAsRewardTilt.flattery(y);
      if (slow) {
        features[y][quality] = 1;
        features[y][6 + flattery] = 1;
      } else {
        features[y][0] = quality;
        features[y][1] = flattery;
      }
    }
    return features;
  }

  private static double[][] shaped(Transform transform, double[][] raw, double[][] references) {
    double[][] shaped = new double[raw.length][];
    for (int x = 0; x < raw.length; x++) {
      double[] drawn = references[x];
      shaped[x] = Arrays.stream(raw[x]).map(r -> transform.of(r, drawn)).toArray();
    }
    return shaped;
  }

  /** The deviation of the rewards of base responses, within prompts. */
  private static double deviation(double[][] rewards, double[] base) {
    double variance = 0;
    for (double[] row : rewards) {
      double mean = Tilt.mean(base, row);
      double[] squares = Arrays.stream(row).map(r -> (r - mean) * (r - mean)).toArray();
      variance += Tilt.mean(base, squares) / rewards.length;
    }
    return Math.sqrt(variance);
  }
}
