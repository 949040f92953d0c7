package dev.goodhart.neural.align.offline;

/**
 * A response that is good or bad.
 *
 * @param good the probability that it is good, in [0, 1]
 * @param weight above 0
 * @param other a response to another prompt, read under this one: what the policy has moved at
 *     large
 * @param reference the log-probability of the response under the reference, in nats
 * @param otherReference the same of the other one
 */
public record Rated(
    Answer answer,
    double good,
    double weight,
    Answer other,
    double reference,
    double otherReference) {
  /** Before the reference was asked. */
  public static Rated of(Answer answer, double good, double weight, Answer other) {
    return new Rated(answer, good, weight, other, Double.NaN, Double.NaN);
  }

  Rated withReference(double ofAnswer, double ofOther) {
    return new Rated(answer, good, weight, other, ofAnswer, ofOther);
  }
}
