package dev.goodhart.neural.train;

import dev.goodhart.Default;

/**
 * How a training goes.
 *
 * @param epochs how often each example is seen, at least 1
 * @param batch how many examples a step learns from, at least 1
 * @param tokensPerPass how many tokens go through the model at once; a step of more takes several
 *     passes, which changes its memory and not its result
 * @param clip the length to which a longer gradient is shortened; 0 for never
 * @param evaluateEvery so many steps; 0 for once an epoch
 * @param patience after so many evaluations without a new best one training ends; 0 for never
 * @param checkpointEvery so many steps
 */
public record Recipe(
    @Default("2") int epochs,
    @Default("32") int batch,
    @Default("8192") int tokensPerPass,
    Schedule schedule,
    AdamW optimiser,
    @Default("1") double clip,
    @Default("0") int evaluateEvery,
    @Default("3") int patience,
    @Default("200") int checkpointEvery) {
  public Recipe {
    atLeast("epochs", 1, epochs);
    atLeast("batch", 1, batch);
    atLeast("tokens-per-pass", 1, tokensPerPass);
    if (!(clip >= 0)) throw new IllegalArgumentException("clip must be at least 0, not " + clip);
    atLeast("evaluate-every", 0, evaluateEvery);
    atLeast("patience", 0, patience);
    atLeast("checkpoint-every", 1, checkpointEvery);
  }

  private static void atLeast(String name, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }

  /** Two epochs in steps of 32 examples at this peak of the learning rate. */
  public static Recipe standard(double rate) {
    return new Recipe(2, 32, 8192, new Schedule(rate, 0.05, 0.1), AdamW.standard(), 1, 0, 3, 200);
  }

  /** Steps of an epoch over so many examples: the last batch is not smaller than the others. */
  long stepsPerEpoch(int examples) {
    return (examples + batch - 1L) / batch;
  }
}
