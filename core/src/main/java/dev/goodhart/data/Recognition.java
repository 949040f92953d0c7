package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a file's first rows show about its layout.
 *
 * @param layout the layout found or forced
 * @param source whose way of writing it: {@code TRL}
 * @param roles the columns that are used, by what they are used for
 * @param columns all columns with what they hold, in the file's order
 */
public record Recognition(
    Layout layout, String source, Map<String, String> roles, Map<String, String> columns) {

  /** With the shape that reads the rows. */
  record Found(Recognition recognition, Shape shape) {}

  /**
   * Finds the layout of rows.
   *
   * @throws GoodhartException if none fits, or several that mean different things
   */
  static Found in(String file, List<Row> rows, Reading reading) {
    Map<String, String> seen = seen(rows);
    for (Map.Entry<String, String> named : reading.columns().entrySet()) {
      if (rows.stream().allMatch(row -> row.at(named.getValue()) == null)) {
        throw new GoodhartException(
            file
                + ": no column '"
                + named.getValue()
                + "' ("
                + named.getKey()
                + "); it has "
                + list(seen));
      }
    }
    Shape found = null;
    Map<String, String> roles = Map.of();
    Set<String> verdicts = new LinkedHashSet<>();
    for (Shape shape : Shapes.ALL) {
      if (reading.layout() != null && shape.layout() != reading.layout()) {
        continue;
      }
      Map<String, String> columns = shape.columns(rows, reading.columns());
      if (columns == null) {
        continue;
      }
      if (found == null) {
        found = shape;
        roles = columns;
      }
      if (hasVerdict(shape.layout(), reading)) {
        verdicts.add(shape.layout().id());
      }
    }
    if (found == null) {
      throw new GoodhartException(nothing(file, seen, reading.layout()));
    }
    verdicts.remove(verdicts.contains("preference") ? "implicit-preference" : "");
    if (verdicts.size() > 1) {
      throw new GoodhartException(
          file
              + ": the columns fit "
              + String.join(" and ", verdicts)
              + " alike ("
              + list(seen)
              + "): say which with --format "
              + String.join("|", verdicts));
    }
    return new Found(new Recognition(found.layout(), found.source(), roles, seen), found);
  }

  /** Layouts that judge responses: a file must not be read as one when it could be another. */
  private static boolean hasVerdict(Layout layout, Reading reading) {
    return switch (layout) {
      case RESPONSES, MESSAGES, QUESTION_ANSWER, PROMPT_ONLY -> false;
      case RATINGS -> !reading.columns().containsKey("label");
      case UNPAIRED -> !reading.columns().containsKey("rating");
      default -> true;
    };
  }

  private static String nothing(String file, Map<String, String> seen, @Nullable Layout forced) {
    if (forced != null) {
      return file
          + ": does not fit --format "
          + forced.id()
          + " ("
          + forced.columns()
          + "); it has "
          + list(seen);
    }
    List<String> layouts = new ArrayList<>();
    for (Layout layout : Layout.values()) {
      layouts.add(layout.id());
    }
    return file
        + ": no layout fits the columns "
        + list(seen)
        + ": force one with --format "
        + String.join("|", layouts)
        + " or rename the columns";
  }

  private static Map<String, String> seen(List<Row> rows) {
    Map<String, String> seen = new LinkedHashMap<>();
    for (Row row : rows) {
      row.columns()
          .forEach(
              (name, value) -> {
                if (value != null || !seen.containsKey(name)) {
                  seen.merge(name, Kind.describe(value), (a, b) -> a.equals("null") ? b : a);
                }
              });
    }
    return seen;
  }

  private static String list(Map<String, String> seen) {
    String list =
        seen.entrySet().stream()
            .limit(30)
            .map(e -> e.getKey() + " (" + e.getValue() + ")")
            .collect(Collectors.joining(", "));
    return seen.size() > 30 ? list + ", and " + (seen.size() - 30) + " more" : list;
  }
}
