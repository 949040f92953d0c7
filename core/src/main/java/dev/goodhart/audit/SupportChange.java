package dev.goodhart.audit;

import java.util.OptionalDouble;

/**
 * Which right answers two policies can reach, counted: over the right answers of all prompts, or
 * over prompts of which at least one right answer is reached. The former also sees what is lost
 * within a prompt that is still solved.
 *
 * @param kept by both policies
 * @param gained by the second policy alone
 * @param lost by now, reached by the first policy alone
 * @param neither by neither
 */
public record SupportChange(long kept, long gained, long lost, long neither) {
  public SupportChange {
    if (Math.min(Math.min(kept, gained), Math.min(lost, neither)) < 0) {
      throw new IllegalArgumentException("counts must be at least 0");
    }
  }

  /** One more that is reached before, after, both or neither. */
  static SupportChange one(boolean before, boolean after) {
    return new SupportChange(
        before && after ? 1 : 0,
        after && !before ? 1 : 0,
        before && !after ? 1 : 0,
        !before && !after ? 1 : 0);
  }

  /** Both together. */
  public SupportChange plus(SupportChange other) {
    return new SupportChange(
        kept + other.kept, gained + other.gained, lost + other.lost, neither + other.neither);
  }

  /** How much of what was reached still is: kept / (kept + lost); empty where nothing was. */
  public OptionalDouble retention() {
    return ratio(kept, kept + lost);
  }

  /** How much of what is reached is new: gained / (kept + gained); empty where nothing is. */
  public OptionalDouble discovery() {
    return ratio(gained, kept + gained);
  }

  /**
   * The harmonic mean of the two; 0 where both are 0, which is its limit. Empty where one is.
   *
   * <p>High is not good by itself: a policy that dropped nearly everything for one new answer
   * discovers much.
   */
  public OptionalDouble harmonic() {
    if (retention().isEmpty() || discovery().isEmpty()) return OptionalDouble.empty();
    double retained = retention().getAsDouble();
    double discovered = discovery().getAsDouble();
    return OptionalDouble.of(
        retained + discovered == 0 ? 0 : 2 * retained * discovered / (retained + discovered));
  }

  /** (gained - lost) / (kept + gained + lost), in [-1, 1]; empty where nothing is ever reached. */
  public OptionalDouble net() {
    return ratio(gained - lost, kept + gained + lost);
  }

  private static OptionalDouble ratio(long part, long of) {
    return of == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / of);
  }
}
