package dev.goodhart.lab.style;

import java.util.SplittableRandom;

/**
 * Who labels the pairs: a crew that values what is truly good, likes long answers besides, and
 * errs.
 *
 * <pre>
 * {@code P(a over b) = sigmoid(care (gold_a - gold_b) + bias log2(words_a / words_b)),  then flipped with probability flips}
 * </pre>
 *
 * <p>Length counts by its logarithm: twice the words are worth {@code bias} log-odds, whatever the
 * length. Each annotator has a bias of his own, {@code lengthBias + biasSpread z}, fixed by his
 * number.
 *
 * @param count how many there are; each pair goes to one of them, evenly
 * @param care how sharply they see the gold reward; 1 is its own unit
 * @param lengthBias log-odds a doubling of the words is worth to the average annotator
 * @param biasSpread standard deviation of that between annotators
 * @param flips the share of labels turned round after all, in [0, 1/2]
 */
public record Annotators(
    int count, double care, double lengthBias, double biasSpread, double flips) {
  public static final Annotators DEFAULT = new Annotators(20, 1, 1, 0.5, 0.25);

  public Annotators {
    if (count < 1) {
      throw new IllegalArgumentException("there must be at least one annotator, not " + count);
    }
    if (!(care >= 0 && biasSpread >= 0 && Double.isFinite(lengthBias))) {
      throw new IllegalArgumentException(
          "care and biasSpread must be at least 0 and lengthBias finite");
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
  record Verdict(int annotator, boolean first, boolean flipped) {}

  Verdict judge(double gold1, int words1, double gold2, int words2, SplittableRandom random) {
    int annotator = random.nextInt(count);
    double logOdds =
        care * (gold1 - gold2) + bias(annotator) * Math.log(words1 / (double) words2) / Math.log(2);
    boolean first = random.nextDouble() < 1 / (1 + Math.exp(-logOdds));
    boolean flipped = random.nextDouble() < flips;
    return new Verdict(annotator, first != flipped, flipped);
  }

  /** The length bias of one annotator: the same in every run. */
  double bias(int annotator) {
    return lengthBias + biasSpread * new SplittableRandom(0x5eed + annotator).nextGaussian();
  }
}
