package dev.goodhart.verify.code;

import dev.goodhart.Sample;
import dev.goodhart.verify.code.CodeTests.Asserts;
import dev.goodhart.verify.code.CodeTests.Calls;
import dev.goodhart.verify.code.CodeTests.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Finds the tests in a sample's columns, in the layouts of the field's data sets. Of several, the
 * first of this list counts:
 *
 * <ul>
 *   <li>HumanEval and its descendants: {@code test} with {@code check(candidate)}, unit tests or
 *       test functions, {@code entry_point}, and the prompt whose head the response may continue
 *   <li>MBPP: {@code test_list} of assert statements, with {@code test_setup_code} or {@code
 *       test_imports}
 *   <li>APPS, TACO: {@code input_output} with {@code inputs}, {@code outputs} and, for functions,
 *       {@code fn_name}
 *   <li>LiveCodeBench: {@code public_test_cases} and {@code private_test_cases} (also in their
 *       packed form), with {@code metadata.func_name}
 *   <li>NeMo-Gym: {@code verifier_metadata.unit_tests}
 *   <li>verl, PRIME: the reference, {@code ground_truth}, {@code reward_model.ground_truth}, {@code
 *       tests} or {@code test_cases}, holding {@code inputs} and {@code outputs}, an {@code
 *       assert_case}, assert statements, or a list of {@code {input, output, weight}}
 * </ul>
 *
 * A column may hold JSON or its text.
 */
final class TestColumns {
  private static final List<String> OTHERS =
      List.of(
          "verifier_metadata", "reward_model", "ground_truth", "tests", "test_cases", "unit_tests");

  private TestColumns() {}

  /**
   * @param column the column that holds the tests, or empty to look for it
   * @throws TestsException if there are none, or they cannot be read
   */
  static CodeTests of(Sample sample, Optional<String> column) {
    if (column.isPresent()) {
      Object value =
          column.get().equals("reference")
              ? sample.reference()
              : sample.columns().get(column.get());
      if (value == null) {
        throw new TestsException("the sample has no column '" + column.get() + "'");
      }
      if (column.get().equals("test") || column.get().equals("test_list")) {
        return asserts(sample, value);
      }
      return read(sample, column.get(), value);
    }
    for (String name : List.of("test", "test_list")) {
      Object value = sample.columns().get(name);
      if (value instanceof String text && !text.isBlank() && !text.strip().startsWith("{")
          || value instanceof List<?> list && allText(list)) {
        return asserts(sample, value);
      }
    }
    if (sample.columns().get("input_output") != null) {
      return read(sample, "input_output", sample.columns().get("input_output"));
    }
    if (sample.columns().get("public_test_cases") != null
        || sample.columns().get("private_test_cases") != null) {
      return liveCodeBench(sample);
    }
    for (String name : OTHERS) {
      Object value = sample.columns().get(name);
      if (value != null && holdsTests(value)) {
        return read(sample, name, value);
      }
    }
    if (sample.reference() != null) {
      return read(sample, "reference", sample.reference());
    }
    throw new TestsException(
        "the sample has none of the columns test, test_list, input_output, public_test_cases, "
            + String.join(", ", OTHERS)
            + ", reference");
  }

  private static boolean holdsTests(Object value) {
    return !(value instanceof Map<?, ?> map)
        || map.containsKey("ground_truth")
        || map.containsKey("unit_tests")
        || map.containsKey("inputs")
        || map.containsKey("assert_case");
  }

  private static CodeTests asserts(Sample sample, Object value) {
    List<String> sources =
        value instanceof List<?> list ? texts(list) : List.of(String.valueOf(value));
    List<String> setup = new ArrayList<>();
    for (String name : List.of("test_imports", "test_setup_code")) {
      switch (sample.columns().get(name)) {
        case String text when !text.isBlank() -> setup.add(text);
        case List<?> list -> setup.addAll(texts(list));
        case null, default -> {}
      }
    }
    String entry =
        sample.columns().get("entry_point") instanceof String name && !name.isBlank() ? name : null;
    String prompt =
        sample.columns().get("prompt") instanceof String text ? text : sample.prompt().text();
    return new Asserts(
        entry == null ? List.of() : List.of(prompt),
        setup,
        sources,
        entry,
        entry == null ? "" : prompt);
  }

  private static CodeTests read(Sample sample, String name, Object value) {
    Object json = value instanceof String text ? parsed(name, text) : value;
    return switch (json) {
      case Map<?, ?> map when map.get("ground_truth") != null ->
          read(sample, name + ".ground_truth", map.get("ground_truth"));
      case Map<?, ?> map when map.get("unit_tests") != null ->
          read(sample, name + ".unit_tests", map.get("unit_tests"));
      case Map<?, ?> map when map.get("assert_case") instanceof List<?> list ->
          asserts(sample, list);
      case Map<?, ?> map when map.get("assert_case") instanceof String text ->
          asserts(sample, text);
      case Map<?, ?> map
          when map.get("inputs") instanceof List<?> in
              && map.get("outputs") instanceof List<?> out ->
          parallel(name, in, out, map.get("fn_name"));
      case List<?> list when allText(list) -> asserts(sample, list);
      case List<?> list -> cases(name, list, functionName(sample));
      case String text -> asserts(sample, text);
      default ->
          throw new TestsException(
              "'" + name + "' holds neither inputs and outputs nor assert statements");
    };
  }

