package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.ConservativeEnsemble.Objective;
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
import java.util.stream.IntStream;

/**
 * System 7, the policy part: at equal divergence from the base policy, does the optimum for a
 * conservative ensemble earn more gold than the optimum for a single reward model?
 *
 * <p><b>World, baseline, method.</b> Those of {@link ConservativeEnsembles}: six attributes, rare
 * responses that no training pair covers, five small nets that differ in their start, each brought
 * to mean 0 and deviation 1 on base responses.
 *
 * <p><b>Measure.</b> Expected gold of the exact optimum over base responses, one weight of the
 * divergence for all prompts, chosen so that the mean KL is the same for all arms; a single model
 * is the mean over the members. And of the optimum at one small weight for all arms, where a
 * conservative reward also has the smaller scale.
 *
 * @param world the nets and their data
 * @param penalty the weight of the divergence in the second measure
 */
public record EnsemblePolicies(ConservativeEnsembles world, double penalty) implements Experiment {
  public static final EnsemblePolicies DEFAULT =
      new EnsemblePolicies(new ConservativeEnsembles(5, 0.5, 300, 0.25, 0.03, 16, 2048), 0.2);

  private static final double[] KLS = {0.25, 0.5, 1, 2, 3, 5};
  private static final List<Double> CLAIMED = List.of(1.0, 2.0, 5.0);

  @Override
  public int system() {
    return 7;
  }

  @Override
  public String name() {
    return "ensemble-policies";
  }

  @Override
  public String title() {
    return "Exact optima at equal KL for a mean, worst-case or uncertainty-weighted ensemble"
        + " against a single reward model";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1010 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("KL (nats)", Arrays.stream(KLS).boxed().toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    Map<String, String> arms = new LinkedHashMap<>();
    arms.put("wco", "worst case");
    arms.put("uwo 0.5", "uncertainty weighted");
    arms.put("uwo 0.1", "uncertainty weighted with lambda 0.1");
    arms.put("mean", "the plain mean");
    arms.forEach(
        (arm, says) -> {
          for (double kl : CLAIMED) {
            claims.add(
                Claim.above(
                    "%s-over-single-at-%.0f".formatted(arm.replace(' ', '-'), kl),
                    "%s earns more gold than a single model at KL %.0f".formatted(says, kl),
                    arm + " " + kl,
                    "single " + kl));
          }
        });
    claims.add(
        Claim.above(
            "wco-over-single-at-one-weight",
            "worst case earns more than a single model at one weight of the divergence",
            "wco at one weight",
            "single at one weight"));
    claims.add(
        Claim.above(
            "uwo-over-single-at-one-weight",
            "and so does uncertainty weighted",
            "uwo 0.5 at one weight",
            "single at one weight"));
    claims.add(
        Claim.below(
            "single-overoptimises",
            "a single model's gold at KL 5 is below that of the base policy",
            "single 5.0",
            "base"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new EnsemblePolicies(
        new ConservativeEnsembles(3, 0.5, 100, 0.25, 0.03, 2, 512), penalty);
  }

  @Override
  public Outcome run(Seeds seeds) {
    List<ReluNet> nets = world.train(seeds);
    double[][] scale = world.scale(nets, seeds);
    int members = world.members();
    double[][] gold = new double[world.prompts()][world.samples()];
    double[][] bases = new double[world.prompts()][world.samples()];
    double[][][] scores = new double[members][world.prompts()][world.samples()];
    for (int x = 0; x < gold.length; x++) {
      SplittableRandom random = seeds.of("responses", x);
      Arrays.fill(bases[x], 1.0 / world.samples());
      for (int y = 0; y < world.samples(); y++) {
        double[] response = ConservativeEnsembles.response(world.rare(), random);
        gold[x][y] = ConservativeEnsembles.gold(response);
        for (int k = 0; k < members; k++) {
          scores[k][x][y] = (nets.get(k).of(response) - scale[k][0]) / scale[k][1];
        }
      }
    }
    Map<String, List<double[][]>> arms = new LinkedHashMap<>();
    arms.put("single", List.of(scores));
    arms.put("mean", List.<double[][]>of(combined(Objective.MEAN, 0, scores)));
    arms.put("wco", List.<double[][]>of(combined(Objective.WCO, 0, scores)));
    arms.put("uwo 0.5", List.<double[][]>of(combined(Objective.UWO, 0.5, scores)));
    arms.put("uwo 0.1", List.<double[][]>of(combined(Objective.UWO, 0.1, scores)));

    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    figures.put("base", gold(bases, gold));
    arms.forEach(
        (arm, utilities) -> {
          List<Double> curve = new ArrayList<>();
          for (double kl : KLS) {
            double mean =
                utilities.stream()
                    .mapToDouble(u -> gold(Tilt.atKl(bases, u, kl), gold))
                    .average()
                    .orElseThrow();
            curve.add(mean);
            figures.put(arm + " " + kl, mean);
          }
          curves.put(arm, curve);
          figures.put(
              arm + " at one weight",
              utilities.stream()
                  .mapToDouble(
                      u -> {
                        double[][] policies = new double[u.length][];
                        Arrays.setAll(policies, x -> Tilt.of(bases[x], u[x], 1 / penalty));
                        return gold(policies, gold);
                      })
                  .average()
                  .orElseThrow());
        });
    return new Outcome(figures, curves);
  }

  private static double gold(double[][] policies, double[][] gold) {
    return IntStream.range(0, policies.length)
        .mapToDouble(x -> Tilt.mean(policies[x], gold[x]))
        .average()
        .orElseThrow();
  }

  private static double[][] combined(Objective objective, double lambda, double[][][] scores) {
    var ensemble = new ConservativeEnsemble(List.of("members"), objective, lambda);
    double[][] combined = new double[scores[0].length][scores[0][0].length];
    for (int x = 0; x < combined.length; x++) {
      for (int y = 0; y < combined[x].length; y++) {
        double[] own = new double[scores.length];
        for (int k = 0; k < own.length; k++) {
          own[k] = scores[k][x][y];
        }
        combined[x][y] = ensemble.score(own);
      }
    }
    return combined;
  }
}
