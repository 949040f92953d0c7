package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.stack;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.sum;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What the data says of a batch of pairs, each {@code [batch]}. A tie is a label like any other and
 * trains a tie; a probability trains a probability.
 *
 * @param probability that the chosen response is the better one, in [0, 1]; a tie counts half, so
 *     it is 0.5 for a tie, and 0.8 where three of five preferred it and two were undecided
 * @param tie the share of judgements that found none better, in [0, 1], and at most twice the
 *     smaller of probability and 1 − probability; only objectives that know ties look at it
 * @param strength by how much the better response is better, in the data's unit, at least 0; 1
 *     where the data does not say
 * @param weight how much the pair counts, at least 0; 0 for one that only fills the batch
 */
public record PairLabels(Tensor probability, Tensor tie, Tensor strength, Tensor weight) {
  public PairLabels {
    Expect.sameShape("tie", tie, "probability", probability);
    Expect.sameShape("strength", strength, "probability", probability);
    Expect.sameShape("weight", weight, "probability", probability);
  }

  /**
   * Labels as the data has them: probability 0.5 is a tie, as in {@link
   * dev.goodhart.Preference#isTie()}.
   *
   * @param like a tensor of the type and on the device that the labels shall have
   */
  public static PairLabels of(
      Tensor like, double[] probability, double[] strength, double[] weight) {
    double[] tie = new double[probability.length];
    for (int i = 0; i < tie.length; i++) tie[i] = probability[i] == 0.5 ? 1 : 0;
    return new PairLabels(
        like(like, probability), like(like, tie), like(like, strength), like(like, weight));
  }

  /** Plain preferences of strength and weight 1, one for each row. */
  public static PairLabels preferred(Tensor rows) {
    Tensor ones = torch.ones(new long[] {rows.size(0)}, rows.options());
    return new PairLabels(ones, mul(ones, 0), ones, ones);
  }

  public PairLabels withProbability(Tensor probability) {
    return new PairLabels(probability, tie, strength, weight);
  }

  public PairLabels withTie(Tensor tie) {
    return new PairLabels(probability, tie, strength, weight);
  }

  public PairLabels withStrength(Tensor strength) {
    return new PairLabels(probability, tie, strength, weight);
  }

  public PairLabels withWeight(Tensor weight) {
    return new PairLabels(probability, tie, strength, weight);
  }

  /** The share of judgements for the chosen response. */
  Tensor wins() {
    return sub(probability, mul(0.5, tie));
  }

  /** The share of judgements for the rejected one. */
  Tensor losses() {
    return sub(1, probability).sub(mul(0.5, tie));
  }

  /** 1 where the chosen response is the better one, −1 where the rejected one is, 0 for a tie. */
  Tensor direction() {
    return sub(probability, 0.5).sign();
  }

  /** The mean cost of a pair: Σ weight · cost / Σ weight. */
  Tensor mean(Tensor cost) {
    return Weighted.mean(cost, weight);
  }

  /**
   * −Σ share · ln P over the three outcomes of each pair.
   *
   * @param outcomes ln P of the chosen response, of the rejected one, of a tie: {@code [batch, 3]}
   */
  Tensor outcomeCost(Tensor outcomes) {
    return neg(sum(mul(stack(-1, List.of(wins(), losses(), tie)), outcomes), -1));
  }

  /** The labels are of these pairs. */
  void expect(Tensor chosen, Tensor rejected) {
    Expect.sameShape("rejected", rejected, "chosen", chosen);
    Expect.shape("probability", probability, chosen.size(0));
  }
}
