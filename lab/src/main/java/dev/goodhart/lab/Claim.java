package dev.goodhart.lab;

/**
 * What an experiment sets out to show: that one of its figures is above another, or equal to it
 * within a tolerance. Both figures are measured under the same seed, so their difference is a
 * paired one.
 *
 * @param name in kebab case, unique within the experiment
 * @param says the claim in words
 * @param method the figure that is claimed to be above (or equal)
 * @param baseline the figure it is compared with
 * @param tolerance 0 for a claim of more; above 0 for a claim of equality: how far apart still
 *     counts as equal
 */
public record Claim(String name, String says, String method, String baseline, double tolerance) {
  public Claim {
    if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
      throw new IllegalArgumentException(
          "tolerance must be finite and at least 0, not " + tolerance);
    }
  }

  /** Claims that {@code method} is above {@code baseline}. */
  public static Claim above(String name, String says, String method, String baseline) {
    return new Claim(name, says, method, baseline, 0);
  }

  /** Claims that the two figures differ by at most {@code tolerance}. */
  public static Claim equal(
      String name, String says, String method, String baseline, double tolerance) {
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException("a claim of equality needs a tolerance above 0");
    }
    return new Claim(name, says, method, baseline, tolerance);
  }

  /** The same claim with method and baseline exchanged: what must fail where this one holds. */
  public Claim swapped() {
    return new Claim(name, says, baseline, method, tolerance);
  }

  /**
   * Decides it. A claim of more holds when the mean paired difference is more than two standard
   * errors above 0 and fails when it is more than two below. A claim of equality holds when the
   * difference, with two standard errors around it, lies within the tolerance, and fails when it
   * lies outside altogether.
   *
   * @param difference the mean over the seeds of method minus baseline
   * @param standardError of that mean
   */
  public Verdict verdict(double difference, double standardError) {
    double slack = 2 * standardError;
    if (tolerance == 0) {
      return difference > slack
          ? Verdict.HOLDS
          : difference < -slack ? Verdict.FAILS : Verdict.INCONCLUSIVE;
    }
    double distance = Math.abs(difference);
    return distance + slack <= tolerance
        ? Verdict.HOLDS
        : distance - slack > tolerance ? Verdict.FAILS : Verdict.INCONCLUSIVE;
  }

  /** What became of a claim. */
  public enum Verdict {
    HOLDS,
    INCONCLUSIVE,
    FAILS;

    /** In small letters, as tables print it. */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
