package dev.goodhart.neural.generate;

import static dev.goodhart.neural.engine.Ops.argmax;
import static dev.goodhart.neural.engine.Ops.clamp;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.exp;
import static dev.goodhart.neural.engine.Ops.fill;
import static dev.goodhart.neural.engine.Ops.less;
import static dev.goodhart.neural.engine.Ops.log;
import static dev.goodhart.neural.engine.Ops.logSumExp;
import static dev.goodhart.neural.engine.Ops.longs;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.pick;
import static dev.goodhart.neural.engine.Ops.slice;
import static dev.goodhart.neural.engine.Ops.softmax;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.to;
import static dev.goodhart.neural.engine.Ops.top;
import static dev.goodhart.neural.engine.Ops.where;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The next token of each row, by inverting the cumulative distribution at a number of the row's
 * own. Every operation works on each row by itself, so that a row's token does not depend on the
 * others.
 *
 * @param ids {@code [rows]}
 * @param logProbs of the tokens under the model itself: softmax of the raw scores
 * @param sampledLogProbs of the tokens under the distribution that they were drawn from, after
 *     penalty, temperature and filters; 0 for greedy
 * @param topIds the most likely tokens of each row under the model itself, most likely first,
 *     {@code [rows · logprobs]}
 * @param topLogProbs theirs
 */
record NextToken(
    long[] ids, double[] logProbs, double[] sampledLogProbs, long[] topIds, double[] topLogProbs) {

  /**
   * @param logits {@code [rows, vocabulary]}
   * @param seen true for tokens that stand in the row already, {@code [rows, vocabulary]}; null
   *     where there is no penalty
   * @param uniforms in [0, 1), {@code [rows]}
   */
  static NextToken draw(
      Tensor logits, @Nullable Tensor seen, Sampling sampling, double[] uniforms) {
    Tensor raw = to(logits, ScalarType.Float);
    Tensor scores = seen == null ? raw : penalised(raw, seen, sampling.repetitionPenalty());
    Tensor ids;
    double[] sampled;
    if (sampling.isGreedy()) {
      ids = argmax(scores);
      sampled = new double[uniforms.length];
    } else {
      Tensor probabilities = softmax(filtered(scores, sampling), -1);
      Tensor cumulative = cumulative(probabilities);
      long last = cumulative.size(1) - 1;
      Tensor total = slice(cumulative, 1, last, last + 1);
      Tensor at = mul(Device.of(logits).move(Tensor.create(uniforms)).unsqueeze(1), total);
      ids = above(cumulative, at).squeeze(1);
      sampled = doubles(log(div(pick(probabilities, ids), to(total.squeeze(1), ScalarType.Float))));
    }
    Tensor normaliser = logSumExp(raw, -1);
    double[] own = doubles(sub(pick(raw, ids), normaliser));
    if (sampling.logprobs() == 0) {
      return new NextToken(longs(ids), own, sampled, new long[0], new double[0]);
    }
    Ops.Top top = top(raw, (int) Math.min(sampling.logprobs(), raw.size(1)));
    return new NextToken(
        longs(ids),
        own,
        sampled,
        longs(top.indices()),
        doubles(sub(top.values(), normaliser.unsqueeze(1))));
  }

  /** CTRL (Keskar et al. 2019), as transformers has it: away from 0 and below, towards 0 above. */
  private static Tensor penalised(Tensor scores, Tensor seen, double penalty) {
    Tensor less = where(less(scores, 0), mul(scores, penalty), div(scores, penalty));
    return where(seen, less, scores);
  }

  /** After temperature, top-k, top-p and min-p: −∞ where a token is out. */
  static Tensor filtered(Tensor scores, Sampling sampling) {
    Tensor kept = sampling.temperature() == 1 ? scores : div(scores, sampling.temperature());
    int vocabulary = Math.toIntExact(kept.size(1));
    if (sampling.topK() > 0 && sampling.topK() < vocabulary) {
      Tensor largest = top(kept, sampling.topK()).values();
      kept = atLeast(kept, slice(largest, 1, sampling.topK() - 1, sampling.topK()));
    }
    if (sampling.topP() < 1) kept = atLeast(kept, nucleus(kept, sampling.topP()));
    if (sampling.minP() > 0) {
      // p ≥ minP · max p, in logarithms: the normaliser cancels.
      Tensor largest = kept.amax(new long[] {1}, true);
      kept = atLeast(kept, Ops.add(largest, Math.log(sampling.minP())));
    }
    return kept;
  }

  private static Tensor atLeast(Tensor scores, Tensor least) {
    return fill(scores, scores.lt(least), Double.NEGATIVE_INFINITY);
  }

  /**
   * The least score of the fewest most likely tokens whose probabilities reach p, {@code [rows,
   * 1]}. Sorting a whole vocabulary costs more than a small model, and the set is nearly always
   * small: so first a thousand tokens are sorted, and more only where they do not reach p.
   */
  private static Tensor nucleus(Tensor scores, double p) {
    int vocabulary = Math.toIntExact(scores.size(1));
    Tensor normaliser = logSumExp(scores, -1).unsqueeze(1);
    for (int k = 1024; ; k = k > vocabulary / 8 ? vocabulary : 8 * k) {
      int n = Math.min(k, vocabulary);
      Tensor sorted = top(scores, n).values();
      Tensor reached = cumulative(exp(sub(sorted, normaliser)));
      if (n < vocabulary && anyBelow(slice(reached, 1, n - 1, n), p)) continue;
      // As many sums are below p as tokens stand before the one that reaches it; should rounding
      // keep all below, the last one does.
      Tensor place = to(clamp(less(reached, p).sum(-1), 0, n - 1), ScalarType.Long);
      return pick(sorted, place).unsqueeze(1);
    }
  }

  private static boolean anyBelow(Tensor values, double p) {
    for (double value : doubles(values)) if (value < p) return true;
    return false;
  }

  /** In 64 bits: a sum of a vocabulary's probabilities in 32 bits would lose the small ones. */
  private static Tensor cumulative(Tensor probabilities) {
    try (ScalarTypeOptional type = new ScalarTypeOptional(ScalarType.Double)) {
      return probabilities.cumsum(-1, type);
    }
  }

  /** The first place of each row whose value is above the row's number. */
  private static Tensor above(Tensor sorted, Tensor numbers) {
    try (StringViewOptional side = new StringViewOptional();
        TensorOptional sorter = new TensorOptional()) {
      return torch.searchsorted(sorted, numbers, false, true, side, sorter);
    }
  }
}
