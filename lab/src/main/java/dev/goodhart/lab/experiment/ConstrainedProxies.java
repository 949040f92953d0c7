package dev.goodhart.lab.experiment;

import dev.goodhart.combine.Constrained;
import dev.goodhart.combine.Constrained.Constraint;
import dev.goodhart.combine.Constrained.Constraint.Kind;
import dev.goodhart.combine.Weighted;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.Bounded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.jspecify.annotations.Nullable;

/**
 * System 82: two reward models, each right only up to a point. Do multipliers that hold both at
 * their points keep the gold that fixed weights lose when training goes on?
 *
 * <p><b>World.</b> A response has three latent values from N(0, 1). The two rewards share one of
 * them, {@code r_i = (z_i + 0.6 z_3) / sqrt(1.36)}; gold is {@code r_1 + r_2 - sum_i max(r_i - 0.8,
 * 0)²}. The policy is a softmax over 2,000 responses with one weight for each reward, trained by
 * policy gradients with a divergence penalty of 0.05.
 *
 * <p><b>Baselines.</b> Fixed weights: ten runs with weights drawn from 0.05 to 1, of which the one
 * with the best checkpoint goes on for twice the length, and the same for the one that stood best
 * at the end; PPO-SAT, where each reward counts up to its point only. <b>Method.</b> {@link
 * Constrained}: both means held at the points ({@code xi}), or at least there ({@code all}). The
 * points are the means at the sweep's best checkpoint; {@code search} finds points of its own by
 * Nelder–Mead within one run, which asks for gold at each vertex. {@code as published} standardises
 * advantages and has no proportional term.
 *
 * <p><b>Measure.</b> Exact gold of the policy after twice the length, and how far its means lie
 * from the points over the last hundred steps. The control gives a fixed-weight run the weights at
 * which the multipliers settled: there the two must tie, for the fixed point is a weighted sum, and
 * what the multipliers do is find the weights.
 *
 * @param responses how many
 * @param length steps of a run of the sweep
 * @param group responses a step
 * @param penalty of the divergence
 * @param rate of the policy's steps
 */
