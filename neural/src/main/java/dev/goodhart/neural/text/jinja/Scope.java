package dev.goodhart.neural.text.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that a part of a template sees: its own, then those around it. */
final class Scope {
  final Budget budget;
  private final @Nullable Scope around;
  private final Map<String, Object> variables = new HashMap<>();

  Scope(Budget budget) {
    this.budget = budget;
    around = null;
  }

  private Scope(Scope around) {
    budget = around.budget;
    this.around = around;
  }

  Scope inner() {
    return new Scope(this);
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.around) {
      Object value = scope.variables.get(name);
      if (value != null) return value;
    }
    return new Undefined(name);
  }
}
