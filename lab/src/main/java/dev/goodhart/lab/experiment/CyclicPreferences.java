package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.PreferenceGame;
import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.Comparisons;
import dev.goodhart.lab.bandit.TablePolicy;
import dev.goodhart.objective.DirectNash;
import dev.goodhart.objective.PreferenceBatch;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * System 74: when preferences go in circles, does direct Nash optimisation find policies that
 * nothing beats, where a reward fitted to the same preferences does not?
 *
 * <p><b>World.</b> Tables of preference probabilities. {@code arena}: rock, paper and scissors of
 * unlike strengths (0.6 to 0.95), and a fourth response that wins 0.02 to 0.15. {@code ring}: eight
 * prompts of ten responses, of which five stand in a ring, each beating the next (0.6 to 0.95) and
 * the one after (0.55 to 0.9); the others follow a Bradley–Terry reward below them. {@code
 * transitive}: ten responses, Bradley–Terry throughout. The even policy is where all begin.
 *
 * <p><b>Baselines.</b> The Bradley–Terry reward that fits the table best and the exact optimum for
 * it at a charge on KL, whichever of a grid is beaten least: the baseline may look. Iterative DPO
 * with the first policy as reference throughout. <b>Method.</b> {@link DirectNash}'s update
 * exactly, the average of its policies; and its practical form with sampled verdicts, rounds of
 * steps down the gradient of the pairs a margin apart.
 *
 * <p><b>Measure.</b> How much more than half of the time the best answer to a policy wins, a mean
 * over games; the share of games on which it is under 0.02 and on which it is below the baseline's;
 * win rates.
 *
 * @param games of each kind
 * @param eta of the exact form
 * @param rounds of the exact form
 * @param samples of a prompt in a round of the practical form
 * @param practical rounds of it
 * @param steps down the gradient in each
 */
