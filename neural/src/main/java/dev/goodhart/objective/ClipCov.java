package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.mul;
import static java.util.Objects.requireNonNull;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * PPO's clip that leaves out, besides, a few tokens drawn at random among those that use up the
 * policy's entropy: likely and paid for.
 *
 * <pre>{@code
 * cov  = (now − mean now) · (A − mean A)
 * cost = 0       for share · tokens of those with floor < cov < ceiling, at random
 * cost = PPO's   else
 * }</pre>
 *
 * <p>Which tokens are drawn depends on the seed and the batch's numbers alone, so that a resumed
 * run draws the same. Tokens that PPO's clip holds already are not drawn. Reports {@code
 * clip-share} of both kinds and {@code cov}.
 *
 * @param low how far the ratio may fall, in [0, 1)
 * @param high how far it may rise, at least 0
 * @param share of tokens that are left out, in (0, 1], at least one token if any is in the range
 * @param floor of the range
 * @param ceiling of it, above the floor
 * @param seed of the draws
 */
@Method(source = "arXiv 2505.22617")
public record ClipCov(
    @Default("0.2") double low,
    @Default("0.2") double high,
    @Default("2e-4") double share,
    @Default("1") double floor,
    @Default("5") double ceiling,
    @Default("0") long seed)
    implements PolicyObjective {
  public ClipCov {
    PpoClip.expectRange(low, high);
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must lie in (0, 1], not " + share);
    }
    if (!(floor < ceiling)) {
      throw new IllegalArgumentException(
          "ceiling must be above the floor of " + floor + ", not " + ceiling);
    }
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    TokenLoss ppo = new PpoClip(low, high, 0).of(batch);

    double[] held = doubles(requireNonNull(ppo.also().get("clip-share")));
    Covariance covariance = Covariance.of(batch);
    double[] cov = covariance.values();
    int[] inRange =
        IntStream.range(0, cov.length)
            .filter(t -> covariance.counts(t) && held[t] == 0)
            .filter(t -> cov[t] > floor && cov[t] < ceiling)
            .toArray();
    double[] kept = new double[cov.length];
    Arrays.fill(kept, 1);
    int n = (int) Math.min(inRange.length, Math.max(1, share * covariance.counted()));
    SplittableRandom random = new Seeds(seed).of("clip-cov", Arrays.hashCode(cov));
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i, inRange.length);
      int drawn = inRange[j];
      inRange[j] = inRange[i];
      kept[drawn] = 0;
      held[drawn] = 1;
    }
    Tensor now = batch.now();
    return TokenLoss.of(mul(ppo.cost(), like(now, kept)))
        .with("clip-share", like(now, held))
        .with("cov", like(now, cov));
  }
}
