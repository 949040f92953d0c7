package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.cumulativeSum;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.expm1;
import static dev.goodhart.neural.engine.Ops.max;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.scalarLike;
import static dev.goodhart.neural.engine.Ops.sqrt;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.neural.engine.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Holds the policy near its reference by the χ² divergence of what they produce. Against a proxy
 * that agrees with the true reward only on what the reference produces: what the true reward gains
 * is bounded from below by the proxy's gain minus a multiple of √χ², and by no function of KL,
 * which lets a policy put much weight on what the reference almost never says.
 *
 * <pre>{@code
 * l    = log policy − log reference       of whole responses, of prefixes, or of single tokens
 * χ²   = E_policy[exp(l) − 1]             estimated by the weighted mean over the batch
 * loss = coefficient · χ²,   or coefficient · √max(χ², floor) with root
 * }</pre>
 *
 * <p>{@code occupancy} counts every prefix of a response as a state that the policy visits; {@code
 * response} is the occupancy of a policy that takes one step, the response as a whole; {@code
 * token} compares distributions of the next token alone and forgets how the policy came there.
 *
 * <p>Differentiating the mean of exp(l) − 1 over drawn responses would give half of ∇χ², as the
 * drawing changes too. So with {@code exact} the cost is 2·(exp(l) − 1 − l), whose gradient has the
 * mean ∇χ² (it is 0 at the reference sample by sample), and with root the same divided by 2·√χ².
 * {@code symmetric} is the authors' loss, exp(l) + exp(−l) − 2 in place of exp(l) − 1: what it adds
 * has the mean 0 and a gradient of its own, so that it pulls as χ²/2 and KL(reference ‖ policy)
 * together. Beyond {@code limit} exponentials go on as their tangents. Reports {@code chi-squared},
 * the estimate of E[exp(l) − 1], by what is weighed.
 *
 * <p>System 11; not the odds-ratio method of the same initials, {@code orpo}.
 *
 * @param coefficient what a unit of χ², or of √χ², costs, at least 0; the bound asks for σ·√(1 −
 *     r²) with root, σ the proxy's deviation under the reference and r its correlation with the
 *     truth
 * @param on what is compared
 * @param root whether √χ² is penalised, as the bound does; it may hold the policy fast up to some
 *     reward and then let it go all at once
 * @param form of the loss
 * @param limit of |l|, above 0
 * @param floor of χ² under the root, above 0: at 0 its gradient is infinite
 */
@Method(id = 11, source = "arXiv 2403.03185")
public record ChiSquared(
    @Default("0.05") double coefficient,
    @Default("response") On on,
    @Default("true") boolean root,
    @Default("exact") Form form,
    @Default("10") double limit,
    @Default("1e-4") double floor)
    implements Regulariser {
  /** What is compared with the reference. */
  public enum On {
    RESPONSE,
    OCCUPANCY,
    TOKEN
  }

  /** Of the loss. */
  public enum Form {
    EXACT,
    SYMMETRIC
  }

  public ChiSquared {
    Expect.atLeastZero("coefficient", coefficient);
    Expect.positive("limit", limit);
    Expect.positive("floor", floor);
  }

  @Override
  public TokenLoss of(TokenBatch batch) {
    Tensor l = log(batch);
    Tensor rises = expm1Until(limit, l);
    Tensor cost =
        form == Form.EXACT ? mul(2, sub(rises, l)) : add(rises, expm1Until(limit, neg(l)));
    if (root) cost = root(batch, rises, cost);
    return TokenLoss.of(mul(coefficient, cost)).with("chi-squared", rises);
  }

  /** The logarithm of the ratio that counts at each token. */
  private Tensor log(TokenBatch batch) {
    Tensor byToken = sub(batch.now(), batch.toReference());
    return switch (on) {
      case TOKEN -> byToken;
      case RESPONSE -> batch.atTokens(batch.sumByResponse(byToken));
      case OCCUPANCY -> {
        long[] lengths = Arrays.stream(batch.lengths()).asLongStream().toArray();
        List<Tensor> sums = new ArrayList<>();
        for (Tensor response : Ops.split(byToken, 0, lengths)) sums.add(cumulativeSum(response, 0));
        yield Ops.cat(0, sums);
      }
    };
  }

  /** What a token adds to the root of the batch's mean, to first order: the chain rule. */
  private Tensor root(TokenBatch batch, Tensor rises, Tensor cost) {
    Tensor weight = batch.weight();
    Tensor estimate = form == Form.EXACT ? rises : cost;
    Tensor mean = div(sum(mul(weight, estimate)), max(sum(weight), scalarLike(weight, 1e-30)));
    Tensor root = sqrt(max(mean.detach(), scalarLike(mean, floor)));
    // Below its floor the root is flat.
    return Ops.where(Ops.less(mean.detach(), floor), mul(cost, 0), div(cost, mul(2, root)));
  }

  /**
   * What a step is to be charged for in its reward, where the ratio of occupancies is known or a
   * discriminator estimates it: a policy gradient of the rewards less these, held fixed, is that of
   * the reward less the penalty.
   *
   * <pre>{@code
   * exact       coefficient · 2 · (exp(d) − 1),   or coefficient · (exp(d) − 1) / √max(χ², floor)
   * symmetric   coefficient · (exp(d) − 1), the authors': the gradient of half the penalty without
   *             the root
   * }</pre>
   *
   * @param d log occupancy of the policy − log occupancy of the reference, at the step
   * @param chiSquared of the two occupancies, for the root
   */
  public double inReward(double d, double chiSquared) {
    double bent = Math.min(d, limit);
    double rise = Math.expm1(bent) + Math.exp(limit) * (d - bent);
    if (root) {
      return chiSquared < floor && form == Form.EXACT
          ? 0
          : coefficient * rise / Math.sqrt(Math.max(chiSquared, floor));
    }
    return coefficient * (form == Form.EXACT ? 2 : 1) * rise;
  }

  @Override
  public boolean reference() {
    return true;
  }

  /** exp(x) − 1, along its tangent beyond the limit. */
  static Tensor expm1Until(double limit, Tensor x) {
    Tensor bent = clamp(x, Double.NEGATIVE_INFINITY, limit);
    Tensor beyond = clamp(sub(x, limit), 0, Double.POSITIVE_INFINITY);
    return add(expm1(bent), mul(Math.exp(limit), beyond));
  }
}
