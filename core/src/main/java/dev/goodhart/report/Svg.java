package dev.goodhart.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Writes one {@code <svg>} element. Coordinates in the view box, y downwards. */
final class Svg {
  private final StringBuilder out = new StringBuilder();

  Svg(String id, String title, String description, double width, double height) {
    out.append("<svg viewBox=\"0 0 ").append(at(width)).append(' ').append(at(height));
    out.append("\" role=\"img\" aria-labelledby=\"")
        .append(id)
        .append("-t ")
        .append(id)
        .append("-d\">\n");
    out.append("<title id=\"")
        .append(id)
        .append("-t\">")
        .append(Escape.html(title))
        .append("</title>");
    out.append("<desc id=\"")
        .append(id)
        .append("-d\">")
        .append(Escape.html(description))
        .append("</desc>\n");
  }

  /** Where the text is anchored: {@code start}, {@code middle} or {@code end}. */
  Svg text(double x, double y, String anchor, String style, String text) {
    out.append("<text x=\"").append(at(x)).append("\" y=\"").append(at(y));
    out.append("\" text-anchor=\"")
        .append(anchor)
        .append("\" class=\"")
        .append(style)
        .append("\">");
    out.append(Escape.html(text)).append("</text>\n");
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String style) {
    return path("M" + at(x1) + " " + at(y1) + "L" + at(x2) + " " + at(y2), style);
  }

  Svg path(String path, String style) {
    out.append("<path d=\"").append(path).append("\" class=\"").append(style).append("\"/>\n");
    return this;
  }

  Svg dot(double x, double y, double radius, String style, String tip) {
    out.append("<circle cx=\"")
        .append(at(x))
        .append("\" cy=\"")
        .append(at(y))
        .append("\" r=\"")
        .append(at(radius));
    out.append("\" class=\"")
        .append(style)
        .append("\"><title>")
        .append(Escape.html(tip))
        .append("</title></circle>\n");
    return this;
  }

  Svg rectangle(double x, double y, double width, double height, String style, String tip) {
    out.append("<rect x=\"")
        .append(at(x))
        .append("\" y=\"")
        .append(at(y))
        .append("\" width=\"")
        .append(at(width));
    out.append("\" height=\"")
        .append(at(height))
        .append("\" rx=\"2\" class=\"")
        .append(style)
        .append("\"><title>");
    out.append(Escape.html(tip)).append("</title></rect>\n");
    return this;
  }

  /** A coordinate with two decimals at most. */
  static String at(double coordinate) {
    return BigDecimal.valueOf(coordinate)
        .setScale(2, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** About how wide a text of the charts' size is on a phone, in the view box's unit. */
  static double width(String text) {
    return 8 * text.length();
  }

  @Override
  public String toString() {
    return out + "</svg>\n";
  }
}
