package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.add;
import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.logSumExp;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.neural.engine.Device;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * A language model as reward model without a head of its own: it is asked "is this response good?",
 * and what it would say next is the reward. For models that judge well already, and for criteria
 * that stand in the question. With l the logits of the next token
 *
 * <pre>{@code
 * score z = log Σ_yes exp(l_i) − log Σ_no exp(l_j)            the log-odds of yes against no
 * cost    = −[p · log P(yes) + (1 − p) · log P(no)]
 * }</pre>
 *
 * <p>in nats, the probabilities over the two answers, where P(yes) = σ(z), or over the whole
 * vocabulary. The score is the same in both: what differs is whether training also moves
 * probability from other tokens to the two answers, as fine-tuning on the answer's text does. As in
 * system 24.
 *
 * @param yes the numbers of the tokens that mean yes, such as those of "Yes" and " yes"
 * @param no the numbers of those that mean no; none may be in both
 * @param over what probabilities are normalised over
 */
@Method(source = "arXiv 2408.15240; arXiv 2509.08826")
public record YesToken(List<Integer> yes, List<Integer> no, @Default("answers") Over over)
    implements Objective {
  /** What probabilities are normalised over. */
  public enum Over {
    ANSWERS,
    VOCABULARY
  }

  public YesToken {
    yes = tokens("yes", yes);
    no = tokens("no", no);
    Set<Integer> both = new HashSet<>(yes);
    both.retainAll(no);
    if (!both.isEmpty()) {
      throw new IllegalArgumentException("no must not hold tokens of yes: " + both);
    }
  }

  private static List<Integer> tokens(String name, List<Integer> tokens) {
    if (tokens.isEmpty()
        || tokens.stream().anyMatch(t -> t < 0)
        || Set.copyOf(tokens).size() != tokens.size()) {
      throw new IllegalArgumentException(
          name + " must be one or more numbers of tokens, each once, not " + tokens);
    }
    return List.copyOf(tokens);
  }

  /**
   * The log-odds of yes, {@code [batch]}.
   *
   * @param logits of the next token, {@code [batch, vocabulary]}
   */
  public Tensor score(Tensor logits) {
    return sub(total(logits, yes), total(logits, no));
  }

  /**
   * The mean cost, a scalar.
   *
   * @param logits of the next token, {@code [batch, vocabulary]}
   * @param labels the probability that the answer is yes, {@code [batch]}
   * @param weight how much each label counts, {@code [batch]}
   */
  public Tensor loss(Tensor logits, Tensor labels, Tensor weight) {
    Expect.shape("labels", labels, logits.size(0));
    Expect.sameShape("weight", weight, "labels", labels);
    if (over == Over.ANSWERS) {
      return Weighted.mean(BradleyTerry.cost(labels, score(logits)), weight);
    }
    Tensor logP = logSoftmax(logits, -1);
    Tensor said = add(mul(labels, total(logP, yes)), mul(sub(1, labels), total(logP, no)));
    return Weighted.mean(neg(said), weight);
  }

  private static Tensor total(Tensor logits, List<Integer> tokens) {
    if (logits.dim() != 2) Expect.shape("logits", logits, logits.size(0), -1);
    for (int token : tokens) {
      if (token >= logits.size(1)) {
        throw new IllegalArgumentException(
            "token " + token + " is not in the vocabulary of " + logits.size(1));
      }
    }
    Tensor index = Device.of(logits).longs(tokens.stream().mapToLong(Integer::longValue).toArray());
    return logSumExp(logits.index_select(1, index), -1);
  }
}
