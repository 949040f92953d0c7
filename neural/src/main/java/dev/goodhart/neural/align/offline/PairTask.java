package dev.goodhart.neural.align.offline;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.slice;
import static dev.goodhart.neural.engine.Ops.sub;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.PairLabels;
import dev.goodhart.objective.PreferenceBatch;
import dev.goodhart.objective.PreferenceObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What preferences cost a policy. Reports {@code accuracy}, the share of pairs that it puts in the
 * label's order by the objective's measure, {@code lead}, by how much, and what has become of the
 * responses' likelihood: {@code chosen-log-prob} and {@code rejected-log-prob}, by which both of a
 * pair can be seen to fall.
 *
 * @param decoder over what is trained
 * @param following labels of the pairs that are learnt from, where they follow the policy; other
 *     pairs cost what the data's labels say
 */
record PairTask(Decoder decoder, PreferenceObjective objective, @Nullable FollowingLabels following)
    implements Task<Pair> {
  /** With labels that follow the policy where the objective asks for them. */
  static PairTask of(Decoder decoder, PreferenceObjective objective, List<Pair> training) {
    return new PairTask(
        decoder, objective, objective.labelsFollow() ? new FollowingLabels(training) : null);
  }

  @Override
  public @Nullable Tensor memory() {
    return following == null ? null : following.all();
  }

  @Override
  public int tokens(Pair example) {
    return example.chosen().length() + example.rejected().length();
  }

  @Override
  public double weight(Pair example) {
    return example.weight();
  }

  @Override
  public Cost cost(List<Pair> pairs) {
    List<Answer> answers = new ArrayList<>();
    for (Pair pair : pairs) answers.add(pair.chosen());
    for (Pair pair : pairs) answers.add(pair.rejected());
    int n = pairs.size();
    Tensor all = Answers.logProbs(decoder, answers);
    Tensor lengths = Answers.lengths(all, answers);
    boolean reference = objective.reference();
    PreferenceBatch batch =
        new PreferenceBatch(
            slice(all, 0, 0, n),
            slice(all, 0, n, 2L * n),
            reference ? row(all, pairs, Pair::referenceChosen) : null,
            reference ? row(all, pairs, Pair::referenceRejected) : null,
            slice(lengths, 0, 0, n),
            slice(lengths, 0, n, 2L * n));
    double[] ones = pairs.stream().mapToDouble(p -> 1).toArray();
    PairLabels labels =
        PairLabels.of(
            all,
            pairs.stream().mapToDouble(Pair::probability).toArray(),
            ones,
            pairs.stream().mapToDouble(Pair::weight).toArray());
    Tensor lead = objective.lead(batch).detach();
    // Turned round where the second is the better one; a tie leads nowhere.
    Tensor agrees = mul(lead, sub(labels.probability(), 0.5).sign());
    return Cost.of(loss(pairs, batch, labels))
        .with("accuracy", mean(div(add(agrees.sign(), 1), 2), labels))
        .with("lead", mean(agrees, labels))
        .with("chosen-log-prob", mean(batch.chosen().detach(), labels))
        .with("rejected-log-prob", mean(batch.rejected().detach(), labels));
  }

  private Tensor loss(List<Pair> pairs, PreferenceBatch batch, PairLabels labels) {
    if (following == null || !following.know(pairs)) return objective.loss(batch, labels);
    Tensor now = following.of(pairs, batch.chosen());
    Tensor loss = objective.loss(batch, labels, now);
    if (loss.requires_grad()) following.become(pairs, objective.follow(batch, now));
    return loss;
  }

  private static Tensor mean(Tensor byPair, PairLabels labels) {
    return div(sum(mul(byPair, labels.weight())), sum(labels.weight()));
  }

  private static Tensor row(Tensor like, List<Pair> pairs, ToDoubleFunction<Pair> part) {
    return Ops.like(like, pairs.stream().mapToDouble(part).toArray());
  }
}
