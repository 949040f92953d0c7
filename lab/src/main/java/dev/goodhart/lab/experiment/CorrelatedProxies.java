package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.objective.ChiSquared;
import dev.goodhart.objective.ChiSquared.Form;
import dev.goodhart.objective.ChiSquared.On;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * System 11: against a proxy that agrees with the truth where the base policy goes, does it help to
 * regularise occupancies by χ² instead of actions by KL?
 *
 * <p><b>World.</b> {@link TomatoGrid}, one layout a seed, with the proxy's bucket. <b>Baseline.</b>
 * The policy that is there, the optimum of the proxy, and that of the proxy less λ times the KL
 * divergence of actions. <b>Method.</b> {@link ChiSquared} over occupancies, charged in the reward;
 * beside it with the root, and χ² over actions. All optima are exact: each objective is concave in
 * the occupancy, and its policy gradient is followed until nothing is gained, occupancies and
 * advantages by linear solves.
 *
 * <p><b>Measure.</b> Gold per step, at each λ in units of the proxy's deviation σ, and at the λ
 * that is best for gold in that layout, for each arm alike. And the bound itself, {@code ΔR/σ_R ≥
 * (ΔP/σ_P − √((1 − r²) χ²))/r} for gold R, proxy P and their correlation r, on random tables.
 *
 * @param steps of the ascent at most
 * @param tables that the bound is tried on
 */
public record CorrelatedProxies(int steps, int tables) implements Experiment {
  public static final CorrelatedProxies DEFAULT = new CorrelatedProxies(1500, 1000);

  private static final double[] LAMBDAS = {100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05};

  /** Tables of two have gold and proxy on one line, and the bound is then an equality. */
  private static final double ROUNDING = 1e-9;

  /** What a step is charged for, given how its action and its occupancy have changed. */
  private interface Penalty {
    /** Of a whole policy. */
    double of(double[] policy, double[] occupancy);

    /** Its derivative in the occupancies. */
    double[] charges(double[] policy, double[] occupancy);
  }

  @Override
  public int system() {
    return 11;
  }

  @Override
  public String name() {
    return "correlated-proxies";
  }

  @Override
  public String title() {
    return "χ² of occupancies against KL of actions, in a garden with a bucket";
  }

  @Override
  public String tuning() {
    return "World and strengths are those of the system's card, but for strengths above 10, which"
        + " were added for KL of actions, whose best was at that end. Seeds 1001 to 1005 were seen"
        + " during development.";
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public Axis axis() {
    return new Axis("λ/σ", Arrays.stream(LAMBDAS).boxed().toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "chi-squared-over-kl",
            "at its best strength χ² of occupancies earns more gold than KL of actions at its best",
            "occupancy χ²",
            "action KL"),
        Claim.above(
            "chi-squared-over-base",
            "and more than the policy that is there",
            "occupancy χ²",
            "base"),
        Claim.below(
            "unregularised-hacks",
            "the proxy's optimum earns less gold than the policy that is there",
            "none",
            "base"),
        Claim.equal(
            "the-bound-holds",
            "gold gains at least what the bound says, on every random table",
            "share within the bound",
            "one",
            1e-9),
        Claim.below(
            "kl-gives-no-such-bound",
            "with KL in the place of χ² it would be broken on some",
            "share within, by KL",
            "share within the bound"));
  }

  @Override
  public Experiment smoke() {
    return new CorrelatedProxies(30, 20);
  }

