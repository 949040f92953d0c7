package dev.goodhart.objective;

/**
 * What holds a policy back, or keeps it exploring, beside its objective: costs that are added to
 * it, token by token.
 */
public interface Regulariser extends Objective {
  TokenLoss of(TokenBatch batch);

  /** Whether {@link TokenBatch#reference()} is needed. */
  default boolean reference() {
    return false;
  }

  /** Whether {@link TokenBatch#entropy()} is needed. */
  default boolean entropy() {
    return false;
  }
}
