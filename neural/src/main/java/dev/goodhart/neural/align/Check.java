package dev.goodhart.neural.align;

/** What hyper-parameters may be. */
final class Check {
  private Check() {}

  static void that(boolean holds, String name, String expected, Number found) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + expected + ", not " + found);
    }
  }

  static void atLeast(String name, int least, int found) {
    that(found >= least, name, "at least " + least, found);
  }
}