  @Override
  public Outcome run(Seeds seeds) {
    TomatoGrid grid = TomatoGrid.random(seeds.of("layout"));
    double[] visits = grid.occupancy(grid.base());
    double sigma = grid.proxyDeviation();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("base", grid.gold(visits));
    figures.put("none", grid.gold(grid.occupancy(optimum(grid, visits, List.of(), 0))));
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    Map<String, Penalty> arms = new LinkedHashMap<>();
    arms.put("action KL", new ActionKl(grid.base()));
    arms.put("action χ²", new ActionChi(grid.base()));
    arms.put("occupancy χ²", new OccupancyChi(visits, false));
    arms.put("occupancy √χ²", new OccupancyChi(visits, true));
    arms.forEach(
        (arm, penalty) -> {
          List<Double> curve = new ArrayList<>();
          for (double lambda : LAMBDAS) {
            double[] policy = optimum(grid, visits, List.of(penalty), lambda * sigma);
            curve.add(grid.gold(grid.occupancy(policy)));
          }
          curves.put(arm, curve);
          figures.put(arm, curve.stream().mapToDouble(g -> g).max().orElseThrow());
        });
    bound(seeds.of("tables"), figures);
    figures.put("correlation", grid.correlation());
    return new Outcome(figures, curves);
  }

  /**
   * Climbs from the policy that is there along the natural policy gradient, whose step multiplies
   * probabilities by exp(rate · advantage); the rate grows while that gains and halves when it does
   * not.
   */
  private double[] optimum(
      TomatoGrid grid, double[] visits, List<Penalty> penalties, double lambda) {
    double[] policy = grid.base();
    double[] occupancy = visits;
    double value = value(grid, policy, occupancy, penalties, lambda);
    double rate = 1;
    for (int step = 0; step < steps && rate > 1e-9; step++) {
      double[] rewards = grid.proxies();
      for (Penalty penalty : penalties) {
        double[] charges = penalty.charges(policy, occupancy);
        for (int i = 0; i < rewards.length; i++) rewards[i] -= lambda * charges[i];
      }
      double[] advantages = grid.advantages(policy, rewards);
      while (rate > 1e-9) {
        double[] moved = moved(policy, advantages, rate);
        double[] there = grid.occupancy(moved);
        double reached = value(grid, moved, there, penalties, lambda);
        if (reached > value) {
          policy = moved;
          occupancy = there;
          value = reached;
          rate *= 1.5;
          break;
        }
        rate /= 2;
      }
    }
    return policy;
  }

  private static double value(
      TomatoGrid grid,
      double[] policy,
      double[] occupancy,
      List<Penalty> penalties,
      double lambda) {
    double value = grid.proxy(occupancy);
    for (Penalty penalty : penalties) value -= lambda * penalty.of(policy, occupancy);
    return value;
  }

  private static double[] moved(double[] policy, double[] advantages, double rate) {
    double[] moved = new double[policy.length];
    for (int s = 0; s < policy.length; s += TomatoGrid.ACTIONS) {
      double[] logits = new double[TomatoGrid.ACTIONS];
      for (int a = 0; a < logits.length; a++) {
        logits[a] = Math.log(Math.max(policy[s + a], 1e-300)) + rate * advantages[s + a];
      }
      System.arraycopy(Softmax.of(logits), 0, moved, s, logits.length);
    }
    return moved;
  }

  /** E_μ[log π/π_b]. */
  private record ActionKl(double[] base) implements Penalty {
    @Override
    public double of(double[] policy, double[] occupancy) {
      double[] charges = charges(policy, occupancy);
      double sum = 0;
      for (int i = 0; i < charges.length; i++) sum += occupancy[i] * charges[i];
      return sum;
    }

    @Override
    public double[] charges(double[] policy, double[] occupancy) {
      double[] charges = new double[policy.length];
      Arrays.setAll(charges, i -> Math.log(Math.max(policy[i], 1e-300) / base[i]));
      return charges;
    }
  }

  /** E_μ[Σ_a π²/π_b − 1]. */
  private record ActionChi(double[] base) implements Penalty {
    private double[] byState(double[] policy) {
      double[] sums = new double[policy.length / TomatoGrid.ACTIONS];
      for (int i = 0; i < policy.length; i++) {
        sums[i / TomatoGrid.ACTIONS] += policy[i] * policy[i] / base[i];
      }
      return sums;
    }

    @Override
    public double of(double[] policy, double[] occupancy) {
      double[] byState = byState(policy);
      double sum = 0;
      for (int i = 0; i < occupancy.length; i++) {
        sum += occupancy[i] * (byState[i / TomatoGrid.ACTIONS] - 1);
      }
      return sum;
    }

