package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.max;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.neural.engine.Ops;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Group sequence policy optimisation: PPO's clip by response instead of by token. For rewards of
 * whole responses, whose importance is the response's; steadier than a clip by token on long
 * responses and on mixtures of experts, where single tokens' ratios jump.
 *
 * <pre>{@code
 * s    = exp(mean over the response of (now − old))
 * cost = −min(s · A, clip(s, 1 − low, 1 + high) · A)      at each of its tokens
 * }</pre>
 *
 * <p>The mean keeps ratios of long and short responses in one range, which is far narrower than
 * PPO's. The gradient of s reaches each token with that token's own advantage (the paper's
 * GSPO-token), which is the same where the advantage is that of the response. Made for aggregation
 * by sequence. Reports {@code clip-share}.
 *
 * @param low how far the ratio may fall, in [0, 1)
 * @param high how far it may rise, at least 0
 */
@Method(source = "arXiv 2507.18071")
public record Gspo(@Default("3e-4") double low, @Default("4e-4") double high)
    implements PolicyObjective {
  public Gspo {
    PpoClip.expectRange(low, high);
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    Tensor a = batch.advantage();
    Tensor now = batch.now();
    Tensor mean = batch.meanByResponse(sub(now, batch.old())).detach();
    // The ratio's value is the response's; what can be changed of it is the token's.
    Tensor ratio = mul(batch.atTokens(Ratio.of(mean)), Ratio.of(sub(now, now.detach())));
    Tensor free = neg(mul(ratio, a));
    Tensor held = neg(mul(clamp(ratio, 1 - low, 1 + high), a));
    return TokenLoss.of(max(free, held))
        .with("clip-share", Ops.to(held.gt(free), ScalarType.Float));
  }
}
