package dev.goodhart.audit.exact;

import java.util.Arrays;

/**
 * The simplest sequence model: n tokens drawn independently from one distribution p, and a reward
 * that is a sum over them. Here best-of-n and KL-regularised optimisation can be followed to any
 * length: the tilt of the whole sequence is again n independent tokens, from the tilt of p.
 *
 * <pre>{@code
 * L(s)   = log sum_a p(a) exp(s rho(a))             log-partition of one token
 * m(s)   = L'(s),   D(s) = s m(s) - L(s)            reward and divergence of one token
 * I(t)   = L*(t) - s t + L(s)                       P(reward/n >= t) ~ exp(-n I(t)) under tilt s, t > m(s)
 * L*(t)  = s_t t - L(s_t),  m(s_t) = t              convex conjugate
 * }</pre>
 *
 * <p>All in nats a token and reward a token unless said otherwise.
 *
 * @param probabilities of the tokens, {@code [tokens]}, all above 0, summing to 1
 * @param rewards of the tokens, {@code [tokens]}, not all equal
 */
@SuppressWarnings("ArrayRecordComponent") // two small tables
public record IidTokens(double[] probabilities, double[] rewards) {
  private static final long MOST_TYPES = 2_000_000;

  public IidTokens {
    Tables.match("probabilities", probabilities, "rewards", rewards);
    Tables.distribution("probabilities", probabilities);
    Tables.finite("rewards", rewards);
    if (Arrays.stream(probabilities).anyMatch(p -> p == 0)) {
      throw new IllegalArgumentException("probabilities must be above 0");
    }
    if (Arrays.stream(rewards).distinct().count() < 2) {
      throw new IllegalArgumentException("rewards must not all be equal");
    }
  }

  /** {@code L(s)}, for any s. */
  public double logPartition(double s) {
    double[] logits = new double[rewards.length];
    Arrays.setAll(logits, a -> Math.log(probabilities[a]) + s * rewards[a]);
    return Softmax.logSumExp(logits);
  }

  /** One token of the tilt of strength s, which may be negative. */
  public double[] tilt(double s) {
    double[] logits = new double[rewards.length];
    Arrays.setAll(logits, a -> Math.log(probabilities[a]) + s * rewards[a]);
    return Softmax.of(logits);
  }

  /** {@code m(s)}, reward a token. */
  public double mean(double s) {
    return Tables.dot(tilt(s), rewards);
  }

  /** {@code L''(s)}, variance of the reward of a token. */
  public double variance(double s) {
    double[] tilt = tilt(s);
    double mean = Tables.dot(tilt, rewards);
    double variance = 0;
    for (int a = 0; a < tilt.length; a++) {
      variance += tilt[a] * (rewards[a] - mean) * (rewards[a] - mean);
    }
    return variance;
  }

  /** {@code D(s)}, nats a token. */
  public double kl(double s) {
    return Math.max(0, s * mean(s) - logPartition(s));
  }

  /** The strength at which a token of the tilt is that far, nats a token. */
  public double strengthAtKl(double kl) {
    return Tilt.strengthAt(probabilities, rewards, kl);
  }

  /**
   * The strength, of any sign, at which a token earns that much.
   *
   * @param mean strictly between the lowest and the highest reward
   */
  public double strengthAtMean(double mean) {
    double least = Arrays.stream(rewards).min().orElseThrow();
    double most = Arrays.stream(rewards).max().orElseThrow();
    if (!(mean > least && mean < most)) {
      throw new IllegalArgumentException(
          "a mean must lie strictly between the lowest and the highest reward, not " + mean);
    }
    double low = -1;
    double high = 1;
    while (mean(low) > mean) {
      low *= 2;
    }
    while (mean(high) < mean) {
      high *= 2;
    }
    for (int i = 0; i < 200; i++) {
      double middle = (low + high) / 2;
      if (mean(middle) < mean) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** {@code I(t)} under the tilt of strength s: 0 at {@code t = m(s)} alone. */
  public double rate(double t, double s) {
    double at = strengthAtMean(t);
    return Math.max(0, at * t - logPartition(at) - s * t + logPartition(s));
  }

  /**
   * {@code -1/n log P(reward/n >= t)} under the tilt of strength s, with the next term of the
   * expansion, by Bahadur and Rao; for rewards that do not lie on a lattice.
   *
   * @param t above {@code m(s)}
   */
  public double refinedRate(double t, double s, int n) {
    double at = strengthAtMean(t);
    if (!(at > s)) {
      throw new IllegalArgumentException("t must be above the tilt's own mean, not " + t);
    }
    double spread = Math.sqrt(2 * Math.PI * n * variance(at));
    return rate(t, s) + Math.log((at - s) * spread) / n;
  }

  /**
   * The sequences of n tokens, those with equal counts in one type: what a permutation does not
   * change.
   *
   * @param logProbabilities of the types under p, {@code [types]}, nats a sequence
   * @param rewards of the types, {@code [types]}, a sequence
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Types(double[] logProbabilities, double[] rewards) {
    /** Probabilities of the types; those below 1e-308 are 0. */
    public double[] probabilities() {
      return Arrays.stream(logProbabilities).map(Math::exp).toArray();
    }
  }

  /**
   * All types of n tokens, {@code C(n + tokens - 1, n)} of them.
   *
   * @throws IllegalArgumentException if there are more than two million
   */
  public Types types(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1, not " + n);
    }
    int k = rewards.length;
    double types = 1;
    for (int i = 1; i < k; i++) {
      types = types * (n + i) / i;
    }
    if (types > MOST_TYPES) {
      throw new IllegalArgumentException(
          "%d tokens of %d kinds have %.0f types, more than %d".formatted(n, k, types, MOST_TYPES));
    }
    double[] logFactorials = new double[n + 1];
    for (int i = 2; i <= n; i++) {
      logFactorials[i] = logFactorials[i - 1] + Math.log(i);
    }
    int count = (int) Math.round(types);
    Types all = new Types(new double[count], new double[count]);
    int[] counts = new int[k];
    counts[0] = n;
    for (int i = 0; i < count; i++) {
      double log = logFactorials[n];
      double reward = 0;
      for (int a = 0; a < k; a++) {
        log += counts[a] * Math.log(probabilities[a]) - logFactorials[counts[a]];
        reward += counts[a] * rewards[a];
      }
      all.logProbabilities[i] = log;
      all.rewards[i] = reward;
      next(counts);
    }
    return all;
  }

  /** The next composition of n in the order that ends with all in the last place. */
  private static void next(int[] counts) {
    int last = counts.length - 1;
    int a = last - 1;
    while (a >= 0 && counts[a] == 0) {
      a--;
    }
    if (a < 0) {
      return;
    }
    counts[a]--;
    int rest = counts[last] + 1;
    counts[last] = 0;
    counts[a + 1] = rest;
  }

  /** {@code log P(reward/n >= t)} under the tilt of strength s, exactly, over all types. */
  public double logTail(double t, double s, int n) {
    Types types = types(n);
    double[] terms = new double[types.rewards.length];
    double normaliser = n * logPartition(s);
    for (int i = 0; i < terms.length; i++) {
      terms[i] =
          types.rewards[i] >= n * t - 1e-9
              ? types.logProbabilities[i] + s * types.rewards[i] - normaliser
              : Double.NEGATIVE_INFINITY;
    }
    return Softmax.logSumExp(terms);
  }
}
