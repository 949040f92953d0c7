package dev.goodhart.report;

/** One piece of a {@link Section}: what a reader meets from top to bottom. */
public sealed interface Block permits Paragraph, Notice, Table, Chart {
  /** A plain paragraph. */
  static Block text(String text) {
    return new Paragraph(text);
  }
}
