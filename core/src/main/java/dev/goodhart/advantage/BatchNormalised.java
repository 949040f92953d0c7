package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.Arrays;
import java.util.List;

/**
 * REINFORCE++'s advantage: what is still to be earned from each token on, normalised over all
 * tokens of the step instead of within each group. One response a prompt is enough; with {@code
 * baseline} the group's mean is taken off first, which is its variant for several responses a
 * prompt.
 *
 * <pre>{@code
 * G_t = sum_{s >= t} gamma^(s-t) r_s           r_s the reward of token s
 * A_t = (G_t - mean(G)) / (std(G) + epsilon)   over all unmasked tokens of the batch
 *
 * with baseline:
 * B_t = G_t - mean of the group's rewards
 * A_t = B_t / (std(B) + epsilon)
 * }</pre>
 *
 * <p>The deviation has divisor tokens - 1. A batch in which every token expects the same gives
 * zeros; with {@code baseline} also a group whose scored rewards are all equal does. The variant's
 * mean over responses is 0 by construction, so it is not shifted a second time by the mean over
 * tokens, as some implementations do: that would give groups with nothing to prefer an advantage by
 * how long the others' responses are.
 *
 * @param baseline whether the group's mean is taken off first
 * @param gamma discount a token, in (0, 1]
 * @param epsilon keeps a nearly constant batch from blowing up; above 0
 */
@Method(source = "arXiv 2501.03262")
public record BatchNormalised(
    @Default("false") boolean baseline, @Default("1") double gamma, @Default("1e-8") double epsilon)
    implements Credit {
  public BatchNormalised {
    if (!(gamma > 0 && gamma <= 1)) {
      throw new IllegalArgumentException("gamma must lie in (0, 1], not " + gamma);
    }
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be above 0, not " + epsilon);
    }
  }

  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    List<TokenAdvantages> credits = batch.stream().map(this::toGo).toList();
    Whitening whitening = Whitening.of(credits);
    whitening.apply(credits, baseline ? 0 : whitening.mean(), epsilon);
    return credits;
  }

  private TokenAdvantages toGo(Rollouts rollouts) {
    boolean[] mask = rollouts.group().mask();
    double mean = Arrays.stream(rollouts.group().scored()).average().orElse(0);
    double[][] values = new double[mask.length][];
    for (int i = 0; i < mask.length; i++) {
      Tokens tokens = rollouts.tokens().get(i);
      values[i] =
          mask[i] && !(baseline && rollouts.flat())
              ? tokens.toGo(gamma)
              : new double[tokens.size()];
      for (int t = 0; t < values[i].length && baseline && mask[i] && !rollouts.flat(); t++) {
        values[i][t] -= mean;
      }
    }
    return new TokenAdvantages(values, new double[0][], mask);
  }
}
