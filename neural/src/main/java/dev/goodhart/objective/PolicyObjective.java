package dev.goodhart.objective;

/**
 * How a policy learns from responses that it drew, given their advantages. The loss of a step is
 * {@code Σ weight · cost} over its tokens; the aggregation is the trainer's, in {@link
 * TokenBatch#weight()}.
 */
public interface PolicyObjective extends Objective {
  TokenLoss of(TokenBatch batch);
}
