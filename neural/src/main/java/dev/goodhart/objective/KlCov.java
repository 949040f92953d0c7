package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.abs;
import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Keeps a policy exploring by holding back the few tokens that use up its entropy: those that are
 * likely and paid for, with the largest covariance of log-probability and advantage.
 *
 * <pre>{@code
 * cov  = (now − mean now) · (A − mean A)
 * cost = coefficient · |now − old|       for the share of tokens with the largest cov, else 0
 * }</pre>
 *
 * <p>Beside {@code policy-gradient} or {@code ppo-clip}. In the first step over a batch now = old,
 * so that it acts only where a batch takes several steps. Reports {@code cov} and {@code
 * held-share}.
 *
 * @param share of tokens that are held back, in (0, 1], at least one token
 * @param coefficient what a nat costs that such a token moves, at least 0
 */
@Method(source = "arXiv 2505.22617")
public record KlCov(@Default("2e-4") double share, @Default("1") double coefficient)
    implements Regulariser {
  public KlCov {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must lie in (0, 1], not " + share);
    }
    Expect.atLeastZero("coefficient", coefficient);
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    Covariance covariance = Covariance.of(batch);
    int held = (int) Math.max(1, share * covariance.counted());
    double[] chosen = new double[covariance.values().length];
    IntStream.range(0, chosen.length)
        .filter(covariance::counts)
        .boxed()
        .sorted(Comparator.comparingDouble(t -> -covariance.values()[t]))
        .limit(held)
        .forEach(t -> chosen[t] = 1);
    Tensor mask = like(batch.now(), chosen);
    return TokenLoss.of(mul(mul(coefficient, mask), abs(sub(batch.now(), batch.old()))))
        .with("cov", like(batch.now(), covariance.values()))
        .with("held-share", mask);
  }
}
