package dev.goodhart.audit;

/**
 * Whether a reward orders responses as their label does. A tie in the rewards is shared: a reward
 * that cannot tell is right as often as a draw. A tie in the label (probability one half) has no
 * right order and is left out.
 */
public final class Accuracy {
  /**
   * @param first the reward of the response that is named first
   * @param second the reward of the other
   * @param probability that the first is the better one
   * @return 1, 0.5 or 0; NaN where a reward is not known or the label is a tie
   */
  public static double pair(double first, double second, double probability) {
    if (Double.isNaN(first) || Double.isNaN(second) || probability == 0.5) {
      return Double.NaN;
    }
    double gap = Math.signum(probability - 0.5) * (first - second);
    return gap > 0 ? 1 : gap < 0 ? 0 : 0.5;
  }

  /**
   * The rank of one of n rewards, 1 for the highest, with ties counted against it.
   *
   * @return NaN where a reward is not known
   */
  public static double rank(double[] rewards, int of) {
    int rank = 1;
    for (int i = 0; i < rewards.length; i++) {
      if (Double.isNaN(rewards[i])) {
        return Double.NaN;
      }
      rank += i != of && rewards[i] >= rewards[of] ? 1 : 0;
    }
    return rank;
  }

  /**
   * How probably one of n is taken when the highest reward is: 1 when it alone is highest, a share
   * where it ties.
   *
   * @return NaN where a reward is not known
   */
  public static double top(double[] rewards, int of) {
    int ties = 0;
    boolean beaten = false;
    for (double reward : rewards) {
      if (Double.isNaN(reward)) {
        return Double.NaN;
      }
      beaten |= reward > rewards[of];
      ties += reward == rewards[of] ? 1 : 0;
    }
    return beaten ? 0 : 1.0 / ties;
  }

  private Accuracy() {}
}
