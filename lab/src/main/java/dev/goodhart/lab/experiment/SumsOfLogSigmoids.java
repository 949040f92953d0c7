package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.LogSigmoidCentred;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * System 9: two properties must both hold. Does the sum of log-sigmoid-centred rewards reach that
 * where the sum of raw rewards lets one huge score buy off a failed property?
 *
 * <p><b>World.</b> A bandit: each prompt has a level of either property, N(0, 1), and responses
 * with scores {@code z_i} = level + N(0, 1) that the base policy draws evenly. Property i holds
 * with probability {@code a_i = sigmoid(z_i)}; its reward model says {@code r_i = z_i + 0.5 N(0,
 * 1)}. In a few entries the model can be hacked: there r_i is larger by {@code 6 Exp(1)} and a_i is
 * multiplied by 0.3.
 *
 * <p><b>Baseline.</b> The exact optimum for the utility {@code r_1 + r_2}. <b>Method.</b> For
 * {@code u_1 + u_2} with {@link LogSigmoidCentred}, whose reference is the 85 % quantile of 32 base
 * responses of the prompt. One weight of the divergence for all prompts, chosen so that both have
 * the same mean KL from the base policy.
 *
 * <p><b>Measure.</b> The probability that both hold, {@code E[a_1 a_2]}; and the share of prompts
 * on which it did not rise above the base policy's. Without the hackable tail the two must tie: the
 * gain is the protection from hacking and nothing else. In a third world the model's error grows
 * with its reward instead, by {@code 0.3 max(r, 0)² N(0, 1)}.
 *
 * @param prompts how many
 * @param responses of each
 * @param tail the share of entries that can be hacked, for each property
 */
public record SumsOfLogSigmoids(int prompts, int responses, double tail) implements Experiment {
  public static final SumsOfLogSigmoids DEFAULT = new SumsOfLogSigmoids(60, 200, 0.02);

  private static final double[] KLS = {0.25, 0.5, 1, 2, 3};
  private static final List<Double> CLAIMED = List.of(0.5, 1.0, 2.0);
  private static final double TIE = 0.005;
  private static final double NONE = 1e-9;
  private static final double GROWTH = 0.3;

  @Override
  public int system() {
    return 9;
  }

  @Override
  public String name() {
    return "sums-of-log-sigmoids";
  }

  @Override
  public String title() {
    return "Exact optima at equal KL for the sum of two LSC rewards against the sum of two raw"
        + " rewards";
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
    for (double kl : CLAIMED) {
      claims.add(
          Claim.above(
              "both-hold-at-" + kl,
              "with LSC both properties hold more often, at KL " + kl,
              "lsc gold " + kl,
              "raw gold " + kl));
      claims.add(
          Claim.below(
              "fewer-left-behind-at-" + kl,
              "with LSC fewer prompts are left unimproved, at KL " + kl,
              "lsc unimproved " + kl,
              "raw unimproved " + kl));
      claims.add(
          Claim.equal(
              "tie-without-tail-at-" + kl,
              "where nothing can be hacked the two tie, at KL " + kl,
              "lsc control " + kl,
              "raw control " + kl,
              TIE));
      for (String arm : List.of("lsc", "raw")) {
        claims.add(
            Claim.equal(
                "none-left-behind-without-tail-by-%s-at-%s".formatted(arm, kl),
                "and no prompt is left unimproved by %s, at KL %s".formatted(arm, kl),
                arm + " control unimproved " + kl,
                "0",
                NONE));
      }
      claims.add(
          Claim.above(
              "both-hold-with-growing-error-at-" + kl,
              "where the model's error grows with its reward LSC helps too, at KL " + kl,
              "lsc growing " + kl,
              "raw growing " + kl));
    }
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new SumsOfLogSigmoids(20, 100, tail);
  }

  @Override
  public Outcome run(Seeds seeds) {
    World world = world(tail, 0, seeds.of("world"), seeds.of("references"));
    World control = world(0, 0, seeds.of("control"), seeds.of("control references"));
    World growing = world(0, GROWTH, seeds.of("growing"), seeds.of("growing references"));
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (String arm : List.of("raw", "lsc")) {
      List<Double> curve = new ArrayList<>();
      for (double kl : KLS) {
        double[] gold = world.gold(arm, kl);
        double mean = Arrays.stream(gold).sum() / prompts;
        curve.add(mean);
        if (CLAIMED.contains(kl)) {
          double[] untouched = control.gold(arm, kl);
          figures.put(arm + " gold " + kl, mean);
          figures.put(arm + " unimproved " + kl, world.unimproved(gold));
          figures.put(arm + " control " + kl, Arrays.stream(untouched).sum() / prompts);
          figures.put(arm + " control unimproved " + kl, control.unimproved(untouched));
          figures.put(arm + " growing " + kl, Arrays.stream(growing.gold(arm, kl)).sum() / prompts);
        }
      }
      curves.put(arm, curve);
    }
    figures.put("0", 0.0);
    return new Outcome(figures, curves);
  }

  /**
   * All of a seed's prompts: base policy, truth and utilities, each {@code [prompts][responses]}.
   */
  private static final class World {
    private final double[][] base;
    private final double[][] both;
    private final double[][] raw;
    private final double[][] lsc;

    private World(int prompts, int responses) {
      base = new double[prompts][responses];
      both = new double[prompts][responses];
      raw = new double[prompts][responses];
      lsc = new double[prompts][responses];
    }

    /** What each prompt's optimal policy earns. */
    private double[] gold(String arm, double kl) {
      double[][] policies = Tilt.atKl(base, arm.equals("raw") ? raw : lsc, kl);
      double[] gold = new double[policies.length];
      Arrays.setAll(gold, x -> Tilt.mean(policies[x], both[x]));
      return gold;
    }

    /** The share of prompts that earn no more than under the base policy. */
    private double unimproved(double[] gold) {
      int unimproved = 0;
      for (int x = 0; x < gold.length; x++) {
        unimproved += gold[x] <= Tilt.mean(base[x], both[x]) ? 1 : 0;
      }
      return unimproved / (double) gold.length;
    }
  }

  private World world(
      double tail, double growth, SplittableRandom random, SplittableRandom references) {
    var transform = new LogSigmoidCentred(0.85, 32);
    World world = new World(prompts, responses);
    for (int x = 0; x < prompts; x++) {
      Arrays.fill(world.base[x], 1.0 / responses);
      Arrays.fill(world.both[x], 1);
      for (int property = 0; property < 2; property++) {
        double level = random.nextGaussian();
        double[] rewards = new double[responses];
        for (int y = 0; y < responses; y++) {
          double z = level + random.nextGaussian();
          boolean hackable = random.nextDouble() < tail;
          double extra = -6 * Math.log(1 - random.nextDouble());
          world.both[x][y] *= (hackable ? 0.3 : 1) / (1 + Math.exp(-z));
          rewards[y] = z + 0.5 * random.nextGaussian() + (hackable ? extra : 0);
          if (growth > 0) {
            double above = Math.max(rewards[y], 0);
            rewards[y] += growth * above * above * random.nextGaussian();
          }
        }
        double[] drawn = new double[transform.references()];
        Arrays.setAll(drawn, m -> rewards[references.nextInt(responses)]);
        for (int y = 0; y < responses; y++) {
          world.raw[x][y] += rewards[y];
          world.lsc[x][y] += transform.of(rewards[y], drawn);
        }
      }
    }
    return world;
  }
}
