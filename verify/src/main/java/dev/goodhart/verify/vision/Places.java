package dev.goodhart.verify.vision;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds boxes and points in free text: four or two numbers in brackets, {@code [x1, y1, x2, y2]},
 * {@code (x1,y1),(x2,y2)}, inside JSON or not. A box's label is the text of the nearest {@code
 * "label"} (or {@code class}, {@code category}, {@code name}) in its JSON object.
 */
final class Places {
  /** So many are read; a response with more has the rest counted but not compared. */
  static final int MOST = 1000;

  private static final String NUMBER =
      "([-+]?[0-9]{1,12}(?:\\.[0-9]{1,18})?(?:[eE][-+]?[0-9]{1,2})?)";
  private static final String COMMA = "\\s*,\\s*";

  private static final Pattern BOX =
      Pattern.compile(
          "[\\[(]\\s*"
              + NUMBER
              + COMMA
              + NUMBER
              + "(?:"
              + COMMA
              + "|\\s*\\)"
              + COMMA
              + "\\(\\s*)"
              + NUMBER
              + COMMA
              + NUMBER
              + "\\s*[\\])]");

  private static final Pattern POINT =
      Pattern.compile(
          "[\\[(]\\s*"
              + NUMBER
              + COMMA
              + NUMBER
              + "\\s*[\\])]"
              + "|<point\\s+x=\"\\s*"
              + NUMBER
              + "\\s*\"\\s+y=\"\\s*"
              + NUMBER
              + "\\s*\"");

  private static final Pattern LABEL =
      Pattern.compile("\"(?:label|class|category|name)\"\\s*:\\s*\"([^\"\\\\]{0,200})\"");

  private static final JsonMapper JSON = new JsonMapper();

  private Places() {}

  /** The boxes of a text, in its order, and how many it has. */
  record Found(List<Box> boxes, int count) {}

  static Found boxes(String text, BoxFormat format, boolean labels) {
    List<Box> boxes = new ArrayList<>();
    int count = 0;
    Matcher matcher = BOX.matcher(text);
    while (matcher.find()) {
      if (count++ < MOST) {
        String label = labels ? label(text, matcher.start(), matcher.end()) : "";
        boxes.add(
            format.box(
                number(matcher, 1),
                number(matcher, 2),
                number(matcher, 3),
                number(matcher, 4),
                label));
      }
    }
    return new Found(boxes, count);
  }

  /** The last point of a text; where it has none, the centre of its last box. */
  static Optional<double[]> point(String text, BoxFormat format) {
    // A box as two corners in round brackets would read as two points.
    Matcher matcher = POINT.matcher(BOX.matcher(text).replaceAll(" "));
    double[] last = null;
    while (matcher.find()) {
      int at = matcher.group(1) != null ? 1 : 3;
      last = new double[] {number(matcher, at), number(matcher, at + 1)};
    }
    Found found = last == null ? boxes(text, format, false) : new Found(List.of(), 0);
    if (last == null && !found.boxes().isEmpty()) {
      Box box = found.boxes().getLast();
      last = new double[] {(box.left() + box.right()) / 2, (box.top() + box.bottom()) / 2};
    }
    return Optional.ofNullable(last);
  }

  private static double number(Matcher matcher, int group) {
    return Double.parseDouble(matcher.group(group));
  }

  /** In the JSON object around a box: between the nearest braces. */
  private static String label(String text, int start, int end) {
    int from = Math.max(text.lastIndexOf('{', start), start - 500);
    int to = text.indexOf('}', end);
    to = to < 0 ? Math.min(text.length(), end + 500) : Math.min(to, end + 500);
    Matcher matcher = LABEL.matcher(text.substring(Math.max(0, from), to));
    return matcher.find() ? matcher.group(1).strip().toLowerCase(Locale.ROOT) : "";
  }

  /**
   * The true boxes: a list of four numbers, of such lists or of objects that hold them, or a text
   * with any of these.
   */
  static List<Box> references(
      Sample sample, Optional<String> column, BoxFormat format, boolean labels) {
    @Nullable Object value =
        column.isEmpty() ? sample.reference() : sample.columns().get(column.get());
    if (value == null) {
      return List.of();
    }
    String text =
        value instanceof List<?> || value instanceof Map<?, ?>
            ? JSON.writeValueAsString(value)
            : value.toString();
    return boxes(text, format, labels).boxes();
  }
}
