package dev.goodhart;

import java.util.Map;

/**
 * What a sample earned, or why nobody could say. A reward is never silently zero: a verifier that
 * timed out or a judge that did not answer gives {@link Unscored}, which travels, is counted, and
 * is dealt with where it is consumed.
 */
public sealed interface Reward permits Scored, Unscored {
  /**
   * The named components that this reward was made of, in the order of the spec; empty for a raw
   * signal.
   */
  Map<String, Reward> parts();

  static Scored of(double value) {
    return new Scored(value);
  }

  static Unscored unscored(String reason) {
    return new Unscored(reason);
  }

  /** The same verdict with these parts in place of its own. */
  Reward withParts(Map<String, Reward> parts);
}
