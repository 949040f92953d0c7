package dev.goodhart.cli;

/** How wide a text for the terminal may be. */
final class Width {
  private static final int USUAL = 100;

  /** The shell's COLUMNS where it passes that on, within what reads well. */
  static int ofTerminal() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("\\d{1,4}")
        ? Math.clamp(Integer.parseInt(columns), 60, 160)
        : USUAL;
  }

  private Width() {}
}
