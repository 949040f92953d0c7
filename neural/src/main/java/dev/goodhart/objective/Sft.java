package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.neg;

import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Supervised fine-tuning: makes the given responses likely. Where a policy begins, before anything
 * is optimised.
 *
 * <pre>{@code cost = −Σ weight · log-probability / Σ weight      over the responses' tokens}</pre>
 *
 * <p>in nats a token; the prompt's tokens are no part of it.
 */
@Method(source = "arXiv 2203.02155")
public record Sft() implements Objective {
  /**
   * The mean cost of a token, a scalar.
   *
   * @param logProbs of the responses' tokens, {@code [tokens]}
   * @param weight how much each counts, {@code [tokens]}; 0 for none
   */
  public Tensor loss(Tensor logProbs, Tensor weight) {
    Expect.sameShape("weight", weight, "logProbs", logProbs);
    return neg(Weighted.mean(Weighted.only(logProbs, weight), weight));
  }
}
