package dev.goodhart.lab;

import dev.goodhart.lab.Claim.Relation;
import dev.goodhart.lab.Claim.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of an experiment's claims over several seeds: what {@code docs/evidence.md} is
 * written from.
 *
 * @param firstSeed the verdict's seeds are {@code firstSeed, firstSeed + 1, ...}
 * @param parameters the experiment's own, as text
 * @param curves for each arm, one estimate a point of the axis
 * @param versions of what it was computed with
 * @param seconds that its seeds took, one after the other; null where nobody timed it
 */
public record Evidence(
    int system,
    String name,
    String title,
    String tuning,
    String parameters,
    long firstSeed,
    int seeds,
    List<Tested> claims,
    Experiment.Axis axis,
    Map<String, List<Estimate>> curves,
    Map<String, String> versions,
    @Nullable Double seconds) {

  /** A mean over seeds with its standard error. */
  public record Estimate(double mean, double standardError) {
    /**
     * @param values one a seed, at least two
     */
    static Estimate of(double[] values) {
      double mean = 0;
      for (double value : values) {
        mean += value / values.length;
      }
      double squares = 0;
      for (double value : values) {
        squares += (value - mean) * (value - mean);
      }
      return new Estimate(mean, Math.sqrt(squares / (values.length - 1) / values.length));
    }
  }

  /**
   * A claim with what was measured.
   *
   * @param method the mean of the method's figure
   * @param baseline the mean of the baseline's figure
   * @param difference of the two, paired by seed
   */
  public record Tested(
      String name,
      String says,
      double method,
      double baseline,
      Estimate difference,
      Relation relation,
      double tolerance,
      Verdict verdict) {}

  /** Whether all claims hold. */
  public boolean holds() {
    return claims.stream().allMatch(claim -> claim.verdict() == Verdict.HOLDS);
  }
}
