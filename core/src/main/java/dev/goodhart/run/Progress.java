package dev.goodhart.run;

/**
 * How a long piece of work tells how far it is. The command line shows a bar; a library user may
 * pass {@link #NONE}. Safe to call from several threads.
 */
public interface Progress {
  Progress NONE =
      new Progress() {
        @Override
        public void start(String what, long total) {}

        @Override
        public void advance(long by) {}

        @Override
        public void done() {}
      };

  /**
   * A new stage begins.
   *
   * @param what in words: {@code scoring}
   * @param total how many units of work; -1 when it is not known
   */
  void start(String what, long total);

  void advance(long by);

  /** What else is to be said beside the count, until the next note: {@code 9,500 tokens/s}. */
  default void note(String text) {}

  /** The stage is finished; says nothing when none was begun. */
  void done();
}
