package dev.goodhart.lab.experiment;

/**
 * Four corridors of three steps from one start; one of them ends at a goal that pays 1, the same
 * one for a block of six episodes. An exit one step from the start pays 0.6. A reward t steps into
 * an episode counts {@code 0.95^t}, and an episode has at most 20 steps; what later episodes earn
 * counts {@code discount} each. Searching all corridors is worth less than the exit within one
 * episode, and more over several.
 *
 * <p>Solved exactly: corridors that are not ruled out are alike, so how many there are is all that
 * is known.
 *
 * @param discount across episodes
 */
record CorridorMaze(double discount) {
  private static final int CORRIDORS = 4;
  private static final int LENGTH = 3;
  private static final int EPISODES = 6;
  private static final int MOST = 20;
  private static final double EXIT = 0.6;

  private static double pay(double reward, int steps) {
    return steps > MOST ? 0 : reward * Math.pow(0.95, steps);
  }

  /** The value of episodes with the goal known, or one of so many corridors. */
  double value(int open, int episodes) {
    return episodes == 0 ? 0 : open == 0 ? known(episodes) : at(open, 0, episodes);
  }

  private double known(int episodes) {
    double sum = 0;
    for (int e = 0; e < episodes; e++) sum += Math.pow(discount, e) * pay(1, LENGTH);
    return sum;
  }

  /** At the start, some steps into an episode. */
  private double at(int open, int steps, int episodes) {
    return Math.max(leave(open, steps, episodes), search(open, steps, episodes));
  }

  private double leave(int open, int steps, int episodes) {
    return pay(EXIT, steps + 1) + discount * value(open, episodes - 1);
  }

  private double search(int open, int steps, int episodes) {
    if (steps + LENGTH > MOST) return discount * value(open, episodes - 1);
    double found = pay(1, steps + LENGTH) + discount * known(episodes - 1);
    if (open == 1) return found;
    return found / open + (open - 1.0) / open * at(open - 1, steps + 2 * LENGTH, episodes);
  }

  /**
   * The expected steps to the goal, from the second episode on; all of them where it is not
   * reached.
   */
  double steps() {
    double sum = 0;
    for (int corridor = 0; corridor < CORRIDORS; corridor++) {
      int open = CORRIDORS; // corridors are tried in order; the goal is in each with 1/4
      boolean known = false;
      int tried = 0;
      for (int episode = 0; episode < EPISODES; episode++) {
        int left = EPISODES - episode;
        int steps = 0;
        boolean reached = false;
        if (known) {
          steps = LENGTH;
          reached = true;
        } else {
          while (!reached
              && steps + LENGTH <= MOST
              && search(open, steps, left) > leave(open, steps, left)) {
            reached = tried == corridor;
            steps += reached ? LENGTH : 2 * LENGTH;
            tried++;
            open -= reached ? 0 : 1;
          }
          known = reached;
        }
        if (episode > 0) sum += (reached ? steps : MOST) / (double) (EPISODES - 1) / CORRIDORS;
      }
    }
    return sum;
  }
}
