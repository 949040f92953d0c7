package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.sqrt;
import static dev.goodhart.neural.engine.Ops.square;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Preferences that no scale can order: A beats B, B beats C and C beats A, as when judges look at
 * different things in different pairs. The model says a vector v of each response instead of a
 * reward; k blocks of a quarter turn compare two of them.
 *
 * <pre>{@code
 * s(a, b) = Σ_l (a_{2l} · b_{2l+1} − a_{2l+1} · b_{2l}),   l = 0 … k − 1
 * cost    = −[p · log σ(s/τ) + (1 − p) · log σ(−s/τ)]
 * }</pre>
 *
 * <p>in nats. s(a, b) = −s(b, a) whatever the model says. Bradley–Terry is k = 1, τ = 1 and v = (r,
 * 1) without normalisation. There is no reward of one response: it is compared with others, for
 * instance by its mean score against a set of references. n responses need n passes of the model,
 * not n².
 *
 * <p>The general preference model of Zhang and others 2024 (system 143), without its weights of
 * blocks by prompt.
 *
 * @param blocks k, at least 1: half of the numbers that the model says of a response. One block can
 *     hold a cycle, but where the vectors begin side by side training may leave them there (from 4
 *     of 30 random starts around a circle of three); two did not get stuck
 * @param temperature τ, above 0: vectors of length 1 score at most 1, so it must be small. In a
 *     circle of three each can beat the next with probability σ(0.87/τ) at most: 0.9998 for 0.1 and
 *     0.70 for 1
 * @param normalise whether vectors are brought to length 1, without which they grow while training
 */
@Method(source = "arXiv 2410.02197")
public record GeneralPreference(
    @Default("2") int blocks,
    @Default("0.1") double temperature,
    @Default("true") boolean normalise)
    implements PairObjective {
  private static final double LEAST_SQUARE = 1e-12;

  public GeneralPreference {
    if (blocks < 1 || blocks > 1 << 16) {
      throw new IllegalArgumentException("blocks must lie in [1, 65536], not " + blocks);
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature must be finite and above 0, not " + temperature);
    }
  }

  @Override
  public int width() {
    return 2 * blocks;
  }

  @Override
  public Tensor loss(Tensor chosen, Tensor rejected, PairLabels labels) {
    labels.expect(chosen, rejected);
    return labels.mean(BradleyTerry.cost(labels.probability(), lead(chosen, rejected)));
  }

  /**
   * s/τ, the log-odds of the chosen response.
   *
   * @param chosen vectors, {@code [batch, width]}
   * @param rejected vectors, {@code [batch, width]}
   */
  @Override
  public Tensor lead(Tensor chosen, Tensor rejected) {
    Expect.rows("chosen", chosen, width());
    Expect.sameShape("rejected", rejected, "chosen", chosen);
    Tensor a = unit(chosen).reshape(-1, blocks, 2);
    Tensor b = unit(rejected).reshape(-1, blocks, 2);
    Tensor turned =
        sub(mul(a.select(-1, 0), b.select(-1, 1)), mul(a.select(-1, 1), b.select(-1, 0)));
    return div(sum(turned, -1), temperature);
  }

  private Tensor unit(Tensor v) {
    if (!normalise) return v;
    // The root of exactly 0 has no gradient: a vector of zeros stays one and learns.
    return div(v, sqrt(add(sum(square(v), -1), LEAST_SQUARE)).unsqueeze(-1));
  }
}
