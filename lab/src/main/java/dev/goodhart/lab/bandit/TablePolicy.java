package dev.goodhart.lab.bandit;

import dev.goodhart.audit.exact.Softmax;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A policy that is a table of logits, to be trained: each prompt has its own, nothing is shared.
 * Mutable and not thread-safe.
 */
public final class TablePolicy {
  private final double[][] logits;
  private final double[][] probabilities;

  /**
   * @param logits {@code [prompts][responses]}, copied
   */
  public TablePolicy(double[][] logits) {
    this.logits = Arrays.stream(logits).map(double[]::clone).toArray(double[][]::new);
    this.probabilities = Softmax.of(this.logits);
  }

  /** The policy with these probabilities, all above 0. */
  public static TablePolicy of(double[][] probabilities) {
    return new TablePolicy(
        Arrays.stream(probabilities)
            .map(row -> Arrays.stream(row).map(Math::log).toArray())
            .toArray(double[][]::new));
  }

  /** {@code [prompts][responses]}, the policy's own table: it follows the steps. */
  public double[][] probabilities() {
    return probabilities;
  }

  /** A copy, {@code [prompts][responses]}. */
  public double[][] logits() {
    return Arrays.stream(logits).map(double[]::clone).toArray(double[][]::new);
  }

  /** {@code log pi(y | x)}. */
  public double logProb(int x, int y) {
    return Softmax.log(logits[x])[y];
  }

  /** Moves every prompt's logits by {@code rate} times a gradient, uphill. */
  public void step(double[][] gradient, double rate) {
    for (int x = 0; x < logits.length; x++) {
      for (int y = 0; y < logits[x].length; y++) {
        logits[x][y] += rate * gradient[x][y];
      }
      System.arraycopy(Softmax.of(logits[x]), 0, probabilities[x], 0, logits[x].length);
    }
  }

  /** A response to prompt x. */
  public int draw(int x, SplittableRandom random) {
    return draw(probabilities[x], random);
  }

  /** Draws from any distribution. */
  public static int draw(double[] policy, SplittableRandom random) {
    double u = random.nextDouble();
    int y = 0;
    while (y < policy.length - 1 && u >= policy[y]) {
      u -= policy[y++];
    }
    return y;
  }
}
