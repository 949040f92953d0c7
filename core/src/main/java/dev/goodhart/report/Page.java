package dev.goodhart.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A whole report: one HTML file that can be mailed, opened from a disk and printed.
 *
 * @param title of the page and its first heading
 * @param lead a sentence or two on what this is and what came out
 * @param provenance what makes the figures traceable, by name: the command, seeds, digests,
 *     versions
 */
public record Page(
    String title, String lead, List<Section> sections, Map<String, String> provenance) {
  public Page {
    sections = List.copyOf(sections);
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
  }

  /**
   * The page as a text in UTF-8. The policy in its head forbids scripts and every access to the
   * network.
   */
  public String html() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        """);
    out.append("<title>").append(Escape.html(title)).append("</title>\n<style>\n").append(style());
    out.append("</style>\n</head>\n<body>\n<header><h1>")
        .append(Escape.html(title))
        .append("</h1>\n");
    out.append(paragraphs(lead, "lead")).append("</header>\n<main>\n");
    int charts = 0;
    for (Section section : sections) {
      out.append("<section><h2>").append(Escape.html(section.heading())).append("</h2>\n");
      List<Block> blocks = arranged(section.blocks());
      for (int b = 0; b < blocks.size(); b++) {
        boolean chart = blocks.get(b) instanceof Chart;
        boolean first = chart && !isChart(blocks, b - 1);
        boolean several = first && isChart(blocks, b + 1);
        out.append(several ? "<div class=\"charts\">\n" : "");
        switch (blocks.get(b)) {
          case Paragraph paragraph -> out.append(paragraphs(paragraph.text(), ""));
          case Notice notice -> out.append(notice(notice));
          case Table table -> out.append(table.html());
          case Chart one -> out.append(figure(one, "chart" + ++charts));
        }
        out.append(chart && !first && !isChart(blocks, b + 1) ? "</div>\n" : "");
      }
      out.append("</section>\n");
    }
    out.append("</main>\n<footer><h2>Where these figures come from</h2>\n<dl>\n");
    provenance.forEach(
        (name, value) ->
            out.append("<dt>")
                .append(Escape.html(name))
                .append("</dt><dd>")
                .append(Escape.html(value))
                .append("</dd>\n"));
    return out.append("</dl></footer>\n</body>\n</html>\n").toString();
  }

  /**
   * Charts that follow one another stand side by side where there is room. A single one stands
   * beside the words and tables; it comes before the table that it shows, so that both begin at the
   * same height.
   */
  private static List<Block> arranged(List<Block> blocks) {
    List<Block> arranged = new ArrayList<>(blocks);
    for (int b = 1; b < arranged.size(); b++) {
      boolean single =
          isChart(arranged, b) && !isChart(arranged, b - 1) && !isChart(arranged, b + 1);
      if (single && arranged.get(b - 1) instanceof Table) {
        arranged.add(b - 1, arranged.remove(b));
      }
    }
    return arranged;
  }

  private static boolean isChart(List<Block> blocks, int at) {
    return at >= 0 && at < blocks.size() && blocks.get(at) instanceof Chart;
  }

  private static String paragraphs(String text, String style) {
    StringBuilder out = new StringBuilder();
    for (String paragraph : text.split("\n\n", -1)) {
      if (!paragraph.isBlank()) {
        out.append(style.isEmpty() ? "<p>" : "<p class=\"" + style + "\">")
            .append(Escape.html(paragraph))
            .append("</p>\n");
      }
    }
    return out.toString();
  }

  private static String notice(Notice notice) {
    String word = notice.tone().word();
    return "<p class=\"notice "
        + word
        + "\"><strong>"
        + word
        + "</strong> "
        + Escape.html(notice.text())
        + "</p>\n";
  }

  private static String figure(Chart chart, String id) {
    StringBuilder out =
        new StringBuilder("<figure>\n<figcaption><h3>")
            .append(Escape.html(chart.title()))
            .append("</h3>");
    out.append("<p>")
        .append(Escape.html(chart.description()))
        .append("</p></figcaption>\n")
        .append(chart.svg(id));
    if (!chart.legend().isEmpty()) {
      out.append("<ul class=\"legend\">");
      for (Chart.Key key : chart.legend()) {
        String shape =
            chart instanceof BarChart && !key.style().equals("ref") ? "M1 3h22v6H1z" : "M0 6h24";
        String fill = shape.endsWith("z") ? "bar " : "line ";
        out.append("<li><svg viewBox=\"0 0 24 12\" aria-hidden=\"true\"><path d=\"")
            .append(shape)
            .append("\" class=\"");
        out.append(key.style().equals("ref") ? "" : fill).append(key.style()).append("\"/></svg>");
        out.append(Escape.html(key.name())).append("</li>");
      }
      out.append("</ul>\n");
    }
    out.append("<details><summary>The figures as a table</summary>\n").append(chart.table().html());
    return out.append("</details>\n</figure>\n").toString();
  }

  private static String style() {
    try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream("page.css"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
