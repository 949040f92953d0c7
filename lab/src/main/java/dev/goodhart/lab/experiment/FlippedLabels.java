package dev.goodhart.lab.experiment;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;

import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.Bandit;
import dev.goodhart.lab.bandit.Comparisons;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.objective.ConservativeDpo;
import dev.goodhart.objective.Dpo;
import dev.goodhart.objective.PreferenceBatch;
import dev.goodhart.objective.PreferenceObjective;
import dev.goodhart.objective.RobustDpo;
import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.bytedeco.pytorch.Tensor;

/**
 * System 189: a share of the preference labels is turned round and the share is known. Does DPO's
 * cost with the flips taken out find the policy that DPO and the smoothed cost miss?
 *
 * <p><b>World.</b> Prompts with eight responses, ten features each, N(0, 1/10); gold is linear in
 * them with a standard deviation of 2, the reference even. A policy is log-linear in the same
 * features, so that the optimum of gold − β · KL at β = 1 is within reach. Bradley–Terry labels of
 * random pairs, a share turned round.
 *
 * <p><b>Baselines.</b> {@link Dpo} and {@link ConservativeDpo} with the true share. <b>Method.</b>
 * {@link RobustDpo} with it. All have the same small ridge and go to their minimum by Newton's
 * steps, so that nothing but the cost differs.
 *
 * <p><b>Measure.</b> How much of the regularised objective (gold − KL, exactly) the policy leaves,
 * by the number of pairs. Plain gold would not do: a policy that goes too far earns more of it than
 * the optimum. Where it does not help is claimed too: with few pairs, and with gold that differs
 * little, the noise of taking the flips out outweighs the bias.
 *
 * @param prompts how many
 * @param sizes numbers of pairs
 * @param flips the share of labels turned round
 */
public record FlippedLabels(int prompts, List<Integer> sizes, double flips) implements Experiment {
  public static final FlippedLabels DEFAULT = new FlippedLabels(50, List.of(200, 800, 3200), 0.4);

  private static final int RESPONSES = 8;
  private static final int WIDTH = 10;
  private static final double BETA = 1;
  private static final double RIDGE = 1e-3;
  private static final double SPREAD = 2;
  private static final double WEAK = 0.5;

  public FlippedLabels {
    sizes = List.copyOf(sizes);
  }

  @Override
  public int system() {
    return 189;
  }

  @Override
  public String name() {
    return "flipped-labels";
  }

  @Override
  public String title() {
    return "What is left of the regularised optimum by DPO, smoothed DPO and robust DPO when 40 %"
        + " of the labels are turned round";
  }

