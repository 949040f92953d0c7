package dev.goodhart.explore;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether an agent that only ever exploits would explore by itself: before a bonus is added, ask
 * whether the tasks recur for long enough that finding out pays. Exact, for bandits of Bernoulli
 * arms.
 *
 * <p>A hidden task (the means of the unknown arms, uniform on [0, 1]) stays for a block of {@code
 * pulls}; then another one is drawn. With s successes and f failures of an arm so far and k pulls
 * left,
 *
 * <pre>{@code
 * p_i   = (s_i + 1) / (s_i + f_i + 2)
 * V(k)  = max over i of  p_i (1 + discount V(s_i + 1, k - 1)) + (1 - p_i) discount V(f_i + 1, k - 1)
 *         and of         safe + discount V(k - 1)                                       V(0) = 0
 * }</pre>
 *
 * <p>and the agent takes what attains the maximum, ties evenly. Exploration needs all of: a task
 * that recurs ({@code pulls > 1}), a memory of it, and credit across pulls ({@code discount > 0}).
 * Without the last it takes the highest mean and never gives up anything to learn. What an agent
 * trained without it still tries is noise in its estimates, not intent.
 *
 * <p>Source of the three conditions: arXiv 2508.01287; the recursion is the textbook one of the
 * Bayes-adaptive bandit.
 *
 * @param pulls of one task, 1 to 15
 * @param discount of what later pulls of the block earn, in [0, 1]
 * @param arms unknown ones, 1 to 4
 * @param safe the mean of one more arm that is known, in [0, 1]; below 0 for none
 */
@Method(id = 176, source = "arXiv 2508.01287")
public record RecurringBlocks(
    @Default("10") int pulls,
    @Default("0.9") double discount,
    @Default("2") int arms,
    @Default("0.55") double safe) {
  private static final int EARLY = 5;
  private static final double TIE = 1e-12;

  /**
   * What the agent does, on average over tasks.
   *
   * @param reward a pull, undiscounted
   * @param sacrifice the share of the first five pulls that go to an arm whose mean is below the
   *     best one's, as far as is known then: what is given up to find out. Only with a safe arm is
   *     it exploration: without one a failed arm falls below an untried one by itself
   * @param distinct arms among the first five pulls
   */
  public record Played(double reward, double sacrifice, double distinct) {}

  /** What is known and what is left. Counts are four bits each: successes, failures, .... */
  private record State(long counts, int left, boolean safeTried) {}

  public RecurringBlocks {
    if (pulls < 1 || pulls > 15) {
      throw new IllegalArgumentException("pulls must lie in [1, 15], not " + pulls);
    }
    if (!(discount >= 0 && discount <= 1)) {
      throw new IllegalArgumentException("discount must lie in [0, 1], not " + discount);
    }
    if (arms < 1 || arms > 4) {
      throw new IllegalArgumentException("arms must lie in [1, 4], not " + arms);
    }
    if (!(safe <= 1)) throw new IllegalArgumentException("safe must be at most 1, not " + safe);
  }

  /** The discounted value of a block to an agent that plays it best. */
  public double value() {
    return value(0, pulls, new HashMap<>());
  }

  /** What the agent's play comes to. */
  public Played play() {
    Map<State, Double> values = new HashMap<>();
    Map<State, Double> at = Map.of(new State(0, pulls, false), 1.0);
    double reward = 0;
    double sacrifice = 0;
    double distinct = 0;
    int early = Math.min(EARLY, pulls);
    for (int pull = 0; pull < pulls; pull++) {
      Map<State, Double> next = new HashMap<>();
      for (var here : at.entrySet()) {
        State state = here.getKey();
        List<Integer> best = best(state.counts, state.left, values);
        double most = 0;
        for (int a = 0; a < actions(); a++) most = Math.max(most, mean(state.counts, a));
        for (int a : best) {
          double weight = here.getValue() / best.size();
          double p = mean(state.counts, a);
          reward += weight * p / pulls;
          if (pull < early && p < most - TIE) sacrifice += weight / early;
          if (a == arms) {
            next.merge(new State(state.counts, state.left - 1, true), weight, Double::sum);
          } else {
            next.merge(won(state, a), weight * p, Double::sum);
            next.merge(lost(state, a), weight * (1 - p), Double::sum);
          }
        }
      }
      at = next;
      if (pull == early - 1) {
        for (var here : at.entrySet()) distinct += here.getValue() * tried(here.getKey());
      }
    }
    return new Played(reward, sacrifice, distinct);
  }

  /**
   * The mean of a safe arm at which a single unknown arm is just worth its first try: the higher,
   * the longer tasks recur. One half where nothing is to be gained from knowing. (Gittins' index of
   * an untried arm, for a finite block.)
   */
  public double worthTrying() {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 50; i++) {
      double q = (low + high) / 2;
      var one = new RecurringBlocks(pulls, discount, 1, q);
      Map<State, Double> values = new HashMap<>();
      if (one.of(0, pulls, 0, values) >= one.of(0, pulls, 1, values)) {
        low = q;
      } else {
        high = q;
      }
    }
    return low;
  }

  private int actions() {
    return safe >= 0 ? arms + 1 : arms;
  }

  private double value(long counts, int left, Map<State, Double> values) {
    if (left == 0) return 0;
    State key = new State(counts, left, false);
    Double known = values.get(key);
    if (known != null) return known;
    double best = 0;
    for (int a = 0; a < actions(); a++) best = Math.max(best, of(counts, left, a, values));
    values.put(key, best);
    return best;
  }

  /** The value of an action; the safe arm is the last. */
  private double of(long counts, int left, int action, Map<State, Double> values) {
    if (action == arms) {
      return safe + (discount == 0 ? 0 : discount * value(counts, left - 1, values));
    }
    double p = mean(counts, action);
    if (discount == 0) return p;
    return p * (1 + discount * value(counts + (1L << (8 * action)), left - 1, values))
        + (1 - p) * discount * value(counts + (1L << (8 * action + 4)), left - 1, values);
  }

  private List<Integer> best(long counts, int left, Map<State, Double> values) {
    double most = 0;
    double[] of = new double[actions()];
    for (int a = 0; a < of.length; a++) {
      of[a] = of(counts, left, a, values);
      most = Math.max(most, of[a]);
    }
    List<Integer> best = new ArrayList<>();
    for (int a = 0; a < of.length; a++) {
      if (of[a] >= most - TIE) best.add(a);
    }
    return best;
  }

  private double mean(long counts, int action) {
    if (action == arms) return safe;
    double s = counts >> (8 * action) & 15;
    double f = counts >> (8 * action + 4) & 15;
    return (s + 1) / (s + f + 2);
  }

  private static State won(State state, int action) {
    return new State(state.counts + (1L << (8 * action)), state.left - 1, state.safeTried);
  }

  private static State lost(State state, int action) {
    return new State(state.counts + (1L << (8 * action + 4)), state.left - 1, state.safeTried);
  }

  private int tried(State state) {
    int tried = state.safeTried ? 1 : 0;
    for (int a = 0; a < arms; a++) tried += (state.counts >> (8 * a) & 255) > 0 ? 1 : 0;
    return tried;
  }
}
