package dev.goodhart.advantage;

import java.util.Arrays;

/**
 * One response token by token: what an advantage needs that looks inside responses.
 *
 * @param rewards of each token, {@code [n]}: a step's reward stands at the step's last token, what
 *     the response as a whole earns beside that at its last; where a penalty for leaving the
 *     reference counts into the reward, it is already taken off, token by token. They sum to the
 *     response's reward
 * @param ends where the segments (steps or turns) end, exclusive, ascending; the last is n. One
 *     segment where nothing is known of steps
 * @param values what the critic expects from before each token on, {@code [n]}; empty without one
 * @param logProbs of each token under the policy that drew it, in nats, {@code [n]}
 * @param ids of the tokens in the policy's vocabulary, {@code [n]}; empty where they are not known
 */
@SuppressWarnings("ArrayRecordComponent") // primitive arrays in hot paths
public record Tokens(double[] rewards, int[] ends, double[] values, double[] logProbs, int[] ids) {
  public Tokens {
    int n = rewards.length;
    if (n == 0) {
      throw new IllegalArgumentException("a response has at least one token");
    }
    if (logProbs.length != n
        || (values.length != 0 && values.length != n)
        || (ids.length != 0 && ids.length != n)) {
      throw new IllegalArgumentException(
          "rewards [%d], values [%d], logProbs [%d] and ids [%d] must match"
              .formatted(n, values.length, logProbs.length, ids.length));
    }
    int before = 0;
    for (int end : ends) {
      if (end <= before || end > n) {
        throw new IllegalArgumentException(
            "ends must ascend within (0, " + n + "], not " + Arrays.toString(ends));
      }
      before = end;
    }
    if (before != n) {
      throw new IllegalArgumentException("the last segment must end at " + n + ", not " + before);
    }
  }

  /** Tokens whose ids are not known. */
  public Tokens(double[] rewards, int[] ends, double[] values, double[] logProbs) {
    this(rewards, ends, values, logProbs, new int[0]);
  }

  /** A response of n tokens that earns its reward as a whole, without critic. */
  public static Tokens of(int n, double reward) {
    double[] rewards = new double[n];
    rewards[n - 1] = reward;
    return new Tokens(rewards, new int[] {n}, new double[0], new double[n]);
  }

  public int size() {
    return rewards.length;
  }

  /** What is still earned from each token on, {@code sum_{s >= t} gamma^(s-t) r_s}, {@code [n]}. */
  double[] toGo(double gamma) {
    double[] toGo = new double[rewards.length];
    double after = 0;
    for (int t = rewards.length - 1; t >= 0; t--) {
      after = rewards[t] + gamma * after;
      toGo[t] = after;
    }
    return toGo;
  }

  /** What each segment earns by itself, {@code [ends.length]}. */
  double[] bySegment() {
    double[] sums = new double[ends.length];
    for (int k = 0, t = 0; k < ends.length; k++) {
      for (; t < ends[k]; t++) {
        sums[k] += rewards[t];
      }
    }
    return sums;
  }

  /** Something known by segment at each of its tokens, {@code [n]}. */
  double[] atTokens(double[] bySegment) {
    double[] values = new double[rewards.length];
    for (int k = 0, t = 0; k < ends.length; k++) {
      for (; t < ends[k]; t++) {
        values[t] = bySegment[k];
      }
    }
    return values;
  }
}
