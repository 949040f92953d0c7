package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;

/**
 * Generalised advantage estimation, PPO's advantage: a critic says what was to be expected before
 * each token, and a token is credited with what then came as a surprise. For long responses whose
 * value shows on the way, at the price of learning the critic.
 *
 * <pre>{@code
 * delta_t  = r_t + gamma V_{t+1} - V_t          V behind the last token is 0
 * A_t      = delta_t + gamma lambda A_{t+1}
 * return_t = A_t + V_t                          what the critic learns
 * }</pre>
 *
 * <p>{@code lambda} 1 is reward-to-go minus value, 0 the one-step surprise alone. With {@code
 * whiten} the advantages (not the returns) are brought to mean 0 and deviation 1 over all unmasked
 * tokens of the batch. A masked response has no advantage; its returns are the critic's own values,
 * so that they teach nothing.
 *
 * @param gamma discount a token, in (0, 1]
 * @param lambda in [0, 1]
 * @param whiten whether advantages are normalised over the batch
 */
@Method(source = "arXiv 1506.02438")
public record Gae(
    @Default("1") double gamma, @Default("0.95") double lambda, @Default("true") boolean whiten)
    implements Credit {
  private static final double EPSILON = 1e-8;

  public Gae {
    if (!(gamma > 0 && gamma <= 1)) {
      throw new IllegalArgumentException("gamma must lie in (0, 1], not " + gamma);
    }
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("lambda must lie in [0, 1], not " + lambda);
    }
  }

  @Override
  public boolean critic() {
    return true;
  }

  /**
   * @throws IllegalArgumentException if a response comes without the critic's values
   */
  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    List<TokenAdvantages> credits = batch.stream().map(this::of).toList();
    if (whiten) {
      Whitening whitening = Whitening.of(credits);
      whitening.apply(credits, whitening.mean(), EPSILON);
    }
    return credits;
  }

  private TokenAdvantages of(Rollouts rollouts) {
    boolean[] mask = rollouts.group().mask();
    double[][] advantages = new double[mask.length][];
    double[][] returns = new double[mask.length][];
    for (int i = 0; i < mask.length; i++) {
      Tokens tokens = rollouts.tokens().get(i);
      double[] values = tokens.values();
      if (values.length == 0) {
        throw new IllegalArgumentException("gae: needs the critic's value at every token");
      }
      advantages[i] = new double[tokens.size()];
      returns[i] = values.clone();
      double after = 0;
      for (int t = tokens.size() - 1; t >= 0 && mask[i]; t--) {
        double next = t + 1 < values.length ? values[t + 1] : 0;
        after = tokens.rewards()[t] + gamma * next - values[t] + gamma * lambda * after;
        advantages[i][t] = after;
        returns[i][t] += after;
      }
    }
    return new TokenAdvantages(advantages, returns, mask);
  }
}
