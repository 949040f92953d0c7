package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.max;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.neural.engine.Ops;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * PPO's clipped surrogate: the policy gradient as long as a token's probability stays near what it
 * was when the token was drawn, and none beyond that in the direction of the advantage.
 *
 * <pre>{@code
 * ratio = exp(now − old)
 * cost  = −min(ratio · A, clip(ratio, 1 − low, 1 + high) · A)
 * cost  = min(cost, −dual · A)                 where A < 0 and dual > 1
 * }</pre>
 *
 * <p>{@code high} above {@code low} is DAPO's clip-higher; {@code dual} bounds the cost of a token
 * with a negative advantage that the policy now finds far likelier (Ye et al. 2020). Reports {@code
 * clip-share}: tokens whose gradient the clip took away.
 *
 * @param low how far the ratio may fall, in [0, 1)
 * @param high how far it may rise, at least 0
 * @param dual the largest cost as a multiple of −A, above 1; 0 for no such bound
 */
@Method(source = "arXiv 1707.06347; arXiv 2503.14476; arXiv 1912.09729")
public record PpoClip(
    @Default("0.2") double low, @Default("0.2") double high, @Default("0") double dual)
    implements PolicyObjective {
  public PpoClip {
    expectRange(low, high);
    if (dual != 0 && !(dual > 1 && dual < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("dual must be above 1, or 0 for none, not " + dual);
    }
  }

  static void expectRange(double low, double high) {
    if (!(low >= 0 && low < 1)) {
      throw new IllegalArgumentException("low must lie in [0, 1), not " + low);
    }
    Expect.atLeastZero("high", high);
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    Tensor a = batch.advantage();
    Tensor ratio = Ratio.ofTokens(batch);
    Tensor free = neg(mul(ratio, a));
    Tensor held = neg(mul(clamp(ratio, 1 - low, 1 + high), a));
    Tensor cost = max(free, held);
    Tensor clipped = held.gt(free);
    if (dual > 0) {
      Tensor most = mul(-dual, a);
      Tensor bounded = Ops.less(a, 0).logical_and(cost.gt(most));
      cost = Ops.where(bounded, most, cost);
      clipped = clipped.logical_or(bounded);
    }
    return TokenLoss.of(cost).with("clip-share", Ops.to(clipped, ScalarType.Float));
  }
}