  @Override
  public String tuning() {
    return "Parameters were set beforehand; seeds 1001 to 1020 were seen during development.";
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public Axis axis() {
    return new Axis("pairs", sizes.stream().map(Integer::doubleValue).toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.below(
            "nearer-than-dpo", "with many pairs it is nearer the optimum than DPO", "rdpo", "dpo"),
        Claim.below(
            "nearer-than-smoothing",
            "with many pairs it is nearer than the smoothed cost",
            "rdpo",
            "cdpo"),
        Claim.equal(
            "same-without-flips",
            "without flips robust DPO is DPO",
            "clean rdpo",
            "clean dpo",
            1e-9),
        Claim.equal(
            "smoothing-same-without-flips",
            "without flips smoothed DPO is DPO",
            "clean cdpo",
            "clean dpo",
            1e-9),
        Claim.equal(
            "falls-with-pairs",
            "its gap falls with the number of pairs, by an exponent between -1.2 and -0.5",
            "rdpo exponent",
            "middle of -1.2 and -0.5",
            0.35),
        Claim.equal(
            "dpo-stays",
            "DPO's hardly does: an exponent within 0.2 of 0",
            "dpo exponent",
            "0",
            0.2),
        Claim.above(
            "worse-with-few", "with few pairs it is further than DPO", "few rdpo", "few dpo"),
        Claim.above(
            "worse-where-gold-is-weak",
            "where gold differs little it is further than DPO even with many",
            "weak rdpo",
            "weak dpo"));
  }

  @Override
  public Experiment smoke() {
    return new FlippedLabels(10, List.of(50, 200), flips);
  }

  @Override
  public Outcome run(Seeds seeds) {
    World world = world(SPREAD, seeds.of("world"));
    World weak = world(WEAK, seeds.of("world"));
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    int last = sizes.size() - 1;
    for (double share : new double[] {flips, flips / 2, 0}) {
      arms(share)
          .forEach(
              (arm, objective) -> {
                List<Double> curve =
                    sizes.stream()
                        .map(n -> world.gap(objective, world.pairs(n, share, seeds.of("pairs", n))))
                        .toList();
                curves.put("%s, %.0f %% flipped".formatted(arm, 100 * share), curve);
                if (share == 0) {
                  figures.put("clean " + arm, curve.get(last));
                }
                if (share == flips) {
                  figures.put(arm, curve.get(last));
                  figures.put("few " + arm, curve.getFirst());
                  figures.put(
                      arm + " exponent",
                      Math.log(curve.get(last) / curve.getFirst())
                          / Math.log(sizes.get(last) / (double) sizes.getFirst()));
                }
              });
    }
    List<Comparisons.Pair> pairs =
        weak.pairs(sizes.get(last), flips, seeds.of("pairs", sizes.get(last)));
    arms(flips).forEach((arm, objective) -> figures.put("weak " + arm, weak.gap(objective, pairs)));
    figures.put("middle of -1.2 and -0.5", -0.85);
    figures.put("0", 0.0);
    return new Outcome(figures, curves);
  }

  private static Map<String, PreferenceObjective> arms(double share) {
    Map<String, PreferenceObjective> arms = new LinkedHashMap<>();
    arms.put("dpo", new Dpo(BETA));
    arms.put("cdpo", new ConservativeDpo(BETA, share));
    arms.put("rdpo", new RobustDpo(BETA, share));
    return arms;
  }

  private World world(double spread, SplittableRandom random) {
    double[][][] features = new double[prompts][RESPONSES][WIDTH];
    double[] direction = new double[WIDTH];
    Arrays.setAll(direction, i -> random.nextGaussian());
    double[][] gold = new double[prompts][RESPONSES];
    double square = 0;
    for (int x = 0; x < prompts; x++) {
      for (int y = 0; y < RESPONSES; y++) {
        for (int i = 0; i < WIDTH; i++) {
          features[x][y][i] = random.nextGaussian() / Math.sqrt(WIDTH);
          gold[x][y] += features[x][y][i] * direction[i];
        }
        square += gold[x][y] * gold[x][y];
      }
    }
    double scale = spread / Math.sqrt(square / (prompts * RESPONSES));
    double[][] even = new double[prompts][RESPONSES];
    for (int x = 0; x < prompts; x++) {
      Arrays.fill(even[x], 1.0 / RESPONSES);
      for (int y = 0; y < RESPONSES; y++) {
        gold[x][y] *= scale;
      }
    }
    return new World(new Bandit(even, gold, gold), features);
  }

  /** What there is to learn, and how much of it a policy leaves. */
  private record World(Bandit bandit, double[][][] features) {
    List<Comparisons.Pair> pairs(int n, double share, SplittableRandom random) {
      return new Comparisons(1, share).draw(bandit.gold(), bandit.base(), n, random);
    }

    /** gold − β · KL of the optimum less that of the policy that minimises the cost. */
    double gap(PreferenceObjective objective, List<Comparisons.Pair> pairs) {
      double[][] apart = new double[pairs.size()][WIDTH];
      for (int i = 0; i < apart.length; i++) {
        Comparisons.Pair pair = pairs.get(i);
        for (int k = 0; k < WIDTH; k++) {
          apart[i][k] =
              features[pair.prompt()][pair.chosen()][k]
                  - features[pair.prompt()][pair.rejected()][k];
        }
      }
      double[] theta = minimum(objective, apart);
      double[][] logits = new double[features.length][RESPONSES];
      for (int x = 0; x < logits.length; x++) {
        for (int y = 0; y < RESPONSES; y++) {
          logits[x][y] = dot(features[x][y], theta);
        }
      }
      double best = bandit.value(bandit.optimum(bandit.gold(), BETA), bandit.gold(), BETA);
      return best - bandit.value(Softmax.of(logits), bandit.gold(), BETA);
    }
  }

  /** Cost at a margin h of each pair, and its slope in them. */
  private record Costs(double average, double[] slopes) {
    static Costs of(PreferenceObjective objective, double[][] apart, double[] theta) {
      double[] margins = Arrays.stream(apart).mapToDouble(row -> dot(row, theta)).toArray();
      try (Scope scope = Scope.training()) {
        Tensor h = Tensor.create(margins).set_requires_grad(true);
        Tensor none = Tensor.create(new double[margins.length]);
        Tensor cost = Ops.mean(objective.of(new PreferenceBatch(h, none, none, none, none, none)));
        cost.backward();
        return new Costs(item(cost) + RIDGE / 2 * dot(theta, theta), doubles(h.grad()));
      }
    }
  }

  /**
   * Newton's method: the curvature in the margin is β² · σ · (1 − σ) for all three costs, so that
   * with the ridge there is one minimum.
   */
  private static double[] minimum(PreferenceObjective objective, double[][] apart) {
    double[] theta = new double[WIDTH];
    Costs now = Costs.of(objective, apart, theta);
    for (int step = 0; step < 100; step++) {
      double[] gradient = new double[WIDTH];
      double[][] curvature = new double[WIDTH][WIDTH];
      for (int k = 0; k < WIDTH; k++) {
        gradient[k] = RIDGE * theta[k];
        curvature[k][k] = RIDGE;
      }
      for (int i = 0; i < apart.length; i++) {
        double s = 1 / (1 + Math.exp(-BETA * dot(apart[i], theta)));
        double bend = BETA * BETA * s * (1 - s) / apart.length;
        for (int k = 0; k < WIDTH; k++) {
          gradient[k] += now.slopes[i] * apart[i][k];
          for (int j = 0; j < WIDTH; j++) {
            curvature[k][j] += bend * apart[i][k] * apart[i][j];
          }
        }
      }
      if (Math.sqrt(dot(gradient, gradient)) < 1e-9) {
        return theta;
      }
      double[] move =
          new LUDecomposition(new Array2DRowRealMatrix(curvature, false))
              .getSolver()
              .solve(new ArrayRealVector(gradient, false))
              .toArray();
      double length = 1;
      double[] next = moved(theta, move, length);
      Costs then = Costs.of(objective, apart, next);
      while (then.average > now.average + 1e-12 && length > 1e-6) {
        length /= 2;
        next = moved(theta, move, length);
        then = Costs.of(objective, apart, next);
      }
      theta = next;
      now = then;
    }
    return theta;
  }

  private static double[] moved(double[] theta, double[] move, double length) {
    double[] next = theta.clone();
    for (int k = 0; k < next.length; k++) {
      next[k] -= length * move[k];
    }
    return next;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
