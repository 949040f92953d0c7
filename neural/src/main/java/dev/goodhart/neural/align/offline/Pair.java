package dev.goodhart.neural.align.offline;

/**
 * A preference as a policy learns from it.
 *
 * @param probability that the chosen response is the better one, in [0, 1]
 * @param weight above 0
 * @param referenceChosen the log-probability of the chosen response under the reference, in nats;
 *     NaN where nothing asks for it
 * @param referenceRejected the same of the rejected one
 */
public record Pair(
    Answer chosen,
    Answer rejected,
    double probability,
    double weight,
    double referenceChosen,
    double referenceRejected) {
  /** Before the reference was asked. */
  public static Pair of(Answer chosen, Answer rejected, double probability, double weight) {
    return new Pair(chosen, rejected, probability, weight, Double.NaN, Double.NaN);
  }

  Pair withReference(double ofChosen, double ofRejected) {
    return new Pair(chosen, rejected, probability, weight, ofChosen, ofRejected);
  }
}
