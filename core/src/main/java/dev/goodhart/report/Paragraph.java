package dev.goodhart.report;

/** Plain text; a blank line in it starts a new paragraph. */
public record Paragraph(String text) implements Block {
  /**
   * The text for a terminal: broken at spaces, without control characters.
   *
   * @param width in characters
   * @param indent what every line but the first begins with
   */
  public String lines(int width, String indent) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String word : Escape.line(text).split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > width) {
        out.append('\n').append(indent);
        column = indent.length();
      } else if (column > 0) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    return out.append('\n').toString();
  }
}
