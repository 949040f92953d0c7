package dev.goodhart.neural.align;

import dev.goodhart.Default;
import dev.goodhart.neural.train.AdamW;

/**
 * How the weights follow the roll-outs of a step.
 *
 * @param rate the learning rate, at least 0
 * @param warmUp over how many steps of the run it rises to that
 * @param floor where it ends with the run's last step, as a share of {@code rate}, in [0, 1]; it
 *     falls in a line from where the warm-up ends, and 1 keeps it
 * @param epochs how often a step's roll-outs are learned from, at least 1
 * @param batches into how many parts they are divided, one update each; at least 1
 * @param clip the length to which a longer gradient is shortened; 0 for never
 * @param tokensPerPass how many tokens go through the model at once; changes memory, not results
 */
public record Update(
    @Default("1e-5") double rate,
    @Default("0") int warmUp,
    @Default("1") double floor,
    @Default("1") int epochs,
    @Default("1") int batches,
    @Default("1") double clip,
    @Default("8192") int tokensPerPass,
    @Default("{}") AdamW optimiser) {
  public Update {
    Check.that(rate >= 0 && rate < 1e3, "rate", "at least 0", rate);
    Check.atLeast("warm-up", 0, warmUp);
    Check.that(floor >= 0 && floor <= 1, "floor", "in [0, 1]", floor);
    Check.atLeast("epochs", 1, epochs);
    Check.atLeast("batches", 1, batches);
    Check.that(clip >= 0, "clip", "at least 0", clip);
    Check.atLeast("tokens-per-pass", 1, tokensPerPass);
  }

  /** The learning rate of a step, from 1 to {@code steps}. */
  double rate(long step, long steps) {
    if (step < warmUp) return rate * step / warmUp;
    double gone = steps <= warmUp ? 1 : (step - warmUp) / (double) (steps - warmUp);
    return rate * (1 - (1 - floor) * gone);
  }
}
