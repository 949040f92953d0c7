package dev.goodhart.verify.code;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a function returned with the JSON of what it should have: a tuple is a list, whole
 * numbers must be equal, and a number may differ by the tolerance where the expected one has a
 * fraction. Anything that JSON has no form for equals nothing.
 */
record ValueMatch(double tolerance) {
  boolean matches(@Nullable Object expected, @Nullable Object actual) {
    if (expected == null || actual == null) {
      return expected == null && actual == null;
    }
    return switch (expected) {
      case Boolean truth ->
          actual.equals(truth)
              || (actual instanceof Number
                  && number(actual).compareTo(truth ? BigDecimal.ONE : BigDecimal.ZERO) == 0);
      case Number number -> actual instanceof Number && numbers(number, actual);
      case String text -> text.equals(actual);
      case List<?> list -> actual instanceof List<?> other && lists(list, other);
      case Map<?, ?> map -> actual instanceof Map<?, ?> other && maps(map, other);
      default -> false;
    };
  }

  private boolean numbers(Number expected, Object actual) {
    if (actual instanceof Double d && !Double.isFinite(d)) {
      return expected instanceof Double e && e.equals(d);
    }
    if (expected instanceof Double || expected instanceof Float || expected instanceof BigDecimal) {
      return OutputMatch.near(expected.doubleValue(), ((Number) actual).doubleValue(), tolerance);
    }
    return number(expected).compareTo(number(actual)) == 0;
  }

  private static BigDecimal number(Object number) {
    return switch (number) {
      case BigInteger big -> new BigDecimal(big);
      case BigDecimal big -> big;
      case Double d -> Double.isFinite(d) ? new BigDecimal(d) : new BigDecimal("0.5");
      case Number other -> BigDecimal.valueOf(other.longValue());
      default -> throw new IllegalArgumentException(number + " is no number");
    };
  }

  private boolean lists(List<?> expected, List<?> actual) {
    if (expected.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!matches(expected.get(i), actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean maps(Map<?, ?> expected, Map<?, ?> actual) {
    return expected.size() == actual.size()
        && expected.keySet().stream()
            .allMatch(
                key -> actual.containsKey(key) && matches(expected.get(key), actual.get(key)));
  }
}
