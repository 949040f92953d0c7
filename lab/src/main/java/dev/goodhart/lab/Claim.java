package dev.goodhart.lab;

/**
 * What an experiment sets out to show: that one of its figures is above another, below it, or equal
 * to it within a tolerance. Both are measured under the same seed, so their difference is a paired
 * one.
 *
 * @param name in kebab case, unique within the experiment
 * @param says the claim in words
 * @param method the figure that the claim is about
 * @param baseline the figure it is compared with
 * @param relation of the method to the baseline
 * @param tolerance for a claim of equality how far apart still counts as equal, above 0; otherwise
 *     0
 */
public record Claim(
    String name, String says, String method, String baseline, Relation relation, double tolerance) {
  /** How the method is claimed to compare with the baseline. */
  public enum Relation {
    ABOVE,
    BELOW,
    EQUAL
  }

  public Claim {
    if (!(tolerance >= 0 && Double.isFinite(tolerance))
        || (relation == Relation.EQUAL) != (tolerance > 0)) {
      throw new IllegalArgumentException(
          "a claim of equality needs a tolerance above 0, any other has none; not " + tolerance);
    }
  }

  /** Claims that {@code method} is above {@code baseline}. */
  public static Claim above(String name, String says, String method, String baseline) {
    return new Claim(name, says, method, baseline, Relation.ABOVE, 0);
  }

  /** Claims that {@code method} is below {@code baseline}. */
  public static Claim below(String name, String says, String method, String baseline) {
    return new Claim(name, says, method, baseline, Relation.BELOW, 0);
  }

  /** Claims that the two figures differ by at most {@code tolerance}. */
  public static Claim equal(
      String name, String says, String method, String baseline, double tolerance) {
    return new Claim(name, says, method, baseline, Relation.EQUAL, tolerance);
  }

  /** The same claim with method and baseline exchanged: what must fail where this one holds. */
  public Claim swapped() {
    return new Claim(name, says, baseline, method, relation, tolerance);
  }

  /**
   * Decides it. A claim of more holds when the mean paired difference is more than two standard
   * errors above 0 and fails when it is more than two below; a claim of less the other way round. A
   * claim of equality holds when the difference, with two standard errors around it, lies within
   * the tolerance, and fails when it lies outside altogether.
   *
   * @param difference the mean over the seeds of method minus baseline
   * @param standardError of that mean
   */
  public Verdict verdict(double difference, double standardError) {
    double slack = 2 * standardError;
    return switch (relation) {
      case ABOVE -> decide(difference > slack, difference < -slack);
      case BELOW -> decide(difference < -slack, difference > slack);
      case EQUAL ->
          decide(
              Math.abs(difference) + slack <= tolerance, Math.abs(difference) - slack > tolerance);
    };
  }

  private static Verdict decide(boolean holds, boolean fails) {
    return holds ? Verdict.HOLDS : fails ? Verdict.FAILS : Verdict.INCONCLUSIVE;
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
