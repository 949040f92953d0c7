package dev.goodhart.neural.text.jinja;

/**
 * What a rendering may use. A template is a stranger's program: each step and each character or
 * element that it makes is paid for, so that time and memory end, whatever its loops say.
 */
final class Budget {
  /** A step of the program costs as much as this many characters: some tens of nanoseconds. */
  static final int STEP = 32;

  private static final int DEEPEST_CALL = 64;

  private long left;
  private int depth;

  /**
   * @param units how many characters and elements may be made in all, a step counting {@link #STEP}
   */
  Budget(long units) {
    left = units;
  }

  void step() {
    spend(STEP);
  }

  void spend(long units) {
    left -= units;
    if (left < 0) throw new JinjaException("takes too long or makes too much text");
  }

  void enter() {
    if (++depth > DEEPEST_CALL) throw new JinjaException("macros call each other too deeply");
  }

  void leave() {
    depth--;
  }
}
