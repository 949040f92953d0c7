package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;

/**
 * GRPO with process supervision: the rewards of all steps (or turns) of a group are normalised
 * together, and each token is credited with the normalised rewards of its own step and those that
 * follow. For step rewards of a process reward model, or a reward a turn.
 *
 * <pre>{@code
 * z_k = (r_k - mean(R)) / (std(R) + epsilon)     R the rewards of every step of every response
 * A_t = sum of z_k over the steps that end at t or later
 * }</pre>
 *
 * <p>A step's reward is what its tokens earn together. The deviation has divisor steps - 1. With
 * one step a response it is {@link GroupNormalised}. A group whose step rewards are all equal gives
 * zeros, whatever the number of steps; otherwise a response with more steps than others collects
 * more terms, which a policy learns to exploit where most steps are above the mean.
 *
 * @param epsilon keeps a nearly constant group from blowing up; above 0
 */
@Method(source = "arXiv 2402.03300, section 4.1.3")
public record StepNormalised(@Default("1e-6") double epsilon) implements Credit {
  public StepNormalised {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be above 0, not " + epsilon);
    }
  }

  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    return batch.stream().map(this::of).toList();
  }

  private TokenAdvantages of(Rollouts rollouts) {
    boolean[] mask = rollouts.group().mask();
    double[][] steps = new double[mask.length][];
    long n = 0;
    double sum = 0;
    boolean varies = false;
    double first = Double.NaN;
    for (int i = 0; i < mask.length; i++) {
      steps[i] = mask[i] ? rollouts.tokens().get(i).bySegment() : new double[0];
      for (double reward : steps[i]) {
        first = n++ == 0 ? reward : first;
        varies |= reward != first;
        sum += reward;
      }
    }
    double mean = sum / n;
    double squares = 0;
    for (double[] response : steps) {
      for (double reward : response) {
        squares += (reward - mean) * (reward - mean);
      }
    }
    double deviation = Math.sqrt(squares / (n - 1));
    double[][] values = new double[mask.length][];
    for (int i = 0; i < mask.length; i++) {
      Tokens tokens = rollouts.tokens().get(i);
      values[i] = new double[tokens.size()];
      if (mask[i] && varies) {
        double after = 0;
        for (int k = steps[i].length - 1; k >= 0; k--) {
          after += (steps[i][k] - mean) / (deviation + epsilon);
          steps[i][k] = after;
        }
        values[i] = tokens.atTokens(steps[i]);
      }
    }
    return new TokenAdvantages(values, new double[0][], mask);
  }
}
