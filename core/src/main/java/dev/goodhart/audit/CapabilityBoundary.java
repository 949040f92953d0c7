package dev.goodhart.audit;

/**
 * Which way a policy's capability boundary moves from one checkpoint to the next: whether training
 * shrinks it to what is drawn already or widens it to better answers that are rare.
 *
 * @param high the mass of the best answers among those that are explored
 * @param low the mass of worse ones
 * @param potential the mass of answers as good or better that were hardly ever drawn
 */
public record CapabilityBoundary(double high, double low, double potential) {
  /** What an answer is, by its reward and by its probability under the base policy. */
  public enum Kind {
    HIGH,
    LOW,
    POTENTIAL
  }

  /** What a policy did between two checkpoints. */
  public enum Stage {
    /** Mass went to the best that was explored; the rare ones lost. Pass@k falls for large k. */
    EXPLOITATION,
    /** The rare ones gained. */
    EXPLORATION,
    /** Neither moved by more than the tolerance. */
    SETTLED
  }

  /**
   * Tells answers apart. Where none is explored, the best of all stand for the best explored ones.
   *
   * @param base probabilities under the base policy, {@code [answer]}
   * @param rewards {@code [answer]}
   * @param explored the probability from which on an answer counts as explored
   */
  public static Kind[] kinds(double[] base, double[] rewards, double explored) {
    if (base.length != rewards.length) {
      throw new IllegalArgumentException(
          "expected one reward an answer, not " + base.length + " and " + rewards.length);
    }
    double best = Double.NEGATIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < base.length; k++) {
      most = Math.max(most, rewards[k]);
      if (base[k] >= explored) best = Math.max(best, rewards[k]);
    }
    if (best == Double.NEGATIVE_INFINITY) best = most;
    Kind[] kinds = new Kind[base.length];
    for (int k = 0; k < base.length; k++) {
      kinds[k] = rewards[k] < best ? Kind.LOW : base[k] >= explored ? Kind.HIGH : Kind.POTENTIAL;
    }
    return kinds;
  }

  /** The masses of one checkpoint. */
  public static CapabilityBoundary of(double[] policy, Kind[] kinds) {
    if (policy.length != kinds.length) {
      throw new IllegalArgumentException(
          "expected one kind an answer, not " + policy.length + " and " + kinds.length);
    }
    double high = 0;
    double low = 0;
    double potential = 0;
    for (int k = 0; k < policy.length; k++) {
      switch (kinds[k]) {
        case HIGH -> high += policy[k];
        case LOW -> low += policy[k];
        case POTENTIAL -> potential += policy[k];
      }
    }
    return new CapabilityBoundary(high, low, potential);
  }

  /**
   * What happened since a checkpoint before.
   *
   * @param tolerance of a mass, beyond which it has moved; at least 0
   */
  public Stage since(CapabilityBoundary before, double tolerance) {
    if (potential > before.potential + tolerance) return Stage.EXPLORATION;
    return high > before.high + tolerance || potential < before.potential - tolerance
        ? Stage.EXPLOITATION
        : Stage.SETTLED;
  }
}
