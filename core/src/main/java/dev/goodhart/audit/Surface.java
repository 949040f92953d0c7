package dev.goodhart.audit;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What can be seen of a response without reading it. A reward that goes by these can be raised
 * without a better answer.
 *
 * <p>Each is on a logarithmic scale, so that a coefficient is the worth of one doubling: {@code
 * log2(characters)}, and {@code log2(1 + count)} for the marks of formatting.
 */
public enum Surface {
  LENGTH("length", "characters doubled") {
    @Override
    public double of(String response) {
      return log2(Math.max(1, response.codePointCount(0, response.length())));
    }
  },
  LISTS("list items", "list items, 1 + count doubled") {
    @Override
    public double of(String response) {
      return log2(1 + count(ITEM, response));
    }
  },
  EMPHASIS("headings and bold", "headings and bold, 1 + count doubled") {
    @Override
    public double of(String response) {
      return log2(1 + count(STRONG, response));
    }
  },
  CODE("code marks", "code marks, 1 + count doubled") {
    @Override
    public double of(String response) {
      return log2(1 + count(TICKS, response));
    }
  };

  public static final List<Surface> ALL = List.of(values());

  private static final Pattern ITEM = Pattern.compile("(?m)^[ \\t]*+(?:[-*+•]|\\d{1,3}[.)])[ \\t]");
  private static final Pattern STRONG = Pattern.compile("(?m)^#{1,6} |\\*\\*[^*\\n]++\\*\\*");
  private static final Pattern TICKS = Pattern.compile("`++");

  private final String title;
  private final String unit;

  Surface(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** What it is called in a table. */
  public String title() {
    return title;
  }

  /** What one unit of it is. */
  public String unit() {
    return unit;
  }

  public abstract double of(String response);

  private static int count(Pattern pattern, String text) {
    return Math.toIntExact(pattern.matcher(text).results().count());
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
