package dev.goodhart.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A chart as a file of its own, for documents that hold no styles: title, legend and colours
 * within, light or dark as the reader has it.
 */
public final class Picture {
  private static final double WIDTH = 440;
  private static final double CHART = 300;
  private static final double MARGIN = 12;
  private static final double ROW = 18;
  private static final double LETTER = 6.4;

  /**
   * @return an SVG document
   */
  public static String svg(Chart chart) {
    StringBuilder legend = new StringBuilder();
    double y = MARGIN + 26;
    double x = MARGIN;
    for (Chart.Key key : chart.legend()) {
      double needed = 34 + LETTER * key.name().length();
      if (x > MARGIN && x + needed > WIDTH - MARGIN) {
        x = MARGIN;
        y += ROW;
      }
      legend.append(
          "<path d=\"M%s %sh22\" class=\"%s\"/><text x=\"%s\" y=\"%s\">%s</text>\n"
              .formatted(
                  Svg.at(x),
                  Svg.at(y - 4),
                  key.style().equals("ref") ? "ref" : "line " + key.style(),
                  Svg.at(x + 27),
                  Svg.at(y),
                  Escape.html(key.name())));
      x += needed + 10;
    }
    double top = (chart.legend().isEmpty() ? MARGIN + 12 : y + 8);
    double height = top + CHART + MARGIN;
    String inner =
        chart
            .svg("c")
            .replaceFirst(
                "<svg ",
                "<svg x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" "
                    .formatted(
                        Svg.at(MARGIN), Svg.at(top), Svg.at(WIDTH - 2 * MARGIN), Svg.at(CHART)));
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s">
    <style>
    %s</style>
    <rect width="100%%" height="100%%" class="paper"/>
    <text x="%s" y="%s" class="title">%s</text>
    %s%s</svg>
    """
        .formatted(
            Svg.at(WIDTH),
            Svg.at(height),
            Svg.at(WIDTH),
            Svg.at(height),
            style(),
            Svg.at(MARGIN),
            Svg.at(MARGIN + 6),
            Escape.html(chart.title()),
            legend,
            inner);
  }

  /** Of the page's style sheet what a picture needs. */
  private static String style() {
    try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream("page.css"))) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      String colours =
          lines.stream()
              .takeWhile(line -> !line.startsWith("* {"))
              .collect(Collectors.joining("\n", "", "\n"));
      String shapes =
          lines.stream()
              .filter(line -> line.startsWith("svg ") || line.matches("\\.c\\d .*"))
              .collect(Collectors.joining("\n", "", "\n"));
      return colours
          + shapes
          + "svg rect.paper { fill: var(--paper); }\n"
          + "svg text.title { font-weight: 600; fill: var(--ink); }\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Picture() {}
}
