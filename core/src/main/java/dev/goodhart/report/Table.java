package dev.goodhart.report;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of text under a caption; the same table stands in the HTML report and on the terminal.
 *
 * @param caption what the figures are
 * @param columns the header
 * @param rows each as long as the header
 */
public record Table(String caption, List<Column> columns, List<List<String>> rows)
    implements Block {
  /**
   * One column.
   *
   * @param number whether it holds numbers, which stand to the right
   */
  public record Column(String name, boolean number) {}

  /** No column of text is cut below this many characters. */
  private static final int NARROWEST = 12;

  public Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row of '"
                + caption
                + "' has "
                + row.size()
                + " cells for "
                + columns.size()
                + " columns");
      }
    }
  }

  /** A table whose first column holds names and whose others hold numbers. */
  public static Table of(String caption, List<String> header, List<List<String>> rows) {
    List<Column> columns = new ArrayList<>();
    for (String name : header) {
      columns.add(new Column(name, !columns.isEmpty()));
    }
    return new Table(caption, columns, rows);
  }

  /**
   * The table for a terminal. A table wider than the terminal loses the ends of its longest texts;
   * if that is not enough, its rows are written one cell a line.
   *
   * @param width in characters
   */
  public String text(int width) {
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = cell(columns.get(c).name()).length();
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], cell(row.get(c)).length());
      }
    }
    int gaps = 2 * (widths.length - 1);
    while (Arrays.stream(widths).sum() + gaps > width) {
      int widest = -1;
      for (int c = 0; c < widths.length; c++) {
        if (!columns.get(c).number()
            && widths[c] > NARROWEST
            && (widest < 0 || widths[c] > widths[widest])) {
          widest = c;
        }
      }
      if (widest < 0) {
        return stacked();
      }
      widths[widest]--;
    }
    List<String> header = columns.stream().map(Column::name).toList();
    StringBuilder out = new StringBuilder();
    out.append(line(header, widths)).append('\n');
    out.append("─".repeat(Arrays.stream(widths).sum() + gaps)).append('\n');
    rows.forEach(row -> out.append(line(row, widths)).append('\n'));
    return out.toString();
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder out = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String text = cell(cells.get(c));
      if (text.length() > widths[c]) {
        text = text.substring(0, widths[c] - 1) + "…";
      }
      String padding = " ".repeat(widths[c] - text.length());
      out.append(c == 0 ? "" : "  ")
          .append(columns.get(c).number() ? padding + text : text + padding);
    }
    return out.toString().stripTrailing();
  }

  private String stacked() {
    return rows.stream()
        .map(
            row -> {
              StringBuilder out = new StringBuilder(cell(row.getFirst())).append('\n');
              for (int c = 1; c < columns.size(); c++) {
                out.append("  ")
                    .append(cell(columns.get(c).name()))
                    .append(": ")
                    .append(cell(row.get(c)))
                    .append('\n');
              }
              return out.toString();
            })
        .collect(joining());
  }

  private static String cell(String text) {
    return Escape.line(text);
  }

  String html() {
    StringBuilder out =
        new StringBuilder("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
    out.append(Escape.html(caption))
        .append("\"><table><caption>")
        .append(Escape.html(caption))
        .append("</caption><thead><tr>");
    for (Column column : columns) {
      out.append("<th scope=\"col\"")
          .append(mark(column))
          .append('>')
          .append(Escape.html(column.name()))
          .append("</th>");
    }
    out.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      out.append("<tr>");
      for (int c = 0; c < columns.size(); c++) {
        String tag = c == 0 && !columns.get(0).number() ? "th scope=\"row\"" : "td";
        out.append('<').append(tag).append(mark(columns.get(c))).append('>');
        out.append(Escape.html(row.get(c))).append(tag.startsWith("th") ? "</th>" : "</td>");
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div>\n").toString();
  }

  private static String mark(Column column) {
    return column.number() ? " class=\"n\"" : "";
  }
}
