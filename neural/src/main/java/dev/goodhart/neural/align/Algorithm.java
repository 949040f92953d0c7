package dev.goodhart.neural.align;

import dev.goodhart.advantage.BatchNormalised;
import dev.goodhart.advantage.Credit;
import dev.goodhart.advantage.Gae;
import dev.goodhart.advantage.GreedyBaseline;
import dev.goodhart.advantage.GroupCentred;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.advantage.LeaveOneOut;
import dev.goodhart.objective.Cispo;
import dev.goodhart.objective.Gspo;
import dev.goodhart.objective.PolicyObjective;
import dev.goodhart.objective.PpoClip;

/**
 * Names for well-known compositions of credit, objective and aggregation; what a spec says itself
 * goes before.
 */
public enum Algorithm {
  /** Group-normalised advantages, clipped, averaged by response (arXiv 2402.03300). */
  GRPO(new GroupNormalised(1e-6), clip(0.2), Aggregation.SEQUENCE),
  /** Centred and not divided, summed over tokens (arXiv 2503.20783). */
  DR_GRPO(new GroupCentred(), clip(0.2), Aggregation.CONSTANT),
  /** GRPO with a higher upper clip and the mean over tokens (arXiv 2503.14476). */
  DAPO(new GroupNormalised(1e-6), clip(0.28), Aggregation.TOKEN),
  /** Rewards against the mean of the other responses (arXiv 2402.14740). */
  RLOO(new LeaveOneOut(), clip(0.2), Aggregation.CONSTANT),
  /** Normalised over the whole batch (arXiv 2501.03262). */
  REINFORCE_PLUS_PLUS(new BatchNormalised(false, 1, 1e-8), clip(0.2), Aggregation.TOKEN),
  /** Against the reward of the most likely response (arXiv 2310.10505). */
  REMAX(new GreedyBaseline(), clip(0.2), Aggregation.CONSTANT),
  /** Generalised advantages from a critic, clipped (arXiv 1707.06347). */
  PPO(new Gae(1, 0.95, true), clip(0.2), Aggregation.TOKEN),
  /** GRPO with one ratio a response (arXiv 2507.18071). */
  GSPO(new GroupNormalised(1e-6), new Gspo(3e-4, 4e-4), Aggregation.SEQUENCE),
  /** GRPO with clipped weights in place of clipped gradients (arXiv 2506.13585). */
  CISPO(new GroupNormalised(1e-6), new Cispo(1, 4), Aggregation.TOKEN);

  private final Credit credit;
  private final PolicyObjective objective;
  private final Aggregation aggregation;

  Algorithm(Credit credit, PolicyObjective objective, Aggregation aggregation) {
    this.credit = credit;
    this.objective = objective;
    this.aggregation = aggregation;
  }

  private static PpoClip clip(double high) {
    return new PpoClip(0.2, high, 0);
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
