package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Holds the policy near its reference by their divergence, token by token, in the loss.
 *
 * <pre>{@code
 * cost = coefficient · k(now, reference)                        importance false
 * cost = coefficient · exp(now − old) · k(now, reference)       importance true
 * }</pre>
 *
 * <p>with k one of {@link KlEstimator}, which says whose gradient is whose: plain, {@code k2} pulls
 * as KL(policy ‖ reference) does, {@code k3} as KL(reference ‖ policy), {@code k1} not at all. With
 * the importance weight, through which the gradient flows too, {@code k1} and {@code k3} have the
 * gradient of KL(policy ‖ reference) at each position, also when tokens were drawn some steps ago
 * (k3 with less variance), and {@code k2} that of its own mean. Reports {@code kl}: k1, whose mean
 * is the divergence where tokens were drawn by the policy as it is.
 *
 * @param coefficient what a nat of divergence costs, at least 0
 * @param estimator of the divergence
 * @param importance whether tokens are weighted by what their probability has become
 */
@Method(source = "arXiv 2402.03300; Schulman 2020; arXiv 2506.09477; arXiv 2512.02556")
public record KlPenalty(
    @Default("0.05") double coefficient,
    @Default("k2") KlEstimator estimator,
    @Default("false") boolean importance)
    implements Regulariser {
  public KlPenalty {
    Expect.atLeastZero("coefficient", coefficient);
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    Tensor reference = batch.toReference();
    Tensor estimate = estimator.of(batch.now(), reference);
    if (importance) estimate = mul(Ratio.ofTokens(batch), estimate);
    return TokenLoss.of(mul(coefficient, estimate)).with("kl", sub(batch.now(), reference));
  }

  @Override
  public boolean reference() {
    return true;
  }
}
