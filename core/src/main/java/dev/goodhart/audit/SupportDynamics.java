package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;

/**
 * Whether training taught a policy new right answers or only made it find the old ones faster, at
 * the price of the rare ones. For comparing a checkpoint with the one it was trained from: mean
 * accuracy rises either way.
 *
 * <p>An on-policy update cannot raise an answer that is never drawn: what has probability 0 keeps
 * it, and what is rare enough is lost by drift. No softmax reaches 0, so an answer counts as
 * reachable if {@code draws} draws show it with probability {@code 1 - missed}:
 *
 * <pre>{@code
 * reachable   <=>  p >= 1 - missed^(1 / draws)  ~  log(1 / missed) / draws
 * }</pre>
 *
 * <p>Published is the approximation; it is never below the exact threshold that stands here, and
 * above 1 for fewer than three draws. Both policies must be measured with the same draws,
 * temperature and top-p.
 *
 * <p>Two sets of draws of one and the same policy also differ: {@link #chance} is how many answers
 * seem gained, and as many lost, by chance alone. Subtract it before you believe in either.
 *
 * <p>Source: arXiv 2507.14843.
 *
 * @param draws responses a prompt, at least 1
 * @param missed the probability that a reachable answer is not seen, in (0, 1)
 */
@Method(id = 169, source = "arXiv 2507.14843")
public record SupportDynamics(@Default("8192") int draws, @Default("0.05") double missed) {
  public SupportDynamics {
    if (draws < 1) throw new IllegalArgumentException("draws must be at least 1, not " + draws);
    if (!(missed > 0 && missed < 1)) {
      throw new IllegalArgumentException("missed must lie between 0 and 1, not " + missed);
    }
  }

  /** The least probability of a reachable answer. */
  public double threshold() {
    return -Math.expm1(Math.log(missed) / draws);
  }

  /**
   * Counts right answers by their exact probabilities.
   *
   * @param before {@code [prompt][answer]}
   * @param after the same
   * @param correct which answers are right, the same shape
   */
  public SupportChange answers(double[][] before, double[][] after, boolean[][] correct) {
    SupportChange all = new SupportChange(0, 0, 0, 0);
    double threshold = threshold();
    shapes(before.length, after.length, correct.length);
    for (int x = 0; x < correct.length; x++) {
      shapes(before[x].length, after[x].length, correct[x].length);
      for (int y = 0; y < correct[x].length; y++) {
        if (!correct[x][y]) continue;
        PassAtK.probability(before[x][y]);
        PassAtK.probability(after[x][y]);
        all = all.plus(SupportChange.one(before[x][y] >= threshold, after[x][y] >= threshold));
      }
    }
    return all;
  }

  /**
   * Counts prompts: one is reached if a right response, whichever, has the threshold's probability.
   *
   * @param before the probability of a right response, {@code [prompt]}
   * @param after the same
   */
  public SupportChange prompts(double[] before, double[] after) {
    SupportChange all = new SupportChange(0, 0, 0, 0);
    shapes(before.length, after.length, before.length);
    for (int x = 0; x < before.length; x++) {
      PassAtK.probability(before[x]);
      PassAtK.probability(after[x]);
      all = all.plus(SupportChange.one(before[x] >= threshold(), after[x] >= threshold()));
    }
    return all;
  }

  /**
   * Counts by what was seen: reached is what was drawn at least once. The policies must have been
   * drawn from equally often.
   *
   * @param before how often each right answer, or each prompt's, was drawn
   * @param after the same, in the same order
   */
  public static SupportChange seen(long[] before, long[] after) {
    SupportChange all = new SupportChange(0, 0, 0, 0);
    shapes(before.length, after.length, before.length);
    for (int i = 0; i < before.length; i++) {
      all = all.plus(SupportChange.one(before[i] > 0, after[i] > 0));
    }
    return all;
  }

  /**
   * How many answers are expected to be seen in one set of draws and not in another of the same
   * policy, {@code sum (1 - p)^draws - (1 - p)^(2 draws)}: what seems gained, and equally what
   * seems lost, where nothing changed.
   *
   * @param probabilities of right answers
   */
  public double chance(double[] probabilities) {
    double sum = 0;
    for (double p : probabilities) {
      PassAtK.probability(p);
      double log = draws * Math.log1p(-p);
      sum += -Math.exp(log) * Math.expm1(log);
    }
    return sum;
  }

  /**
   * The same, without bias, from draws of the base policy alone: the mean over all ways to take two
   * disjoint sets, as large as {@link #draws} says, out of them.
   *
   * @param counts how often each right answer was drawn
   * @param drawn responses to each prompt, at least {@code 2 draws}
   */
  public double chance(long[] counts, long drawn) {
    if (drawn < 2L * draws) {
      throw new IllegalArgumentException(
          "two sets of " + draws + " draws need twice as many, not " + drawn);
    }
    double sum = 0;
    for (long count : counts) {
      if (count < 0 || count > drawn) {
        throw new IllegalArgumentException("counts must lie in [0, " + drawn + "], not " + count);
      }
      sum +=
          Math.exp(PassAtK.logMissed(drawn, count, draws))
              - Math.exp(PassAtK.logMissed(drawn, count, 2L * draws));
    }
    return sum;
  }

  /**
   * The entropy of the answers that were drawn for one prompt, in nats: it may fall while the
   * entropy of the next token rises. Drawn from a finite sample it is too low, by about {@code
   * (answers - 1) / (2 draws)}; compare policies at equal draws.
   *
   * @param counts how often each answer, right or wrong, was drawn
   */
  public static double answerEntropy(long[] counts) {
    double sum = 0;
    double all = 0;
    for (long count : counts) {
      all += count;
      sum += count == 0 ? 0 : count * Math.log((double) count);
    }
    return all == 0 ? 0 : Math.log(all) - sum / all;
  }

  private static void shapes(int before, int after, int correct) {
    if (before != after || before != correct) {
      throw new IllegalArgumentException(
          "expected as many before as after, not " + before + ", " + after + " and " + correct);
    }
  }
}
