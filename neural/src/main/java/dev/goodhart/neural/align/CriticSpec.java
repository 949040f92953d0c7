package dev.goodhart.neural.align;

import dev.goodhart.Default;

/**
 * The critic of a method that has one: a copy of the policy whose head says what reward is still to
 * come.
 *
 * @param rate its learning rate, above 0
 * @param range how far a value may move while one step's roll-outs are learned from, above 0
 * @param warmUp for how many steps it learns alone, before the policy begins to
 */
public record CriticSpec(
    @Default("1e-4") double rate, @Default("0.5") double range, @Default("0") int warmUp) {
  public CriticSpec {
    Check.that(rate > 0, "rate", "above 0", rate);
    Check.that(range > 0, "range", "above 0", range);
    Check.atLeast("warm-up", 0, warmUp);
  }
}
