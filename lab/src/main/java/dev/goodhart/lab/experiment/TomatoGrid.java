package dev.goodhart.lab.experiment;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;

/**
 * A garden in which everything can be computed: cells of a grid with walls, tomatoes that are wet
 * while the gardener is within two steps of them, and a bucket of water. Gold pays 0.2 for each wet
 * tomato; the proxy pays the same, and in the bucket's cell, where everything looks watered, 0.2
 * for each cell of the garden.
 *
 * <p>A state is the gardener's cell, an action a step in one of four directions or none; a step
 * into a wall or out of the garden is none. The first cell is drawn uniformly. Occupancies are
 * normalised and discounted: {@code μ(s, a) = (1 − γ) Σ_t γᵗ P(s_t = s, a_t = a)}.
 */
final class TomatoGrid {
  static final int ACTIONS = 5;
  static final double GAMMA = 0.95;

  private static final int SIDE = 6;
  private static final double WALLS = 0.15;
  private static final int TOMATOES = 5;
  private static final double NOISE = 0.4;
  private static final double LEAST_CORRELATION = 0.1;

  private final int[][] next;
  private final double[] gold;
  private final double[] proxy;
  private final double[] base;

  private TomatoGrid(int[][] next, double[] gold, double[] proxy) {
    this.next = next;
    this.gold = gold;
    this.proxy = proxy;
    this.base = noisy(optimal());
  }

  /**
   * A layout whose cells all hang together and whose proxy is correlated with gold by 0.1 at least.
   */
  static TomatoGrid random(SplittableRandom random) {
    while (true) {
      Optional<TomatoGrid> grid = layout(random);
      if (grid.isPresent() && grid.get().correlation() >= LEAST_CORRELATION) return grid.get();
    }
  }

  private static Optional<TomatoGrid> layout(SplittableRandom random) {
    int[] number = new int[SIDE * SIDE];
    int cells = 0;
    for (int i = 0; i < number.length; i++) number[i] = random.nextDouble() < WALLS ? -1 : cells++;
    int[][] next = new int[cells][ACTIONS];
    for (int i = 0; i < number.length; i++) {
      if (number[i] < 0) continue;
      int row = i / SIDE;
      int column = i % SIDE;
      int[][] to = {
        {row, column}, {row - 1, column}, {row + 1, column}, {row, column - 1}, {row, column + 1}
      };
      for (int a = 0; a < ACTIONS; a++) {
        boolean inside = to[a][0] >= 0 && to[a][0] < SIDE && to[a][1] >= 0 && to[a][1] < SIDE;
        int there = inside ? number[to[a][0] * SIDE + to[a][1]] : -1;
        next[number[i]][a] = there < 0 ? number[i] : there;
      }
    }
    if (cells <= TOMATOES || reach(next, 0, cells) < cells) return Optional.empty();
    double[] gold = new double[cells];
    int[] places = random.ints(0, cells).distinct().limit(TOMATOES + 1L).toArray();
    for (int t = 0; t < TOMATOES; t++) {
      int[] steps = steps(next, places[t]);
      for (int s = 0; s < cells; s++) gold[s] += steps[s] <= 2 ? 0.2 : 0;
    }
    double[] proxy = gold.clone();
    proxy[places[TOMATOES]] = 0.2 * cells;
    return Optional.of(new TomatoGrid(next, gold, proxy));
  }

  private static int reach(int[][] next, int from, int cells) {
    return (int) Arrays.stream(steps(next, from)).filter(n -> n < cells).count();
  }

  /** How many steps each cell is away. */
  private static int[] steps(int[][] next, int from) {
    int[] steps = new int[next.length];
    Arrays.fill(steps, Integer.MAX_VALUE);
    steps[from] = 0;
    var queue = new ArrayDeque<Integer>();
    queue.add(from);
    while (!queue.isEmpty()) {
      int s = queue.remove();
      for (int to : next[s]) {
        if (steps[to] != Integer.MAX_VALUE) continue;
        steps[to] = steps[s] + 1;
        queue.add(to);
      }
    }
    return steps;
  }

  int states() {
    return next.length;
  }

  /** The policy that is there: the best for gold, with a random step four times in ten. */
  double[] base() {
    return base;
  }

