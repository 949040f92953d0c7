package dev.goodhart.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PageTest {
  private static final String HOSTILE = "</svg><script>alert('x')</script>\u0000";

  private static final LineChart LINES =
      new LineChart(
              HOSTILE,
              HOSTILE,
              Axis.log("n" + HOSTILE),
              Axis.of("gold" + HOSTILE),
              List.of(
                  Series.band(
                      HOSTILE,
                      new double[] {1, 2, 4},
                      new double[] {0, 1, Double.NaN},
                      new double[] {-1, 0.5, 0},
                      new double[] {1, 1.5, 2}),
                  Series.quiet("quiet", new double[] {1, 4}, new double[] {0, 3})))
          .with(new LineChart.Top("KL", n -> Math.log(n) - (n - 1) / n));

  private static final BarChart BARS =
      new BarChart(
              HOSTILE,
              HOSTILE,
              Axis.percent("share").between(0, 1),
              List.of(
                  new BarChart.Bar(HOSTILE, HOSTILE, 0.5, 0.4, 0.6),
                  new BarChart.Bar("b", "c", Double.NaN, 0, 1)))
          .with(new Reference.Level(HOSTILE, 0.5));

  private static final Page PAGE =
      new Page(
          HOSTILE,
          HOSTILE,
          List.of(
              Section.of(
                  HOSTILE, Block.text(HOSTILE), LINES, BARS, new Notice(Notice.Tone.BAD, HOSTILE))),
          Map.of(HOSTILE, HOSTILE));

  /** The page is HTML, not XML, but a chart must be well-formed in both. */
  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  @Test
  void hostileTextNeverBecomesMarkup() {
    String html = PAGE.html();
    assertFalse(html.contains("<script"), "a script element came through");
    assertFalse(html.contains("\u0000"), "a control character came through");
    assertTrue(html.contains("&lt;script&gt;"));
    assertTrue(html.contains("default-src 'none'"), "the policy forbids scripts all the same");
  }

  @Test
  void nothingIsLoadedFromAnywhere() {
    String html = PAGE.html();
    assertFalse(html.matches("(?s).*(src=|href=|url\\(|@import|http://|https://).*"));
  }

  @Test
  void aChartIsWellFormedAndSaysWhatItShows() throws Exception {
    for (Chart chart : List.of(LINES, BARS)) {
      Document svg = parse(chart.svg("chart1"));
      assertEquals("svg", svg.getDocumentElement().getTagName());
      assertEquals("img", svg.getDocumentElement().getAttribute("role"));
      assertEquals("chart1-t chart1-d", svg.getDocumentElement().getAttribute("aria-labelledby"));
      assertEquals(
          "chart1-t",
          svg.getDocumentElement()
              .getFirstChild()
              .getNextSibling()
              .getAttributes()
              .getNamedItem("id")
              .getNodeValue());
      assertFalse(
          chart.svg("chart1").contains("NaN"), "a value that is not known must not be drawn");
    }
  }

  @Test
  void theTableBehindALineChartHoldsItsFigures() {
    Table table = LINES.table();
    assertEquals(3, table.rows().size());
    assertEquals(List.of("1", "0.00", "0 [-1, 1]", "0"), table.rows().get(0));
    assertEquals(List.of("2", "0.19", "1 [0.500, 1.50]", "–"), table.rows().get(1));
    assertEquals("3", table.rows().get(2).get(3));
  }

  @Test
  void aLineStandsWhereItsValuesAre() {
    // A y axis from 0 to 10 without a top scale runs from 218 (bottom) up to 26; the x axis ends 14
    // short of 380.
    LineChart chart =
        new LineChart(
            "t",
            "d",
            Axis.of("x").between(0, 1),
            Axis.of("y").between(0, 10),
            List.of(Series.line("s", new double[] {0, 1}, new double[] {0, 10})));
    double left = 8 + 8 * "10".length();
    assertTrue(
        chart.svg("c").contains("<path d=\"M" + (int) left + " 218L366 26\" class=\"line c0\"/>"),
        chart.svg("c"));
  }
}
