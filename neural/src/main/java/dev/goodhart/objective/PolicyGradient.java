package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.neural.engine.Ops;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * REINFORCE: makes a token likelier in proportion to its advantage. For one step a batch of
 * responses, drawn by the policy that is trained; the plainest objective, and without bias there.
 *
 * <pre>{@code
 * cost = −w · A · now
 * w    = 1                                   truncation 0
 * w    = min(exp(now − old), truncation)     held fixed, otherwise
 * }</pre>
 *
 * <p>The truncated importance weight is for responses that another policy drew: an earlier state of
 * this one, or an engine whose numbers differ. It corrects by token and bounds the variance, at the
 * price of a bias where the bound acts. Reports {@code truncated-share}.
 *
 * @param truncation the largest weight; 0 for a weight of 1 everywhere, 2 is common otherwise
 */
@Method(source = "Williams 1992; Ionides 2008")
public record PolicyGradient(@Default("0") double truncation) implements PolicyObjective {
  public PolicyGradient {
    Expect.atLeastZero("truncation", truncation);
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    Tensor plain = neg(mul(batch.advantage(), batch.now()));
    if (truncation == 0) return TokenLoss.of(plain);
    Tensor ratio = Ratio.ofTokens(batch).detach();
    return TokenLoss.of(mul(clamp(ratio, 0, truncation), plain))
        .with("truncated-share", Ops.to(Ops.greater(ratio, truncation), ScalarType.Float));
  }
}
