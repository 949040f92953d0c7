package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one verifier said of every response, and how long it took.
 *
 * @param rewards one a response
 * @param threshold a reward of at least this accepts
 * @param millis on the clock for one check, in batches as they come
 */
record Verified(String name, List<Reward> rewards, double threshold, double millis) {
  Verified {
    rewards = List.copyOf(rewards);
  }

  /** 1 where the verifier accepts, 0 where it refuses, NaN where it does not say. */
  double accepts(int sample) {
    return switch (rewards.get(sample)) {
      case Scored scored -> scored.value() >= threshold ? 1 : 0;
      case Unscored _ -> Double.NaN;
    };
  }

  double[] accepted() {
    return IntStream.range(0, rewards.size()).mapToDouble(this::accepts).toArray();
  }

  /**
   * How often the verifier is wrong on some of the responses.
   *
   * @param rightOnes whether to ask how many right ones it refuses, or how many wrong ones it
   *     accepts
   */
  ErrorRate errors(VerifierTruth truth, boolean rightOnes, int[] some, Bootstrap bootstrap) {
    int[] asked =
        IntStream.of(some)
            .filter(i -> truth.right()[i] == (rightOnes ? 1 : 0) && !Double.isNaN(accepts(i)))
            .toArray();
    double[] wrong = new double[rewards.size()];
    int count = 0;
    for (int i : asked) {
      wrong[i] = rightOnes ? 1 - accepts(i) : accepts(i);
      count += (int) wrong[i];
    }
    Interval rate =
        asked.length == 0
            ? Interval.NONE
            : bootstrap.share(asked, truth.read().set().prompts(), wrong);
    return new ErrorRate(count, asked.length, rate);
  }
}
