package dev.goodhart.explore;

import java.util.List;

/** Which samples are drawn: how many roll-outs each prompt of a step gets. */
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
}
