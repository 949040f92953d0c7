package dev.goodhart.lab.style;

import java.util.SplittableRandom;

/**
 * Who labels the pairs: a crew that values what is truly good, falls for other things besides, and
 * errs.
 *
 * <pre>
 * {@code P(a over b) = sigmoid(care (gold_a - gold_b) + weakness (charm_a - charm_b)),  then flipped with probability flips}
 * </pre>
 *
 * <p>{@link Taste} says what charms them. Each annotator has a weakness of his own, {@code 1 +
 * spread z}, fixed by his number.
 *
 * @param count how many there are; each pair goes to one of them, evenly
 * @param care how sharply they see the gold reward; 1 is its own unit
 * @param taste what charms the average annotator
 * @param spread standard deviation of the weakness between annotators
 * @param flips the share of labels turned round after all, in [0, 1/2]
 */
public record Annotators(int count, double care, Taste taste, double spread, double flips) {
  public static final Annotators DEFAULT = new Annotators(20, 1, Taste.forLength(1), 0.5, 0.25);

  public Annotators {
    if (count < 1) {
      throw new IllegalArgumentException("there must be at least one annotator, not " + count);
    }
    if (!(care >= 0 && spread >= 0)) {
      throw new IllegalArgumentException("care and spread must be at least 0");
    }
    if (!(flips >= 0 && flips <= 0.5)) {
      throw new IllegalArgumentException("flips must lie in [0, 0.5], not " + flips);
    }
  }

  /**
   * A verdict.
   *
   * @param annotator whose, from 0
   * @param first whether the first response was preferred
   * @param flipped whether that is the opposite of what the annotator meant
   */
  public record Verdict(int annotator, boolean first, boolean flipped) {}

  /** What one of them says of two responses to a prompt, with what they are worth by gold. */
  public Verdict judge(
      double gold1, Attributes first, double gold2, Attributes second, SplittableRandom random) {
    int annotator = random.nextInt(count);
    double logOdds =
        care * (gold1 - gold2) + weakness(annotator) * (taste.charm(first) - taste.charm(second));
    boolean preferred = random.nextDouble() < 1 / (1 + Math.exp(-logOdds));
    boolean flipped = random.nextDouble() < flips;
    return new Verdict(annotator, preferred != flipped, flipped);
  }

  /** How much one annotator falls for what charms them: the same in every run. */
  double weakness(int annotator) {
    return 1 + spread * new SplittableRandom(0x5eed + annotator).nextGaussian();
  }
}
