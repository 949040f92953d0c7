package dev.goodhart.neural.align;

import dev.goodhart.advantage.Credit;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.advantage.LeaveOneOut;
import dev.goodhart.objective.PolicyObjective;
import dev.goodhart.objective.PpoClip;

/**
 * Names for well-known compositions of credit, objective and aggregation; what a spec says itself
 * goes before.
 */
public enum Algorithm {
  /** Group-normalised advantages, clipped, averaged by response (arXiv 2402.03300). */
  GRPO(new GroupNormalised(1e-6), new PpoClip(0.2, 0.2, 0), Aggregation.SEQUENCE),
  /** Rewards against the mean of the other responses (arXiv 2402.14740). */
  RLOO(new LeaveOneOut(), new PpoClip(0.2, 0.2, 0), Aggregation.SEQUENCE);

  private final Credit credit;
  private final PolicyObjective objective;
  private final Aggregation aggregation;

  Algorithm(Credit credit, PolicyObjective objective, Aggregation aggregation) {
    this.credit = credit;
    this.objective = objective;
    this.aggregation = aggregation;
  }

  Credit credit() {
    return credit;
  }

  PolicyObjective objective() {
    return objective;
  }

  Aggregation aggregation() {
    return aggregation;
  }
}
