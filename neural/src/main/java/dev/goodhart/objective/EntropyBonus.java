package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.mul;

import dev.goodhart.Default;
import dev.goodhart.Method;

/**
 * Keeps a policy exploring: pays for the entropy of what it might say next.
 *
 * <pre>{@code cost = −coefficient · entropy}</pre>
 *
 * <p>By token and over the whole vocabulary, so that the gradient is exact. A little goes a long
 * way: with large vocabularies the tail of improbable tokens is the cheapest place to put entropy.
 * Reports {@code entropy}, in nats.
 *
 * @param coefficient what a nat earns; below 0 it costs, which sharpens the policy
 */
@Method(source = "Williams and Peng 1991; arXiv 1602.01783")
public record EntropyBonus(@Default("0.001") double coefficient) implements Regulariser {
  public EntropyBonus {
    if (!Double.isFinite(coefficient)) {
      throw new IllegalArgumentException("coefficient must be finite, not " + coefficient);
    }
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    return TokenLoss.of(mul(-coefficient, batch.entropies())).with("entropy", batch.entropies());
  }

  @Override
  public boolean entropy() {
    return true;
  }
}