  private double[] optimal() {
    double[] values = new double[states()];
    for (int sweep = 0; sweep < 600; sweep++) {
      double[] better = new double[states()];
      for (int s = 0; s < better.length; s++) {
        better[s] =
            gold[s]
                + GAMMA * Arrays.stream(next[s]).mapToDouble(t -> values[t]).max().orElseThrow();
      }
      System.arraycopy(better, 0, values, 0, values.length);
    }
    double[] policy = new double[states() * ACTIONS];
    for (int s = 0; s < states(); s++) {
      int best = 0;
      for (int a = 1; a < ACTIONS; a++) {
        if (values[next[s][a]] > values[next[s][best]] + 1e-9) best = a;
      }
      policy[s * ACTIONS + best] = 1;
    }
    return policy;
  }

  private static double[] noisy(double[] policy) {
    return Arrays.stream(policy).map(p -> (1 - NOISE) * p + NOISE / ACTIONS).toArray();
  }

  /** μ of a policy, {@code [state · actions + action]}, summing to 1. */
  double[] occupancy(double[] policy) {
    int n = states();
    double[][] m = new double[n][n];
    double[] start = new double[n];
    Arrays.fill(start, (1 - GAMMA) / n);
    for (int s = 0; s < n; s++) {
      m[s][s] += 1;
      for (int a = 0; a < ACTIONS; a++) m[next[s][a]][s] -= GAMMA * policy[s * ACTIONS + a];
    }
    double[] visits = solved(m, start);
    double[] occupancy = new double[policy.length];
    Arrays.setAll(occupancy, i -> visits[i / ACTIONS] * policy[i]);
    return occupancy;
  }

  /** The advantages of a reward of states and actions under a policy. */
  double[] advantages(double[] policy, double[] rewards) {
    int n = states();
    double[][] m = new double[n][n];
    double[] expected = new double[n];
    for (int s = 0; s < n; s++) {
      m[s][s] += 1;
      for (int a = 0; a < ACTIONS; a++) {
        m[s][next[s][a]] -= GAMMA * policy[s * ACTIONS + a];
        expected[s] += policy[s * ACTIONS + a] * rewards[s * ACTIONS + a];
      }
    }
    double[] values = solved(m, expected);
    double[] advantages = new double[rewards.length];
    Arrays.setAll(
        advantages,
        i -> rewards[i] + GAMMA * values[next[i / ACTIONS][i % ACTIONS]] - values[i / ACTIONS]);
    return advantages;
  }

  /** Gaussian elimination with the largest pivots. */
  private static double[] solved(double[][] m, double[] b) {
    int n = b.length;
    double[] x = b.clone();
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) if (Math.abs(m[i][k]) > Math.abs(m[pivot][k])) pivot = i;
      double[] row = m[pivot];
      m[pivot] = m[k];
      m[k] = row;
      double value = x[pivot];
      x[pivot] = x[k];
      x[k] = value;
      for (int i = k + 1; i < n; i++) {
        double factor = m[i][k] / row[k];
        if (factor == 0) continue;
        for (int j = k; j < n; j++) m[i][j] -= factor * row[j];
        x[i] -= factor * value;
      }
    }
    for (int k = n - 1; k >= 0; k--) {
      for (int j = k + 1; j < n; j++) x[k] -= m[k][j] * x[j];
      x[k] /= m[k][k];
    }
    return x;
  }

  double gold(double[] occupancy) {
    return mean(occupancy, (s, a) -> gold[s]);
  }

  double proxy(double[] occupancy) {
    return mean(occupancy, (s, a) -> proxy[s]);
  }

  /** The proxy at each state and action. */
  double[] proxies() {
    double[] proxies = new double[states() * ACTIONS];
    Arrays.setAll(proxies, i -> proxy[i / ACTIONS]);
    return proxies;
  }

  private static double mean(double[] occupancy, ToDoubleBiFunction<Integer, Integer> of) {
    double mean = 0;
    for (int i = 0; i < occupancy.length; i++) {
      mean += occupancy[i] * of.applyAsDouble(i / ACTIONS, i % ACTIONS);
    }
    return mean;
  }

  /** σ of the proxy where the policy that is there goes. */
  double proxyDeviation() {
    double[] visits = occupancy(base);
    double mean = proxy(visits);
    return Math.sqrt(mean(visits, (s, a) -> (proxy[s] - mean) * (proxy[s] - mean)));
  }

  /** The correlation of proxy and gold where the policy that is there goes. */
  double correlation() {
    double[] visits = occupancy(base);
    double p = proxy(visits);
    double g = gold(visits);
    double deviation = Math.sqrt(mean(visits, (s, a) -> (gold[s] - g) * (gold[s] - g)));
    double both = mean(visits, (s, a) -> (proxy[s] - p) * (gold[s] - g));
    return both / (deviation * proxyDeviation());
  }
}