  /** JSON if the text looks like it, else the text: a test in Python. */
  private static Object parsed(String name, String text) {
    String stripped = text.strip();
    if (!stripped.startsWith("{") && !stripped.startsWith("[")) {
      return text;
    }
    try {
      return Wire.JSON.readValue(stripped, Object.class);
    } catch (JacksonException e) {
      throw new TestsException("'" + name + "' is not JSON: " + e.getOriginalMessage());
    }
  }

  /** APPS and verl: a list of inputs and a list of outputs. */
  private static CodeTests parallel(
      String name, List<?> inputs, List<?> outputs, @Nullable Object function) {
    if (inputs.isEmpty() || inputs.size() != outputs.size()) {
      throw new TestsException(
          "'" + name + "' has " + inputs.size() + " inputs and " + outputs.size() + " outputs");
    }
    if (function instanceof String called && !called.isBlank()) {
      List<Calls.Call> calls = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        List<?> arguments =
            inputs.get(i) instanceof List<?> list
                ? list
                : arguments(name, String.valueOf(inputs.get(i)));
        Object output =
            inputs.get(i) instanceof List<?> ? outputs.get(i) : parsedResult(name, outputs.get(i));
        List<@Nullable Object> results = new ArrayList<>();
        results.add(output);
        if (output instanceof List<?> list && list.size() == 1) {
          results.add(list.getFirst());
        }
        calls.add(new Calls.Call(arguments, results, 1));
      }
      return new Calls(called, calls);
    }
    List<Streams.Stream> cases = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      cases.add(new Streams.Stream(lines(inputs.get(i)), lines(outputs.get(i)), 1));
    }
    return new Streams(cases);
  }

  private static CodeTests liveCodeBench(Sample sample) {
    List<Object> all = new ArrayList<>();
    for (String name : List.of("public_test_cases", "private_test_cases")) {
      Object value = sample.columns().get(name);
      if (value == null) {
        continue;
      }
      Object json = value instanceof String text ? parsed(name, PackedTests.unpacked(text)) : value;
      if (!(json instanceof List<?> list)) {
        throw new TestsException("'" + name + "' is not a list");
      }
      all.addAll(list);
    }
    return cases("public_test_cases", all, functionName(sample));
  }

  private static @Nullable String functionName(Sample sample) {
    Object metadata = sample.columns().get("metadata");
    if (metadata instanceof String text && text.strip().startsWith("{")) {
      metadata = parsed("metadata", text);
    }
    Object name =
        metadata instanceof Map<?, ?> map ? map.get("func_name") : sample.columns().get("fn_name");
    return name instanceof String text && !text.isBlank() ? text : null;
  }

  /**
   * A list of {input, output}, each a stream's text or a function's arguments, one JSON value a
   * line.
   */
  private static CodeTests cases(String name, List<?> list, @Nullable String function) {
    List<Streams.Stream> streams = new ArrayList<>();
    List<Calls.Call> calls = new ArrayList<>();
    String called = function;
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> map)
          || !map.containsKey("input")
          || !(map.containsKey("output") || map.containsKey("expected_output"))) {
        throw new TestsException("'" + name + "' has a test without 'input' and 'output'");
      }
      Object input = map.get("input");
      Object output = map.containsKey("output") ? map.get("output") : map.get("expected_output");
      double weight = map.get("weight") instanceof Number number ? number.doubleValue() : 1;
      if (!(weight >= 0 && Double.isFinite(weight))) {
        throw new TestsException("'" + name + "' has a test of weight " + weight);
      }
      if (map.get("fn_name") instanceof String own) {
        called = own;
      }
      boolean stream = !(map.get("testtype") instanceof String type) || type.equals("stdin");
      if (called != null && (!stream || map.get("testtype") == null)) {
        List<?> arguments =
            input instanceof List<?> given ? given : arguments(name, String.valueOf(input));
        Object result = input instanceof List<?> ? output : parsedResult(name, output);
        List<@Nullable Object> results = new ArrayList<>();
        results.add(result);
        calls.add(new Calls.Call(arguments, results, weight));
      } else {
        streams.add(new Streams.Stream(lines(input), lines(output), weight));
      }
    }
    if (!calls.isEmpty() && !streams.isEmpty()) {
      throw new TestsException("'" + name + "' mixes tests of a function and of a program");
    }
    if (calls.isEmpty() && streams.isEmpty()) {
      throw new TestsException("'" + name + "' is empty");
    }
    return calls.isEmpty() ? new Streams(streams) : new Calls(String.valueOf(called), calls);
  }

  private static List<@Nullable Object> arguments(String name, String text) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (String line : text.split("\n")) {
      if (!line.isBlank()) {
        arguments.add(parsedResult(name, line));
      }
    }
    return arguments;
  }

  private static @Nullable Object parsedResult(String name, @Nullable Object value) {
    if (!(value instanceof String text)) {
      return value;
    }
    try {
      return Wire.JSON.readValue(text, Object.class);
    } catch (JacksonException e) {
      throw new TestsException(
          "'" + name + "' has an argument or result that is not JSON: " + e.getOriginalMessage());
    }
  }

  /** Text as it is; a list as lines; another value as JSON. */
  private static String lines(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case String text -> text;
      case List<?> list -> String.join("\n", list.stream().map(TestColumns::lines).toList());
      case Object other -> Wire.JSON.writeValueAsString(other);
    };
  }

  private static boolean allText(List<?> list) {
    return !list.isEmpty() && list.stream().allMatch(String.class::isInstance);
  }

  private static List<String> texts(List<?> list) {
    return list.stream().map(String::valueOf).filter(t -> !t.isBlank()).toList();
  }
}
