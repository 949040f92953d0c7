package dev.goodhart.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class PictureTest {
  /** An XML reader sees the title, one legend entry a line, and the chart within. */
  @Test
  void aPictureIsADocumentOfItsOwn() throws Exception {
    var chart =
        new LineChart(
            "Gold < reward & KL",
            "Said aloud.",
            Axis.of("KL"),
            Axis.of("gold"),
            List.of(
                Series.line("a <b>", new double[] {0, 1, 2}, new double[] {0, 1, 0}),
                Series.line("c", new double[] {0, 1, 2}, new double[] {0, 2, 3})));
    String svg = Picture.svg(chart);
    var factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Document document =
        factory
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertEquals("svg", document.getDocumentElement().getLocalName());
    assertEquals("http://www.w3.org/2000/svg", document.getDocumentElement().getNamespaceURI());
    assertEquals(1, document.getDocumentElement().getElementsByTagName("svg").getLength());
    assertEquals(1, document.getElementsByTagName("style").getLength());
    assertTrue(svg.contains("Gold &lt; reward &amp; KL"), svg);
    assertTrue(svg.contains(">a &lt;b&gt;</text>"), svg);
    assertTrue(svg.contains("prefers-color-scheme: dark"), "dark");
    assertFalse(svg.contains("http://") && svg.split("http://").length > 2, "nothing from outside");
  }
}
