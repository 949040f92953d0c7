package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Clip and Delta: makes the step scores of a process reward model safe to be optimised. Added up as
 * they are, scores above 0 pay for every further step, and a policy learns to repeat harmless ones.
 *
 * <p>For a response of K steps with scores s_k and an outcome reward S:
 *
 * <pre>{@code
 * clip:   c_k = min(s_k - eta, 0)                             only bad steps count, against
 * delta:  d_k = c_k - c_{k+1} for k < K-1,  d_{K-1} = c_{K-1},  d_K = 0
 * reward: alpha d_k at the end of step k, S at the end of the response
 * }</pre>
 *
 * <p>Delta telescopes: from step k on, alpha c_k is still to be earned, and from the first on alpha
 * c_1, whatever the number of steps. Delta without clip nonetheless pays for padding under {@link
 * StepLeaveOneOut} and other reward-to-go, because the charge for a step stands at the step before
 * it: with scores above 0 every further step is credited alpha s_k and only the last one S alone.
 * With clip what is to be earned is never above 0.
 *
 * <p>The step scores are the parts of the reward's part {@code steps}, in their order; the reward's
 * own value is S, so give the process reward no weight in it. Rewards a token that the roll-outs
 * bring are replaced. A response whose scored steps do not fit its segments (one score a segment,
 * and perhaps one more segment behind the last step), or one of whose steps is unscored, is masked.
 *
 * @param alpha how much step scores count, at least 0
 * @param eta below which score a step is bad; by default the mean over the steps of the group
 * @param clip whether to clip
 * @param delta whether to take differences
 * @param steps the name of the part that holds the step scores; it may be a part of a part
 * @param credit what makes advantages of these rewards; with a discount the sums do not telescope
 */
@Method(id = 14, source = "arXiv 2410.15115")
public record ClipDelta(
    @Default("0.02") double alpha,
    OptionalDouble eta,
    @Default("true") boolean clip,
    @Default("true") boolean delta,
    @Default("steps") String steps,
    @Default("{ step-leave-one-out: {} }") Credit credit)
    implements Credit {
  public ClipDelta {
    if (!(alpha >= 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("alpha must be finite and at least 0, not " + alpha);
    }
  }

  @Override
  public boolean critic() {
    return credit.critic();
  }

  @Override
  public boolean greedy() {
    return credit.greedy();
  }

  /**
   * @throws GoodhartException if a reward has no part with step scores, or several
   */
  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    return credit.credit(batch.stream().map(this::refined).toList());
  }

  /**
   * What is made of the scores of one response.
   *
   * @param scores {@code [steps]}
   * @param bad below which a step is bad
   * @return {@code [steps]}, before alpha
   */
  public double[] refined(double[] scores, double bad) {
    int n = scores.length;
    double[] clipped = Arrays.stream(scores).map(s -> clip ? Math.min(s - bad, 0) : s).toArray();
    if (!delta) {
      return clipped;
    }
    double[] refined = new double[n];
    for (int k = 0; k < n - 1; k++) {
      refined[k] = clipped[k] - (k < n - 2 ? clipped[k + 1] : 0);
    }
    return refined;
  }

  private Rollouts refined(Rollouts rollouts) {
    int n = rollouts.group().size();
    List<Reward> rewards = new ArrayList<>(rollouts.group().rewards());
    double[][] scores = new double[n][];
    for (int i = 0; i < n; i++) {
      scores[i] = new double[0];
      if (rewards.get(i) instanceof Scored reward) {
        List<Reward> found = found(reward);
        int segments = rollouts.tokens().get(i).ends().length;
        if (found.isEmpty() && unscored(reward)) {
          rewards.set(i, new Unscored("steps unscored"));
        } else if (!found.stream().allMatch(Scored.class::isInstance)) {
          rewards.set(i, new Unscored("steps unscored"));
        } else if (segments - found.size() < 0 || segments - found.size() > 1) {
          rewards.set(i, new Unscored("steps do not fit the tokens"));
        } else {
          scores[i] = found.stream().mapToDouble(s -> ((Scored) s).value()).toArray();
        }
      }
    }
    double bad =
        eta.orElse(Arrays.stream(scores).flatMapToDouble(Arrays::stream).average().orElse(0));
    List<Tokens> tokens = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Tokens before = rollouts.tokens().get(i);
      double[] byToken = new double[before.size()];
      double sum = 0;
      if (rewards.get(i) instanceof Scored outcome) {
        byToken[byToken.length - 1] = outcome.value();
        double[] refined = refined(scores[i], bad);
        for (int k = 0; k < refined.length; k++) {
          byToken[before.ends()[k] - 1] += alpha * refined[k];
          sum += alpha * refined[k];
        }
        rewards.set(i, outcome.withValue(outcome.value() + sum));
      }
      tokens.add(new Tokens(byToken, before.ends(), before.values(), before.logProbs()));
    }
    return new Rollouts(new Group(rollouts.group().samples(), rewards), tokens, rollouts.greedy());
  }

  private List<Reward> found(Scored reward) {
    List<List<Reward>> found = new ArrayList<>();
    search(reward, found);
    if (found.size() > 1 || (found.isEmpty() && !unscored(reward))) {
      throw new GoodhartException(
          "clip-delta: needs step scores, in the parts of one part '%s'; found %d such parts"
              .formatted(steps, found.size()));
    }
    return found.isEmpty() ? List.of() : found.getFirst();
  }

  private void search(Reward reward, List<List<Reward>> found) {
    reward
        .parts()
        .forEach(
            (name, part) -> {
              if (name.equals(steps)) {
                found.add(List.copyOf(part.parts().values()));
              } else {
                search(part, found);
              }
            });
  }

  /** Whether something that could have held the step scores is missing. */
  private static boolean unscored(Reward reward) {
    return reward instanceof Unscored
        || reward.parts().values().stream().anyMatch(ClipDelta::unscored);
  }
}
