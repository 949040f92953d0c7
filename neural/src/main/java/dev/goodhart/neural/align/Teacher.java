package dev.goodhart.neural.align;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.objective.Distillation;
import dev.goodhart.run.Progress;

/**
 * On-policy distillation: a model that the policy learns from beside the reward, or in its place,
 * by what it would have said at each token of the responses that the policy has drawn.
 *
 * <pre>{@code
 * cost = (1 − share) · (objective + regularisers) + share · distillation
 * }</pre>
 *
 * <p>a token; the mean over responses of {@code Σ_t weight · cost}, with the weight of the run's
 * {@link Aggregation}. A teacher needs no reward: its part counts all responses that were drawn,
 * also unscored ones, groups of equal rewards and those that the {@link
 * dev.goodhart.explore.Explore} sets aside. The other part is the mean over those that have credit,
 * as without a teacher. At a share of 1 rewards are scored, watched and logged and nothing more:
 * there is no credit, no critic, and no regulariser.
 *
 * <p>Logged as {@code distillation}, in nats a token before each update. Source: GKD, arXiv
 * 2306.13649.
 *
 * @param model with the policy's vocabulary; it reads the same tokens, also those of the policy's
 *     chat template, and does not change
 * @param share of the teacher in the cost, in (0, 1]
 * @param distillation what separates the two, over the logits as they are: its temperature is its
 *     own, not that of the draws
 */
public record Teacher(
    BaseModel model, @Default("1") double share, @Default("{}") Distillation distillation) {
  public Teacher {
    Check.that(share > 0 && share <= 1, "share", "in (0, 1]", share);
  }

  /**
   * @throws GoodhartException if its tokens are not those of the policy, or it is missing
   */
  Teaching open(Policy policy, Tasks tasks, long seed, Device device, Progress progress) {
    Policy teacher = model.open(tasks, seed, device, progress);
    long theirs = teacher.decoder().config().vocabulary();
    long own = policy.decoder().config().vocabulary();
    if (theirs != own) {
      throw new GoodhartException(
          "teacher.model: it has a vocabulary of %d tokens, the policy one of %d; both must read the same tokens: name a teacher of the policy's family"
              .formatted(theirs, own));
    }
    expectSameTokens(teacher.tokenizer(), policy.tokenizer());
    return new Teaching(teacher.decoder(), distillation);
  }

  /** Special tokens may be named anew from one release of a family to the next. */
  private static void expectSameTokens(Tokenizer theirs, Tokenizer own) {
    for (int id = 0; id < Math.min(theirs.size(), own.size()); id++) {
      String one = theirs.token(id);
      String other = own.token(id);
      if (one.equals(other) || one.isEmpty() || other.isEmpty()) continue;
      if (theirs.isSpecial(id) && own.isSpecial(id)) continue;
      throw new GoodhartException(
          "teacher.model: its token %d is '%s', the policy's '%s'; both must read the same tokens: name a teacher of the policy's family"
              .formatted(id, one, other));
    }
  }
}
