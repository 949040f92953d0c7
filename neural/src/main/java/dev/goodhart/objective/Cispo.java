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
 * Clips the importance weight and not the update: every token goes on teaching, also where PPO
 * would drop it. For several steps a batch, where rare tokens that turn a chain of thought
 * ("however", "wait") leave PPO's range after the first step and learn no more.
 *
 * <pre>{@code
 * w    = clip(exp(now − old), 1 − low, 1 + high)      held fixed
 * cost = −w · A · now
 * }</pre>
 *
 * <p>By default there is no lower bound, as in the paper, and the largest weight is 5, as in
 * large-scale comparisons. Reports {@code clip-share}: tokens whose weight was clipped.
 *
 * @param low 1 − low is the smallest weight, in [0, 1]; 1 for no bound
 * @param high 1 + high is the largest, at least 0
 */
@Method(source = "arXiv 2506.13585; arXiv 2510.13786")
public record Cispo(@Default("1") double low, @Default("4") double high)
    implements PolicyObjective {
  public Cispo {
    if (!(low >= 0 && low <= 1)) {
      throw new IllegalArgumentException("low must lie in [0, 1], not " + low);
    }
    Expect.atLeastZero("high", high);
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    Tensor ratio = Ratio.ofTokens(batch).detach();
    Tensor weight = clamp(ratio, 1 - low, 1 + high);
    return TokenLoss.of(neg(mul(mul(weight, batch.advantage()), batch.now())))
        .with("clip-share", Ops.to(weight.ne(ratio), ScalarType.Float));
  }
}
