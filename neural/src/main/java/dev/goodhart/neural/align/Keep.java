package dev.goodhart.neural.align;

import dev.goodhart.Default;

/**
 * What a run writes beside its metrics.
 *
 * @param checkpoint so many steps from one checkpoint, from which a killed run goes on, to the next
 * @param models so many steps from one model folder ({@code models/step-…}) to the next; 0 for the
 *     last alone
 */
public record Keep(@Default("20") int checkpoint, @Default("0") int models) {
  public Keep {
    Check.atLeast("checkpoint", 1, checkpoint);
    Check.atLeast("models", 0, models);
  }
}
