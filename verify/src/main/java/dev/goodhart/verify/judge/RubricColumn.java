package dev.goodhart.verify.judge;

import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sample's own criteria, in the forms in which data sets write them. */
final class RubricColumn {
  private static final List<String> TEXTS = List.of("criterion", "text", "description", "title");
  private static final List<String> WEIGHTS = List.of("weight", "points");

  static List<Criterion> of(Sample sample, String column) {
    if (!(sample.columns().get(column) instanceof List<?> list)) {
      throw new NoVerdictException("no rubric: column '" + column + "' holds no list");
    }
    List<Criterion> criteria = new ArrayList<>();
    for (Object one : list) {
      try {
        criteria.add(criterion(one));
      } catch (IllegalArgumentException e) {
        throw new NoVerdictException(
            "no rubric: number "
                + (criteria.size() + 1)
                + " of '"
                + column
                + "', "
                + e.getMessage());
      }
    }
    return criteria;
  }

  private static Criterion criterion(@Nullable Object one) {
    if (one instanceof String text) {
      return new Criterion(text, 1);
    }
    if (!(one instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("expected a text or a mapping");
    }
    Object text = first(map, TEXTS);
    Object weight = first(map, WEIGHTS);
    if (!(text instanceof String words)) {
      throw new IllegalArgumentException("has none of " + String.join(", ", TEXTS));
    }
    if (weight != null && !(weight instanceof Number)) {
      throw new IllegalArgumentException("the weight is not a number");
    }
    return new Criterion(words, weight instanceof Number number ? number.doubleValue() : 1);
  }

  private static @Nullable Object first(Map<?, ?> map, List<String> keys) {
    for (String key : keys) {
      if (map.containsKey(key)) {
        return map.get(key);
      }
    }
    return null;
  }

  private RubricColumn() {}
}
