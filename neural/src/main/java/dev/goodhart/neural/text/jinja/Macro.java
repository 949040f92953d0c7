package dev.goodhart.neural.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a template with parameters. */
record Macro(String name, List<Parameter> parameters, Statement body) {
  /** Where a call block leaves its body for the macro; no template can write this name. */
  static final String CALLER = " caller";

  record Parameter(String name, @Nullable Expression otherwise) {}

  /** The macro as a value, which sees the variables around its definition. */
  Callable in(Scope around) {
    return arguments -> {
      Budget budget = around.budget;
      budget.enter();
      budget.step();
      if (arguments.size() > parameters.size()) {
        throw new JinjaException(
            "macro "
                + name
                + " takes "
                + parameters.size()
                + " arguments, not "
                + arguments.size());
      }
      Scope scope = around.inner();
      Object caller = arguments.scope().get(CALLER);
      if (caller instanceof Callable) scope.set("caller", caller);
      scope.set(CALLER, None.NONE);
      for (int i = 0; i < parameters.size(); i++) {
        Parameter parameter = parameters.get(i);
        Object value = arguments.find(i, parameter.name());
        if (value == null) {
          value =
              parameter.otherwise() == null
                  ? new Undefined(parameter.name())
                  : parameter.otherwise().in(scope);
        }
        scope.set(parameter.name(), value);
      }
      Output output = new Output(budget);
      body.run(scope, output);
      budget.leave();
      return output.toString();
    };
  }
}
