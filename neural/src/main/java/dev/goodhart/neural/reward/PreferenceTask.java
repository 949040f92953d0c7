package dev.goodhart.neural.reward;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.rows;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Packing;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.BinaryOutcome;
import dev.goodhart.objective.PairLabels;
import dev.goodhart.objective.PairObjective;
import dev.goodhart.signal.fit.Judgement;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * What comparisons and labels cost a transformer with {@code k} heads, each a member of its own:
 * the objective's cost of the comparisons, the binary cross-entropy of the labels, averaged by
 * weight. A member counts a prompt as often as its draw says:
 *
 * <pre>{@code
 * cost = 1/k Σ_h Σ_i draws_h(prompt_i) weight_i cost_h(i) / Σ_i weight_i
 * }</pre>
 *
 * @param decoder with the heads, over what is trained
 * @param own the objective's own parameters as they are trained; null where it has none
 * @param draws by head and prompt, how often it was drawn; empty for once everywhere
 * @param unit what a strength is multiplied by; 0 for data without strengths, where all count 1
 */
record PreferenceTask(
    Decoder decoder, PairObjective objective, @Nullable Tensor own, int[][] draws, double unit)
    implements Task<Comparisons> {
  @Override
  public int tokens(Comparisons example) {
    return example.tokens();
  }

  @Override
  public double weight(Comparisons example) {
    return example.weight();
  }

  /** Judgements with places in the batch's row of sequences. */
  private record Placed(List<Judgement> pairs, List<Judgement> labels) {
    static Placed of(List<Comparisons> examples) {
      Placed placed = new Placed(new ArrayList<>(), new ArrayList<>());
      int from = 0;
      for (Comparisons example : examples) {
        for (Judgement j : example.judgements()) {
          int second = j.isLabel() ? Judgement.NONE : from + j.second();
          (j.isLabel() ? placed.labels : placed.pairs)
              .add(
                  new Judgement(
                      j.prompt(),
                      from + j.first(),
                      second,
                      j.probability(),
                      j.strength(),
                      j.weight()));
        }
        from += example.sequences().size();
      }
      return placed;
    }
  }

  @Override
  public Cost cost(List<Comparisons> examples) {
    List<int[]> sequences = examples.stream().flatMap(e -> e.sequences().stream()).toList();
    Packing packing = Packing.of(sequences, decoder);
    Tensor hidden = packing.atLast(decoder.hidden(packing.packed()));
    // The loss is computed in 32 bits, also where the model is not.
    Tensor scores = Ops.to(decoder.scores(hidden), ScalarType.Float);
    Placed placed = Placed.of(examples);
    double weight = examples.stream().mapToDouble(this::weight).sum();
    int heads = decoder.config().labels();
    Tensor cost = mul(scores.sum(), 0);
    Tensor right = mul(scores.sum().detach(), 0);
    for (int head = 0; head < heads; head++) {
      Tensor rewards = scores.select(1, head);
      double[] pairs = weights(placed.pairs, head);
      double[] labels = weights(placed.labels, head);
      if (sum(pairs) > 0) {
        Tensor first = at(rewards, placed.pairs.stream().mapToLong(Judgement::first).toArray());
        Tensor second = at(rewards, placed.pairs.stream().mapToLong(Judgement::second).toArray());
        cost = add(cost, mul(pairs(first, second, placed.pairs, pairs), sum(pairs) / weight));
        right = add(right, right(objective.lead(first, second), placed.pairs));
      }
      if (sum(labels) > 0) {
        Tensor of = at(rewards, placed.labels.stream().mapToLong(Judgement::first).toArray());
        double[] good = placed.labels.stream().mapToDouble(Judgement::probability).toArray();
        Tensor loss = new BinaryOutcome(1).loss(of, Ops.like(of, good), Ops.like(of, labels));
        cost = add(cost, mul(loss, sum(labels) / weight));
      }
    }
    Cost mean = Cost.of(div(cost, heads));
    return placed.pairs.isEmpty() ? mean : mean.with("accuracy", div(right, heads));
  }

  private Tensor at(Tensor rewards, long[] places) {
    return rows(rewards, decoder.device().longs(places));
  }

  private Tensor pairs(Tensor first, Tensor second, List<Judgement> pairs, double[] weights) {
    double[] p = pairs.stream().mapToDouble(Judgement::probability).toArray();
    double[] strength =
        pairs.stream().mapToDouble(j -> unit == 0 ? 1 : unit * j.strength()).toArray();
    PairLabels labels = PairLabels.of(first, p, strength, weights);
    return own == null
        ? objective.loss(first, second, labels)
        : objective.loss(first, second, labels, own);
  }

  /** The share of comparisons in the right order, ties half. */
  private static Tensor right(Tensor lead, List<Judgement> pairs) {
    double[] direction =
        pairs.stream().mapToDouble(j -> Math.signum(j.probability() - 0.5)).toArray();
    Tensor agrees = mul(lead.detach().sign(), Ops.like(lead, direction));
    return div(add(agrees.mean(), 1), 2);
  }

  private double[] weights(List<Judgement> judgements, int head) {
    return judgements.stream()
        .mapToDouble(j -> j.weight() * (draws.length == 0 ? 1 : draws[head][j.prompt()]))
        .toArray();
  }

  private static double sum(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum;
  }
}