public record ConstrainedProxies(int responses, int length, int group, double penalty, double rate)
    implements Experiment {
  public static final ConstrainedProxies DEFAULT =
      new ConstrainedProxies(2000, 300, 64, 0.05, 0.05);

  private static final List<String> NAMES = List.of("first", "second");
  private static final int SWEEP = 10;
  private static final int POINTS = 12;
  private static final int LAST = 100;

  @Override
  public int system() {
    return 82;
  }

  @Override
  public String name() {
    return "constrained-proxies";
  }

  @Override
  public String title() {
    return "Two overlapping rewards held at their proxy points by multipliers, against fixed"
        + " weights";
  }

  @Override
  public String tuning() {
    return "The control's length was chosen by looking at outcomes, on other worlds than the"
        + " verdict's";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "step",
        IntStream.rangeClosed(1, POINTS)
            .mapToObj(p -> (double) (2 * length * p / POINTS))
            .toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "xi-over-best-checkpoint",
            "held at their points the rewards end with more gold than the fixed weights with the"
                + " best checkpoint",
            "xi gold",
            "fixed gold"),
        Claim.above(
            "xi-over-best-end",
            "and with more than the fixed weights that stood best at the end of the sweep",
            "xi gold",
            "fixed-end gold"),
        Claim.above(
            "xi-over-saturated",
            "and with more than rewards that count only up to their points (PPO-SAT)",
            "xi gold",
            "saturated gold"),
        Claim.equal(
            "xi-keeps-the-best-checkpoint",
            "held at their points the rewards end with the gold of the sweep's best checkpoint"
                + " (within 0.05)",
            "xi gold",
            "best checkpoint",
            0.05),
        Claim.below(
            "xi-within-a-tenth",
            "the means lie within a tenth of their points",
            "xi distance",
            "tenth"),
        Claim.below(
            "all-overshoots-less",
            "held at least at their points the means overshoot less than with fixed weights",
            "all overshoot",
            "fixed overshoot"),
        Claim.above(
            "published-distance",
            "standardised advantages without a proportional term stay further from the points",
            "published distance",
            "xi distance"),
        Claim.above(
            "joint-points-differ",
            "a reward trained alone has a higher best mean than the two trained together",
            "single point",
            "joint point"),
        Claim.equal(
            "tie-with-the-weights-found",
            "a fixed-weight run with the weights at which the multipliers settled ties (within"
                + " 0.05)",
            "xi gold",
            "found weights gold",
            0.05),
        Claim.above(
            "search-over-best-checkpoint",
            "points found by Nelder-Mead within one run end with more gold than the fixed weights"
                + " with the best checkpoint",
            "search gold",
            "fixed gold"),
        Claim.equal(
            "search-finds-the-points",
            "and with the gold of the sweep's best checkpoint (within 0.05)",
            "search gold",
            "best checkpoint",
            0.05));
  }

  @Override
  public Experiment smoke() {
    return new ConstrainedProxies(400, 60, 32, penalty, rate);
  }

  @Override
  public Outcome run(Seeds seeds) {
    World world = world(seeds.of("latents"));

    // Ten runs with fixed weights, the same budget that the points cost.
    List<Run> sweep = new ArrayList<>();
    for (int k = 0; k < SWEEP; k++) {
      SplittableRandom random = seeds.of("fixed weights", k);
      double[] weights = {random.nextDouble(0.05, 1), random.nextDouble(0.05, 1)};
      Run run = new Run(world, seeds.of("sweep", k));
      sweep.add(run);
      run.fixed(weights, world.rewards, 2 * length);
    }
    Run fixed = sweep.getFirst();
    Run fixedEnd = sweep.getFirst();
    for (Run run : sweep) {
      fixed = run.peak(length) > fixed.peak(length) ? run : fixed;
      fixedEnd = run.golds.get(length - 1) > fixedEnd.golds.get(length - 1) ? run : fixedEnd;
    }
    double[] points = fixed.means.get(fixed.peakAt(length));

    Run saturated = new Run(world, seeds.of("saturated"));
    double[][] capped = new double[2][responses];
    for (int i = 0; i < 2; i++) {
      var bounded = new Bounded(Double.NEGATIVE_INFINITY, points[i]);
      int at = i;
      Arrays.setAll(capped[i], y -> bounded.of(world.rewards[at][y], new double[0]));
    }
    saturated.fixed(new double[] {0.5, 0.5}, capped, 2 * length);

    Run xi = new Run(world, seeds.of("constrained"));
    Constrained settled = xi.train(held(points, Kind.EQUAL, 1), false, 2 * length);
    Run all = new Run(world, seeds.of("constrained"));
    all.train(held(points, Kind.AT_LEAST, 1), false, 2 * length);
    Run published = new Run(world, seeds.of("constrained"));
    published.train(held(points, Kind.EQUAL, 0), true, 2 * length);
    Run control = new Run(world, seeds.of("control"));
    control.fixed(xi.meanWeights(), world.rewards, 10 * length); // small weights move slowly
    Run search = new Run(world, seeds.of("search"));
    search.search();

    double single = 0;
    for (int i = 0; i < 2; i++) {
      Run alone = new Run(world, seeds.of("alone", i));
      alone.fixed(new double[] {i == 0 ? 0.5 : 0, i == 1 ? 0.5 : 0}, world.rewards, length);
      single += alone.means.get(alone.peakAt(length))[i] / 2;
    }

    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("best checkpoint", fixed.peak(length));
    figures.put("fixed gold", fixed.end());
    figures.put("fixed overshoot", fixed.overshoot(points));
    figures.put("fixed-end gold", fixedEnd.end());
    figures.put("saturated gold", saturated.end());
    figures.put("xi gold", xi.end());
    figures.put("xi distance", xi.distance(points));
    figures.put("all overshoot", all.overshoot(points));
    figures.put("published distance", published.distance(points));
    figures.put("found weights gold", control.end());
    figures.put("search gold", search.end());
    figures.put("tenth", 0.1);
    figures.put("single point", single);
    figures.put("joint point", (points[0] + points[1]) / 2);
    figures.put("xi weight", settled.weights().get("first"));
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    curves.put("fixed", fixed.curve());
    curves.put("fixed-end", fixedEnd.curve());
    curves.put("saturated", saturated.curve());
    curves.put("all", all.curve());
    curves.put("xi", xi.curve());
    curves.put("as published", published.curve());
    curves.put("search", search.curve());
    return new Outcome(figures, curves);
  }

  private static Constrained held(double[] points, Kind kind, double proportional) {
    Map<String, Constraint> constraints = new LinkedHashMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      constraints.put(NAMES.get(i), new Constraint(points[i], kind));
    }
    return new Constrained(constraints, Optional.empty(), 0.1, 0.1, proportional, Map.of());
  }

  /**
   * @param rewards {@code [2][responses]}
   */
  private record World(double[][] rewards, double[] gold, double[] base, double[][] features) {}

  private World world(SplittableRandom random) {
    double[][] rewards = new double[2][responses];
    double[][] features = new double[responses][];
    double[] gold = new double[responses];
    for (int y = 0; y < responses; y++) {
      double[] z = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
      for (int i = 0; i < 2; i++) {
        double reward = (z[i] + 0.6 * z[2]) / Math.sqrt(1.36);
        rewards[i][y] = reward;
        gold[y] += gold(reward);
      }
      features[y] = new double[] {rewards[0][y], rewards[1][y]};
    }
    double[] base = new double[responses];
    Arrays.fill(base, 1.0 / responses);
    return new World(rewards, gold, base, features);
  }

  /** What one reward adds to gold: itself up to 0.8, a parabola from there. */
  static double gold(double reward) {
    return reward - Math.pow(Math.max(reward - 0.8, 0), 2);
  }

  /** One policy in training, with its exact gold and means after every step. */
  private final class Run {
    private final World world;
    private final SplittableRandom random;
    private final LogLinearPolicy policy;
    private final List<Double> golds = new ArrayList<>();
    private final List<double[]> means = new ArrayList<>();
    private final List<double[]> weightsUsed = new ArrayList<>();
    private @Nullable Constrained multipliers;

    private Run(World world, SplittableRandom random) {
      this.world = world;
      this.random = random;
      this.policy = new LogLinearPolicy(world.base, world.features);
    }

    private void fixed(double[] weights, double[][] rewards, int steps) {
      for (int t = 0; t < steps; t++) {
        int[] drawn = policy.draw(group, random);
        double[] advantages = new double[group];
        for (int j = 0; j < group; j++) {
          advantages[j] =
              weights[0] * rewards[0][drawn[j]]
                  + weights[1] * rewards[1][drawn[j]]
                  - penalty * policy.logRatio(drawn[j]);
        }
        step(drawn, centred(advantages));
      }
    }

    private Constrained train(Constrained start, boolean standardised, int steps) {
      Constrained combine = start;
      for (int t = 0; t < steps; t++) {
        combine = constrainedStep(combine, standardised);
      }
      return combine;
    }

    private Constrained constrainedStep(Constrained combine, boolean standardised) {
      int[] drawn = policy.draw(group, random);
      Map<String, double[]> signals = new LinkedHashMap<>();
      Map<String, Double> returns = new LinkedHashMap<>();
      for (int i = 0; i < 2; i++) {
        double[] own = world.rewards[i];
        double[] scores = Arrays.stream(drawn).mapToDouble(y -> own[y]).toArray();
        signals.put(NAMES.get(i), scores);
        returns.put(NAMES.get(i), Arrays.stream(scores).average().orElseThrow());
      }
      double[] divergence =
          Arrays.stream(drawn).mapToDouble(y -> -penalty * policy.logRatio(y)).toArray();
      Map<String, Double> weights = new Weighted(combine.weights()).weights();
      weightsUsed.add(new double[] {weights.get(NAMES.get(0)), weights.get(NAMES.get(1))});
      if (standardised) {
        step(drawn, combine.mixed(divergence, signals));
      } else {
        double[] advantages = divergence;
        signals.forEach(
            (name, scores) -> {
              for (int j = 0; j < group; j++) {
                advantages[j] += weights.getOrDefault(name, 0.0) * scores[j];
              }
            });
        step(drawn, centred(advantages));
      }
      return combine.after(returns);
    }

    /**
     * NM-PPO: one run whose points move. A vertex is held until both means lie within a twentieth
     * of it or a tenth of the run has gone, then scored by gold; what is left of the run is spent
     * at the best vertex.
     */
    private void search() {
      multipliers = held(new double[] {0.5, 0.5}, Kind.EQUAL, 1);
      var optimizer = new SimplexOptimizer(-1, 0.01);
      double[] best = {0.5, 0.5};
      double[] most = {Double.NEGATIVE_INFINITY};
      try {
        optimizer.optimize(
            GoalType.MAXIMIZE,
            new InitialGuess(best.clone()),
            new MaxEval(Integer.MAX_VALUE),
            new NelderMeadSimplex(new double[] {0.5, 0.5}, 1, 2, 0.5, 0.5),
            new ObjectiveFunction(
                vertex -> {
                  double gold = hold(vertex, length / 5);
                  if (gold > most[0]) {
                    most[0] = gold;
                    System.arraycopy(vertex, 0, best, 0, best.length);
                  }
                  return gold;
                }));
      } catch (OutOfSteps end) {
        return;
      }
      try {
        hold(best, Integer.MAX_VALUE);
      } catch (OutOfSteps end) {
        return;
      }
    }

    private double hold(double[] vertex, int most) {
      Constrained combine =
          new Constrained(
              held(vertex, Kind.EQUAL, 1).constraints(),
              Optional.empty(),
              0.1,
              0.1,
              1,
              java.util.Objects.requireNonNull(multipliers).multipliers());
      for (int t = 0; t < most; t++) {
        if (golds.size() == 2 * length) {
          throw new OutOfSteps();
        }
        combine = constrainedStep(combine, false);
        multipliers = combine;
        double[] at = means.getLast();
        if (most < Integer.MAX_VALUE
            && Math.abs(at[0] - vertex[0]) <= 0.05 * Math.abs(vertex[0])
            && Math.abs(at[1] - vertex[1]) <= 0.05 * Math.abs(vertex[1])) {
          break;
        }
      }
      return golds.getLast();
    }

    private double[] centred(double[] advantages) {
      double mean = Arrays.stream(advantages).sum() / group;
      return Arrays.stream(advantages).map(a -> a - mean).toArray();
    }

    private void step(int[] drawn, double[] advantages) {
      policy.step(drawn, advantages, rate);
      golds.add(policy.mean(world.gold));
      means.add(new double[] {policy.mean(world.rewards[0]), policy.mean(world.rewards[1])});
    }

    private int peakAt(int steps) {
      int best = 0;
      for (int t = 0; t < steps; t++) {
        best = golds.get(t) > golds.get(best) ? t : best;
      }
      return best;
    }

    private double peak(int steps) {
      return golds.get(peakAt(steps));
    }

    private double end() {
      return golds.getLast();
    }

    /** Mean over the last steps of {@code |J - theta| / theta}. */
    private double distance(double[] points) {
      return last((mean, point) -> Math.abs(mean - point) / Math.abs(point), points);
    }

    private double overshoot(double[] points) {
      return last((mean, point) -> Math.max(0, mean - point), points);
    }

    private double last(java.util.function.DoubleBinaryOperator of, double[] points) {
      int from = Math.max(0, means.size() - LAST);
      double sum = 0;
      for (double[] at : means.subList(from, means.size())) {
        for (int i = 0; i < 2; i++) {
          sum += of.applyAsDouble(at[i], points[i]) / 2;
        }
      }
      return sum / (means.size() - from);
    }

    /** The weights of the second half, on average: those at which the multipliers settled. */
    private double[] meanWeights() {
      double[] mean = new double[2];
      int from = weightsUsed.size() / 2;
      for (double[] weights : weightsUsed.subList(from, weightsUsed.size())) {
        for (int i = 0; i < 2; i++) {
          mean[i] += weights[i] / (weightsUsed.size() - from);
        }
      }
      return mean;
    }

    private List<Double> curve() {
      return IntStream.rangeClosed(1, POINTS)
          .mapToObj(p -> golds.get(2 * length * p / POINTS - 1))
          .toList();
    }
  }

  /** The run is over in the middle of a search. */
  private static final class OutOfSteps extends RuntimeException {
    private static final long serialVersionUID = 1;

    private OutOfSteps() {
      super(null, null, false, false);
    }
  }
}
