package dev.goodhart.report;

/**
 * Makes text harmless where it is shown. Reports quote prompts and responses, which may hold
 * markup, terminal escape sequences, or the invisible characters that turn the reading direction of
 * everything behind them.
 */
final class Escape {
  private static final char REPLACEMENT = '\uFFFD';

  /** For HTML and SVG, as element content and inside quoted attributes. */
  static String html(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t' -> out.append(c);
        // A number stays with its sign: "5.0 %" never breaks over two lines.
        case ' ' -> out.append(text.startsWith("%", i + 1) ? '\u00A0' : ' ');
        default -> out.append(visible(text, i));
      }
    }
    return out.toString();
  }

  /**
   * For one line on a terminal: line breaks become spaces, escape sequences lose their escape
   * character.
   */
  static String line(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(c == '\n' || c == '\t' || c == '\r' ? ' ' : visible(text, i));
    }
    return out.toString();
  }

  private static char visible(String text, int i) {
    char c = text.charAt(i);
    boolean control = c < ' ' || (c >= 0x7F && c <= 0x9F) || c == 0xFFFE || c == 0xFFFF;
    boolean turnsDirection =
        (c >= 0x202A && c <= 0x202E)
            || (c >= 0x2066 && c <= 0x2069)
            || c == 0x200E
            || c == 0x200F
            || c == 0x061C;
    boolean loneSurrogate =
        Character.isHighSurrogate(c)
            ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
            : Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    return control || turnsDirection || loneSurrogate ? REPLACEMENT : c;
  }

  private Escape() {}
}
