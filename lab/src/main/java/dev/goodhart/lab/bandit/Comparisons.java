package dev.goodhart.lab.bandit;

import dev.goodhart.transform.Logistic;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Annotators of a bandit: they prefer by Bradley and Terry's model and sometimes tick the wrong
 * box.
 *
 * <pre>
 * {@code P(a over b | x) = (1 - flips) sigmoid(d) + flips sigmoid(-d),   d = (r(x,a) - r(x,b)) / temperature}
 * </pre>
 *
 * @param temperature above 0: how little a difference in reward counts
 * @param flips the share of labels turned round, in [0, 1/2]
 */
public record Comparisons(double temperature, double flips) {
  /** Bradley-Terry without noise. */
  public static final Comparisons CLEAN = new Comparisons(1, 0);

  public Comparisons {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0, not " + temperature);
    }
    if (!(flips >= 0 && flips <= 0.5)) {
      throw new IllegalArgumentException("flips must be in [0, 1/2], not " + flips);
    }
  }

  /** One label: which response to which prompt was preferred to which. */
  public record Pair(int prompt, int chosen, int rejected) {}

  /**
   * The probability that a is preferred to b.
   *
   * @param rewards of the responses to one prompt
   */
  public double probability(double[] rewards, int a, int b) {
    double clean = Logistic.sigmoid((rewards[a] - rewards[b]) / temperature);
    return (1 - flips) * clean + flips * (1 - clean);
  }

  /** Labels a pair that is already drawn. */
  public Pair label(double[][] rewards, int x, int a, int b, SplittableRandom random) {
    return random.nextDouble() < probability(rewards[x], a, b)
        ? new Pair(x, a, b)
        : new Pair(x, b, a);
  }

  /**
   * Labels pairs of different responses, each pair to a prompt of its own drawing.
   *
   * @param rewards what the annotators go by, {@code [prompts][responses]}
   * @param policy that answers, {@code [prompts][responses]}, with two responses at least to each
   */
  public List<Pair> draw(
      double[][] rewards, double[][] policy, int count, SplittableRandom random) {
    List<Pair> pairs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int x = random.nextInt(policy.length);
      int a = TablePolicy.draw(policy[x], random);
      int b = other(policy[x], a, random);
      pairs.add(label(rewards, x, a, b, random));
    }
    return pairs;
  }

  /** A draw from the policy given that it is not a. */
  private static int other(double[] policy, int a, SplittableRandom random) {
    double[] rest = policy.clone();
    rest[a] = 0;
    double sum = 0;
    for (double p : rest) {
      sum += p;
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException("the policy never gives a second response");
    }
    int b = -1;
    double u = random.nextDouble() * sum;
    for (int y = 0; y < rest.length; y++) {
      if (rest[y] > 0) {
        b = y;
        if (u < rest[y]) {
          break;
        }
        u -= rest[y];
      }
    }
    return b;
  }
}
