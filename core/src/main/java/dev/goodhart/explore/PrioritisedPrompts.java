package dev.goodhart.explore;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Prompts drawn by chance, those that promise more to learn more often: by how often the policy
 * still fails, or by how undecided it is. For pass rates in [0, 1].
 *
 * <pre>{@code
 * weight  = max(least, 1 - p)              failure
 *         = max(least, 4 p (1 - p))        learnability
 * }</pre>
 *
 * <p>Of all prompts the share {@code keep} is drawn without replacement, each next one in
 * proportion to its weight; they share the budget evenly. Prompts that nothing is known of weigh 1.
 * {@code least} brings mastered and hopeless prompts back now and then, so that a policy that
 * forgets is noticed.
 *
 * @param by what counts
 * @param keep the share of the prompts, in (0, 1]; rounded up to whole prompts
 * @param least the smallest weight, in (0, 1]
 */
@Method(source = "arXiv 2501.12599; arXiv 2408.15099")
public record PrioritisedPrompts(
    @Default("learnability") By by, @Default("0.25") double keep, @Default("0.05") double least)
    implements Explore {
  /** What makes a prompt worth drawing. */
  public enum By {
    /** The share of responses that fail (Kimi k1.5). */
    FAILURE,
    /** The variance of passing: prompts in reach but not yet mastered. */
    LEARNABILITY
  }

  public PrioritisedPrompts {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException("keep must lie in (0, 1], not " + keep);
    }
    if (!(least > 0 && least <= 1)) {
      throw new IllegalArgumentException("least must lie in (0, 1], not " + least);
    }
  }

  @Override
  public int candidates(int prompts) {
    return Chosen.candidates(prompts, keep);
  }

  /** With a chance that is always the same. */
  @Override
  public int[] allocate(List<History> prompts, int budget) {
    return allocate(prompts, budget, new SplittableRandom(0));
  }

  @Override
  public int[] allocate(List<History> prompts, int budget, RandomGenerator random) {
    // The smallest of exponential waiting times at these rates is each next one in proportion.
    return Chosen.lowest(
        prompts, keep, budget, h -> -Math.log(1 - random.nextDouble()) / weight(h));
  }

  private double weight(History history) {
    if (history.drawn() == 0) {
      return 1;
    }
    double p = Math.clamp(history.mean(), 0, 1);
    return Math.max(
        least,
        switch (by) {
          case FAILURE -> 1 - p;
          case LEARNABILITY -> 4 * p * (1 - p);
        });
  }
}
