package dev.goodhart.data.inspect;

import dev.goodhart.audit.Finding.Level;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An inspection in words, for a terminal. */
final class InspectionText {
  private final Inspection inspection;
  private final int width;
  private final StringBuilder out = new StringBuilder();

  InspectionText(Inspection inspection, int width) {
    this.inspection = inspection;
    this.width = width;
    head();
    columns();
    lengths();
    findings();
    bad();
  }

  private void head() {
    String examples =
        inspection.examples().entrySet().stream()
            .map(e -> Figure.count(e.getValue()) + " " + plural(e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
    out.append(inspection.file()).append('\n');
    wrap(
        inspection.recognition().layout().id()
            + " (as in "
            + inspection.recognition().source()
            + "), "
            + Figure.count(inspection.rows())
            + " rows, "
            + Figure.count(inspection.bad().rows())
            + " of them bad: "
            + examples,
        0);
  }

  private static String plural(String kind, long count) {
    return switch (kind) {
      case "labelled", "rated" -> kind + (count == 1 ? " response" : " responses");
      case "ranked" -> count == 1 ? "ranked list" : "ranked lists";
      case "plain" -> count == 1 ? "response without a verdict" : "responses without a verdict";
      default -> kind + (count == 1 ? "" : "s");
    };
  }

  private void columns() {
    List<List<String>> rows = new ArrayList<>();
    inspection
        .recognition()
        .columns()
        .forEach((name, kind) -> rows.add(List.of(name, kind, role(name))));
    List<Table.Column> header =
        List.of(
            new Table.Column("column", false),
            new Table.Column("holds", false),
            new Table.Column("read as", false));
    out.append('\n').append(new Table("Columns", header, rows).text(width));
  }

  private String role(String column) {
    return inspection.recognition().roles().entrySet().stream()
        .filter(e -> e.getValue().equals(column) || e.getValue().startsWith(column + "."))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }

  private void lengths() {
    List<List<String>> rows = new ArrayList<>();
    inspection
        .lengths()
        .forEach(
            (part, h) -> {
              List<String> row = new ArrayList<>(List.of(part));
              Inspection.quantiles(h).values().forEach(v -> row.add(number(v)));
              rows.add(row);
            });
    Table table =
        Table.of(
            "Lengths",
            List.of("characters", "count", "mean", "least", "5 %", "median", "95 %", "most"),
            rows);
    out.append('\n').append(table.text(width));
    inspection
        .lengths()
        .forEach(
            (part, h) -> {
              out.append("\nCharacters of the ").append(part).append(", from … up\n");
              h.bars(Math.max(10, Math.min(50, width - 30)))
                  .forEach(line -> out.append(line).append('\n'));
            });
  }

  private static String number(Number value) {
    return value instanceof Double d
        ? Figure.count(Math.round(d))
        : Figure.count(value.longValue());
  }

  private void findings() {
    out.append("\nFindings\n");
    for (Observation o : inspection.observations()) {
      String mark =
          o.finding().level() == Level.ALARM
              ? "!! "
              : o.finding().level() == Level.NOTE ? "!  " : "   ";
      wrap(mark + o.finding().name() + ": " + o.finding().says(), 3);
      o.shown().forEach(this::show);
    }
  }

  private void bad() {
    if (inspection.bad().rows() == 0) {
      return;
    }
    out.append("\nBad rows\n");
    inspection
        .bad()
        .reasons()
        .forEach((reason, count) -> wrap("!  " + Figure.count(count) + " × " + reason, 3));
    inspection.bad().shown().forEach(this::show);
  }

  private void show(Shown s) {
    String where = "line " + s.line() + (s.earlier() > 0 ? ", earlier line " + s.earlier() : "");
    wrap("     " + where + ": " + s.text(), 7);
  }

  /** Lines of at most the width, continued under the text. */
  private void wrap(String text, int indent) {
    StringBuilder line = new StringBuilder();
    for (String word : text.split("(?<=\\S) (?!%)", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        out.append(line).append('\n');
        line = new StringBuilder(" ".repeat(indent)).append(word);
      } else {
        line.append(line.isEmpty() || line.toString().isBlank() ? "" : " ").append(word);
      }
    }
    out.append(line).append('\n');
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
