package dev.goodhart.lab.style;

/**
 * What a response of the style world is like, counted exactly. The gold reward sees these and
 * nothing else.
 *
 * @param asked how many facts the prompt asks for, at least 1
 * @param right how many of them the response gives correctly
 * @param wrong how many it gets wrong; the rest it evades
 * @param asides true facts about the topic that nobody asked for
 * @param strays sentences beside the point: facts about other things, empty remarks
 * @param flattery compliments to the reader
 * @param hedges sentences that begin by doubting themselves
 * @param repeats sentences said once more
 * @param bullets whether it is formatted as a list
 * @param words its length
 */
public record Attributes(
    int asked,
    int right,
    int wrong,
    int asides,
    int strays,
    int flattery,
    int hedges,
    int repeats,
    boolean bullets,
    int words) {
  public Attributes {
    if (asked < 1 || right < 0 || wrong < 0 || right + wrong > asked) {
      throw new IllegalArgumentException(
          right + " right and " + wrong + " wrong answers of " + asked + " asked for");
    }
    if (asides < 0 || strays < 0 || flattery < 0 || hedges < 0 || repeats < 0 || words < 0) {
      throw new IllegalArgumentException("counts must be at least 0");
    }
  }

  /** Asked for, but neither answered rightly nor wrongly. */
  public int evaded() {
    return asked - right - wrong;
  }

  /** The share of the response's statements that the prompt asked for, in (0, 1]. */
  public double relevance() {
    return asked / (double) (asked + asides + strays);
  }

  /** The same at another length. */
  public Attributes withWords(int count) {
    return new Attributes(
        asked, right, wrong, asides, strays, flattery, hedges, repeats, bullets, count);
  }
}
