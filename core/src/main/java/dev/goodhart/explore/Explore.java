package dev.goodhart.explore;

import dev.goodhart.Group;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which samples are drawn: how many roll-outs each prompt of a step gets, and whether what came out
 * of them is enough.
 *
 * <p>A trainer whose steps have P prompts offers {@link #candidates candidates(P)} of them, gives
 * each its roll-outs by {@link #allocate(List, int, RandomGenerator)}, scores them, leaves out the
 * groups that {@link #keeps} does not want, and draws {@link #refill} more prompts as long as that
 * is above 0.
 */
public interface Explore {
  /**
   * What is known of a prompt from the roll-outs so far.
   *
   * @param drawn how many rewards were seen, at least 0
   * @param mean of the rewards; 0 when none was seen
   * @param deviation standard deviation of one reward, divisor n - 1; 0 when fewer than two were
   *     seen
   */
  record History(int drawn, double mean, double deviation) {
    public static final History NONE = new History(0, 0, 0);

    public History {
      if (drawn < 0) {
        throw new IllegalArgumentException("drawn must be at least 0, not " + drawn);
      }
      if (!Double.isFinite(mean)) {
        throw new IllegalArgumentException("mean must be finite, not " + mean);
      }
      if (!(deviation >= 0 && Double.isFinite(deviation))) {
        throw new IllegalArgumentException(
            "deviation must be finite and at least 0, not " + deviation);
      }
    }
  }

  /**
   * @param prompts one history a prompt of this step
   * @param budget how many roll-outs there are in all, at least 0
   * @return how many each prompt gets; they sum to the budget (all zero when there is no prompt)
   */
  int[] allocate(List<History> prompts, int budget);

  /**
   * The same for a method that draws by chance; by default it makes no difference.
   *
   * @param random the step's own
   */
  default int[] allocate(List<History> prompts, int budget, RandomGenerator random) {
    return allocate(prompts, budget);
  }

  /**
   * How many prompts to choose from for a step; those that get no roll-outs are not part of it.
   *
   * @param prompts that the step is to have, at least 1
   * @return at least that many
   */
  default int candidates(int prompts) {
    return prompts;
  }

  /**
   * Whether a scored group is worth an update.
   *
   * @param group with the rewards of the spec, before any penalty
   */
  default boolean keeps(Group group) {
    return true;
  }

  /**
   * How many further prompts to draw in the same step, once the groups so far are scored.
   *
   * @param kept how many groups {@link #keeps} wants
   * @param wanted how many the step is to have
   * @param rounds how many rounds of roll-outs the step has had, at least 1
   * @return at least 0; 0 to go on with what there is
   */
  default int refill(int kept, int wanted, int rounds) {
    return 0;
  }
}
