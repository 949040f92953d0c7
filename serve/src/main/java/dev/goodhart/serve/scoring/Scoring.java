package dev.goodhart.serve.scoring;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.Map;

/**
 * A sample that was rewarded, or was not: what the client, the journal and the monitors hear of.
 *
 * @param digest of all that the sample holds except what only names it (id, run, step, group), in
 *     hexadecimal
 * @param reward with the signals' rewards as its parts
 * @param signals what each signal took
 */
public record Scoring(Sample sample, String digest, Reward reward, Map<String, Took> signals) {
  /**
   * @param nanos from the request for this sample to the signal's answer, waiting included
   * @param cached whether the answer was known already
   */
  public record Took(long nanos, boolean cached) {}
}
