package dev.goodhart;

import java.util.Locale;

/**
 * What unit the reward of a model is in, so that nobody takes an activated score for a raw one.
 * Only {@link #PROBABILITY} has been through an activation.
 */
public enum Scale {
  /** As the model's head gives it: any number, on a scale of the model's own. */
  RAW,
  /**
   * Calibrated: the sigmoid of a difference is the probability that one response is preferred to
   * the other.
   */
  LOG_ODDS,
  /** Activated by the sigmoid, in [0, 1]. */
  PROBABILITY;

  /** As it is written in scores: {@code log-odds}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
