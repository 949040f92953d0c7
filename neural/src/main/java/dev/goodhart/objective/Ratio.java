package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.exp;
import static dev.goodhart.neural.engine.Ops.sub;

import org.bytedeco.pytorch.Tensor;

/** How much likelier something has become, as a ratio of probabilities. */
final class Ratio {
  /**
   * In 32 bits exp overflows beyond 88, and infinity times a weight of 0 is NaN. A ratio of e²⁰ is
   * as good as infinite to any clip.
   */
  private static final double MOST = 20;

  private Ratio() {}

  /** exp(log), of a difference of log-probabilities that is held within ±20. */
  static Tensor of(Tensor log) {
    return exp(clamp(log, -MOST, MOST));
  }

  /** exp(now − old) of each token, {@code [tokens]}. */
  static Tensor ofTokens(TokenBatch batch) {
    return of(sub(batch.now(), batch.old()));
  }
}
