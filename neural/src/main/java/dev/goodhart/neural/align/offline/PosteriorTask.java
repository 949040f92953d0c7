package dev.goodhart.neural.align.offline;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.div;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.Brain;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What separates a policy from the posterior of the fine-tuned model given good responses, by
 * prompts with scored responses that are there. Reports {@code effective}, on how many responses a
 * prompt's target rests: near 1 it is time to draw anew.
 *
 * @param decoder over what is trained
 */
public record PosteriorTask(Decoder decoder, Brain objective) implements Task<ScoredAnswers> {
  @Override
  public int tokens(ScoredAnswers example) {
    return example.answers().stream().mapToInt(Answer::length).sum();
  }

  @Override
  public Cost cost(List<ScoredAnswers> prompts) {
    List<Answer> all = new ArrayList<>();
    for (ScoredAnswers prompt : prompts) all.addAll(prompt.answers());
    Tensor now = Answers.logProbs(decoder, all);
    Tensor loss = Ops.scalarLike(now, 0);
    Tensor effective = Ops.scalarLike(now, 0);
    int at = 0;
    for (ScoredAnswers prompt : prompts) { // prompts may have unlike numbers of responses
      int n = prompt.answers().size();
      Tensor own = Ops.slice(now, 0, at, at + n).unsqueeze(0);
      Tensor prior = row(now, prompt.prior());
      Tensor proposal = row(now, prompt.proposal());
      Tensor rewards = row(now, prompt.rewards());
      loss = add(loss, objective.loss(own, prior, proposal, rewards));
      Tensor targets = objective.targets(prior, proposal, rewards);
      effective = add(effective, Ops.sum(objective.effective(targets)));
      at += n;
    }
    return Cost.of(div(loss, prompts.size())).with("effective", div(effective, prompts.size()));
  }

  private static Tensor row(Tensor like, double[] values) {
    return Ops.like(like, values).unsqueeze(0);
  }
}