public record CyclicPreferences(
    int games, double eta, int rounds, int samples, int practical, int steps)
    implements Experiment {
  public static final CyclicPreferences DEFAULT = new CyclicPreferences(20, 1, 200, 8, 3, 30);

  private static final int RING = 5;
  private static final int RESPONSES = 10;
  private static final int PROMPTS = 8;
  private static final double[] BETAS = {0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5};
  private static final DirectNash PRACTICAL = new DirectNash(0.5, 0.25);
  private static final double RATE = 2;
  private static final List<Double> ROUNDS = List.of(0.125, 0.25, 0.5, 1.0);

  @Override
  public int system() {
    return 74;
  }

  @Override
  public String name() {
    return "cyclic-preferences";
  }

  @Override
  public String title() {
    return "How much direct Nash optimisation and a fitted reward's optimum can be beaten where"
        + " preferences go in circles";
  }

  @Override
  public String tuning() {
    return "Parameters were published with the claim or set beforehand; seeds 1001 to 1003 were"
        + " seen during development.";
  }

  @Override
  public Axis axis() {
    return new Axis("rounds", ROUNDS.stream().map(share -> share * rounds).toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (String kind : List.of("arena", "ring")) {
      claims.add(
          Claim.below(
              kind + "-beaten-less",
              "on the " + kind + " the average policy can be beaten less than the reward's optimum",
              kind + " dno",
              kind + " reward"));
      claims.add(
          Claim.equal(
              kind + "-below-on-all",
              "and that on every game",
              kind + " share below the reward's",
              "1",
              1e-9));
      claims.add(
          Claim.equal(
              kind + "-under-2-percent-on-all",
              "on every game of the " + kind + " it can be beaten by less than 0.02",
              kind + " share under 0.02",
              "1",
              1e-9));
      claims.add(
          Claim.below(
              kind + "-average-not-last",
              "the last policy does not do: it can be beaten more than the average",
              kind + " dno",
              kind + " dno, last"));
    }
    claims.add(
        Claim.equal(
            "no-loss-where-transitive",
            "where a reward says it all, it is within 0.02 of even with the reward's optimum",
            "transitive win rate over reward",
            "1/2",
            0.02));
    claims.add(
        Claim.above(
            "practical-beats-the-start",
            "with sampled verdicts the last round wins against the start",
            "practical win rate over start",
            "1/2"));
    claims.add(
        Claim.above(
            "practical-each-round",
            "and each round against the one before, the least of them",
            "practical least win rate over the round before",
            "1/2"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new CyclicPreferences(3, eta, 40, samples, 2, 5);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    kind("arena", 1, this::arena, seeds, figures, curves);
    kind("ring", PROMPTS, this::ring, seeds, figures, curves);
    kind("transitive", 1, random -> bradleyTerry(levels(random)), seeds, figures, curves);
    practical(seeds, figures);
    figures.put("1", 1.0);
    figures.put("1/2", 0.5);
    return new Outcome(figures, curves);
  }

  private interface Draw {
    double[][] of(SplittableRandom random);
  }

  /** What stands for one kind of game in the exact form. */
  private void kind(
      String kind,
      int prompts,
      Draw draw,
      Seeds seeds,
      Map<String, Double> figures,
      Map<String, List<Double>> curves) {
    double[] dno = new double[games];
    double[] last = new double[games];
    double[] reward = new double[games];
    double over = 0;
    double[] curve = new double[ROUNDS.size()];
    for (int g = 0; g < games; g++) {
      SplittableRandom random = seeds.of(kind, g);
      List<PreferenceGame> of = new ArrayList<>();
      for (int x = 0; x < prompts; x++) of.add(new PreferenceGame(draw.of(random)));
      List<double[]> averages =
          of.stream().map(game -> game.average(even(game), eta, rounds)).toList();
      List<double[]> optima = optima(of);
      dno[g] = mean(of, averages);
      reward[g] = mean(of, optima);
      last[g] = mean(of, of.stream().map(this::last).toList());
      for (int x = 0; x < prompts; x++) {
        over += of.get(x).winRate(averages.get(x), optima.get(x)) / (prompts * games);
      }
      for (int i = 0; i < curve.length; i++) {
        int t = Math.max(1, (int) (ROUNDS.get(i) * rounds));
        curve[i] +=
            mean(of, of.stream().map(game -> game.average(even(game), eta, t)).toList()) / games;
      }
    }
    int below = 0;
    int under = 0;
    for (int g = 0; g < games; g++) {
      below += dno[g] < reward[g] ? 1 : 0;
      under += dno[g] < 0.02 ? 1 : 0;
    }
    figures.put(kind + " dno", Arrays.stream(dno).average().orElseThrow());
    figures.put(kind + " dno, last", Arrays.stream(last).average().orElseThrow());
    figures.put(kind + " reward", Arrays.stream(reward).average().orElseThrow());
    figures.put(kind + " share below the reward's", below / (double) games);
    figures.put(kind + " share under 0.02", under / (double) games);
    figures.put(kind + " win rate over reward", over);
    curves.put(kind, Arrays.stream(curve).boxed().toList());
  }

  private double[] last(PreferenceGame game) {
    double[] policy = even(game);
    for (int t = 1; t < rounds; t++) policy = game.update(policy, eta);
    return policy;
  }

  private static double mean(List<PreferenceGame> games, List<double[]> policies) {
    double sum = 0;
    for (int x = 0; x < games.size(); x++) sum += games.get(x).exploitability(policies.get(x));
    return sum / games.size();
  }

  /** The optima for the reward that fits best, at the charge at which they can be beaten least. */
  private static List<double[]> optima(List<PreferenceGame> games) {
    List<double[]> rewards = games.stream().map(CyclicPreferences::fitted).toList();
    List<double[]> best = List.of();
    double least = Double.POSITIVE_INFINITY;
    for (double beta : BETAS) {
      List<double[]> optima = new ArrayList<>();
      for (int x = 0; x < games.size(); x++) {
        optima.add(Tilt.of(even(games.get(x)), rewards.get(x), 1 / beta));
      }
      double beaten = mean(games, optima);
      if (beaten < least) {
        least = beaten;
        best = optima;
      }
    }
    return best;
  }

  /** The Bradley–Terry reward of maximum likelihood over all pairs, evenly. */
  static double[] fitted(PreferenceGame game) {
    double[][] wins = game.wins();
    double[] r = new double[wins.length];
    for (int step = 0; step < 2000; step++) {
      double most = 0;
      double[] slope = new double[r.length];
      for (int y = 0; y < r.length; y++) {
        for (int other = 0; other < r.length; other++) {
          slope[y] += wins[y][other] - 1 / (1 + Math.exp(r[other] - r[y]));
        }
        most = Math.max(most, Math.abs(slope[y]));
      }
      for (int y = 0; y < r.length; y++) r[y] += 4 * slope[y] / r.length;
      if (most < 1e-10) break;
    }
    return r;
  }

  private static double[] even(PreferenceGame game) {
    double[] even = new double[game.wins().length];
    Arrays.fill(even, 1.0 / even.length);
    return even;
  }

  private static void beats(double[][] wins, int y, int other, double p) {
    wins[y][other] = p;
    wins[other][y] = 1 - p;
  }

  private double[][] arena(SplittableRandom random) {
    double[][] wins = new double[4][4];
    for (int y = 0; y < 4; y++) wins[y][y] = 0.5;
    for (int y = 0; y < 3; y++) {
      beats(wins, y, (y + 1) % 3, random.nextDouble(0.6, 0.95));
      beats(wins, 3, y, random.nextDouble(0.02, 0.15));
    }
    return wins;
  }

  private static double[] levels(SplittableRandom random) {
    double[] levels = new double[RESPONSES];
    Arrays.setAll(levels, y -> random.nextGaussian());
    return levels;
  }

  private static double[][] bradleyTerry(double[] levels) {
    double[][] wins = new double[levels.length][levels.length];
    for (int y = 0; y < levels.length; y++) {
      for (int other = 0; other < levels.length; other++) {
        wins[y][other] = 1 / (1 + Math.exp(levels[other] - levels[y]));
      }
    }
    return wins;
  }

  private double[][] ring(SplittableRandom random) {
    double[] levels = levels(random);
    for (int y = 0; y < RESPONSES; y++) levels[y] = y < RING ? 2 : -Math.abs(levels[y]);
    double[][] wins = bradleyTerry(levels);
    for (int y = 0; y < RING; y++) {
      beats(wins, y, (y + 1) % RING, random.nextDouble(0.6, 0.95));
      beats(wins, y, (y + 2) % RING, random.nextDouble(0.55, 0.9));
    }
    return wins;
  }

  /** Rounds on sampled verdicts, on the games of the ring. */
  private void practical(Seeds seeds, Map<String, Double> figures) {
    SplittableRandom random = seeds.of("ring", 0);
    List<PreferenceGame> of = new ArrayList<>();
    for (int x = 0; x < PROMPTS; x++) of.add(new PreferenceGame(ring(random)));
    double[][] start = of.stream().map(CyclicPreferences::even).toArray(double[][]::new);
    List<double[][]> refreshed = rounds(of, start, true, seeds.of("samples"));
    List<double[][]> fixed = rounds(of, start, false, seeds.of("samples"));
    double least = 1;
    for (int t = 1; t <= practical; t++) {
      least = Math.min(least, winRate(of, refreshed.get(t), refreshed.get(t - 1)));
    }
    figures.put("practical win rate over start", winRate(of, refreshed.getLast(), start));
    figures.put("practical least win rate over the round before", least);
    figures.put("practical exploitability", mean(of, Arrays.asList(refreshed.getLast())));
    figures.put("first reference win rate over start", winRate(of, fixed.getLast(), start));
    figures.put("first reference exploitability", mean(of, Arrays.asList(fixed.getLast())));
  }

  private static double winRate(List<PreferenceGame> games, double[][] policy, double[][] other) {
    double sum = 0;
    for (int x = 0; x < policy.length; x++) sum += games.get(x).winRate(policy[x], other[x]);
    return sum / policy.length;
  }

  /** The policy at the start and after each round. */
  private List<double[][]> rounds(
      List<PreferenceGame> of, double[][] start, boolean refresh, SplittableRandom random) {
    List<double[][]> policies = new ArrayList<>();
    policies.add(start);
    for (int t = 0; t < practical; t++) {
      double[][] before = policies.getLast();
      List<Comparisons.Pair> pairs = new ArrayList<>();
      for (int x = 0; x < of.size(); x++) pairs(of.get(x), x, before[x], pairs, random);
      TensorPolicy policy = TensorPolicy.table(before);
      double[] reference = refresh ? policy.reference() : TensorPolicy.table(start).reference();
      var places = TensorPolicy.Places.of(pairs, RESPONSES);
      for (int step = 0; step < steps && !pairs.isEmpty(); step++) {
        policy.descend(
            logs -> {
              PreferenceBatch batch = places.batch(logs, reference);
              return PRACTICAL.of(batch).mean();
            },
            RATE * of.size());
      }
      policies.add(policy.probabilities());
    }
    return policies;
  }

  /** Samples play each other once; those a margin apart in wins make pairs. */
  private void pairs(
      PreferenceGame game,
      int x,
      double[] policy,
      List<Comparisons.Pair> pairs,
      SplittableRandom random) {
    int[] drawn = new int[samples];
    Arrays.setAll(drawn, i -> TablePolicy.draw(policy, random));
    double[][] wins = new double[samples][samples];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < i; j++) {
        wins[i][j] = random.nextDouble() < game.wins()[drawn[i]][drawn[j]] ? 1 : 0;
        wins[j][i] = 1 - wins[i][j];
      }
    }
    for (var pair : PRACTICAL.pairs(DirectNash.winRates(wins))) {
      if (drawn[pair.chosen()] != drawn[pair.rejected()]) {
        pairs.add(new Comparisons.Pair(x, drawn[pair.chosen()], drawn[pair.rejected()]));
      }
    }
  }
}