    @Override
    public double[] charges(double[] policy, double[] occupancy) {
      double[] byState = byState(policy);
      double[] charges = new double[policy.length];
      Arrays.setAll(charges, i -> 2 * policy[i] / base[i] - byState[i / TomatoGrid.ACTIONS] - 1);
      return charges;
    }
  }

  /** χ² of occupancies, or its root, as {@link ChiSquared} charges it. */
  private record OccupancyChi(double[] visits, boolean root) implements Penalty {
    private double chiSquared(double[] occupancy) {
      double sum = 0;
      for (int i = 0; i < visits.length; i++) {
        double beyond = occupancy[i] - visits[i];
        sum += beyond * beyond / visits[i];
      }
      return sum;
    }

    @Override
    public double of(double[] policy, double[] occupancy) {
      double chi = chiSquared(occupancy);
      return root ? Math.sqrt(Math.max(chi, 1e-8)) : chi;
    }

    @Override
    public double[] charges(double[] policy, double[] occupancy) {
      var chi = new ChiSquared(1, On.OCCUPANCY, root, Form.EXACT, 100, 1e-8);
      double divergence = chiSquared(occupancy);
      double[] charges = new double[visits.length];
      Arrays.setAll(
          charges,
          i -> chi.inReward(Math.log(Math.max(occupancy[i], 1e-300) / visits[i]), divergence));
      return charges;
    }
  }

  /** How often gold gains what the bound promises, over random rewards and occupancies. */
  private void bound(SplittableRandom random, Map<String, Double> figures) {
    int within = 0;
    int byKl = 0;
    for (int tried = 0; tried < tables; ) {
      int n = random.nextInt(2, 12);
      double[] base = distribution(n, random);
      double[] policy = distribution(n, random);
      double mix = random.nextDouble();
      double[] gold = random.doubles(n, -1, 1).toArray();
      double[] proxy = random.doubles(n, -1, 1).toArray();
      for (int i = 0; i < n; i++) proxy[i] = mix * gold[i] + (1 - mix) * proxy[i];
      double r = correlation(base, gold, proxy);
      if (!(r > 0)) continue;
      tried++;
      double chi = -1;
      double kl = 0;
      for (int i = 0; i < n; i++) {
        chi += policy[i] * policy[i] / base[i];
        kl += policy[i] * Math.log(policy[i] / base[i]);
      }
      double gained = gain(base, policy, gold);
      if (gained >= promised(base, policy, proxy, r, chi) - ROUNDING) within++;
      if (gained >= promised(base, policy, proxy, r, kl) - ROUNDING) byKl++;
    }
    figures.put("share within the bound", within / (double) tables);
    figures.put("share within, by KL", byKl / (double) tables);
    figures.put("one", 1.0);
  }

  private static double promised(
      double[] base, double[] policy, double[] proxy, double r, double divergence) {
    double loss = Math.sqrt(Math.max(0, (1 - r * r) * divergence));
    return (gain(base, policy, proxy) - loss) / r;
  }

  private static double[] distribution(int n, SplittableRandom random) {
    double[] logits = new double[n];
    Arrays.setAll(logits, i -> 2 * random.nextGaussian());
    return Softmax.of(logits);
  }

  private static double mean(double[] p, double[] values) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) sum += p[i] * values[i];
    return sum;
  }

  private static double covariance(double[] p, double[] a, double[] b) {
    double[] products = new double[p.length];
    Arrays.setAll(products, i -> (a[i] - mean(p, a)) * (b[i] - mean(p, b)));
    return mean(p, products);
  }

  private static double correlation(double[] p, double[] a, double[] b) {
    return covariance(p, a, b) / Math.sqrt(covariance(p, a, a) * covariance(p, b, b));
  }

  /** How much more a reward pays under the policy than under the base, in its σ under the base. */
  private static double gain(double[] base, double[] policy, double[] reward) {
    return (mean(policy, reward) - mean(base, reward))
        / Math.sqrt(covariance(base, reward, reward));
  }
}
