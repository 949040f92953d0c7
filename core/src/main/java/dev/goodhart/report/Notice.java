package dev.goodhart.report;

/**
 * One sentence that must not be overlooked, with a word (never the colour alone) that says how much
 * it should worry.
 */
public record Notice(Tone tone, String text) implements Block {
  /** How much a notice should worry its reader. */
  public enum Tone {
    GOOD("good"),
    NOTE("note"),
    BAD("alarm");

    private final String word;

    Tone(String word) {
      this.word = word;
    }

    /** The word that a reader sees. */
    public String word() {
      return word;
    }
  }
}
