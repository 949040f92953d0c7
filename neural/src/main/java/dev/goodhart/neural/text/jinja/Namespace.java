package dev.goodhart.neural.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** The one value that {@code set} can change from inside a loop: {@code namespace(found=false)}. */
record Namespace(Map<String, Object> values) {
  Namespace {
    values = new HashMap<>(values);
  }
}
