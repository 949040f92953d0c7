package dev.goodhart.data;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows with one response, or several that are judged one by one, or none. */
final class SingleRows {
  /** The column of a sample's steps, texts in their order. */
  static final String STEPS = "steps";

  /** The column of their verdicts, numbers in [0, 1]. */
  static final String STEP_LABELS = "step-labels";

  /** Columns that are ratings of a response. */
  static final List<String> RATINGS =
      List.of(
          "helpfulness",
          "correctness",
          "coherence",
          "complexity",
          "verbosity",
          "honesty",
          "truthfulness",
          "instruction_following",
          "harmlessness",
          "quality",
          "overall",
          "overall_score",
          "overall_rating",
          "score",
          "rating",
          "reward",
          "win_probability");

  static List<Example> labelled(Fields row) {
    Sample sample = row.sample(row.response("response"));
    return List.of(new Example.Labelled(sample, row.verdict("label")));
  }

  static List<Example> labelledMessages(Fields row) {
    return List.of(new Example.Labelled(lastTurn(row), row.verdict("label")));
  }

  /** Every rating column that is filled; {@code --score} alone when the user named one. */
  static List<Example> rated(Fields row) {
    Sample sample = row.sample(row.response("response"));
    Map<String, Double> ratings = new LinkedHashMap<>();
    String named = row.column("rating");
    if (RATINGS.contains(named)) {
      for (String column : row.row.columns().keySet()) {
        Object value = row.row.columns().get(column);
        if (RATINGS.contains(column) && value != null) {
          Double rating = Kind.number(value);
          if (rating == null) {
            throw new BadField(column, "expected a finite number, not '" + value + "'");
          }
          ratings.put(column, rating);
        }
      }
    } else {
      ratings.put(named, row.number("rating"));
    }
    if (ratings.isEmpty()) {
      throw row.missing("rating");
    }
    return List.of(new Example.Rated(sample, ratings));
  }

  static List<Example> plain(Fields row) {
    return List.of(new Example.Plain(row.sample(row.response("response"))));
  }

  /**
   * A conversation that ends with the assistant is a response to what came before; any other is a
   * task.
   */
  static List<Example> messages(Fields row) {
    List<Message> messages = Turns.read(row.list("messages"));
    if (messages.getLast().role().equals("assistant")) {
      return List.of(new Example.Plain(lastTurn(row)));
    }
    return List.of(new Example.Task(row.id, new Prompt(messages), row.reference(), row.rest()));
  }

  static List<Example> task(Fields row) {
    return List.of(new Example.Task(row.id, row.task(), row.reference(), row.rest()));
  }

  /** One labelled sample per model: {@code {model: {"is_correct": …, "solution": …}}}. */
  static List<Example> solutions(Fields row) {
    List<Example> examples = new ArrayList<>();
    Map<String, @Nullable Object> rest = row.rest();
    rest.values().removeIf(Kind.JUDGED::holds);
    row.row
        .columns()
        .forEach(
            (model, value) -> {
              if (value instanceof Map<?, ?> judged && Kind.JUDGED.holds(judged)) {
                examples.add(solution(row, model, judged, rest));
              }
            });
    if (examples.isEmpty()) {
      throw row.missing("solution");
    }
    return examples;
  }

  private static Example solution(
      Fields row, String model, Map<?, ?> judged, Map<String, @Nullable Object> rest) {
    String text = String.valueOf(Kind.content(judged));
    if (text.isBlank()) {
      throw new BadField(model, "is empty");
    }
    Double label = null;
    for (String field : Kind.VERDICT_FIELDS) {
      label = label == null ? Kind.verdict(judged.get(field)) : label;
    }
    Map<String, @Nullable Object> columns = new LinkedHashMap<>(rest);
    columns.put("model", model);
    Sample sample = new Sample(row.id + "/" + model, row.prompt(), text, row.reference(), columns);
    return new Example.Labelled(sample, label == null ? 0 : label);
  }

  /**
   * The steps as one response; it is as good as its worst step. The sample's columns {@code steps}
   * and {@code step-labels} keep them apart.
   */
  static List<Example> stepwise(Fields row) {
    List<?> steps = row.list("responses");
    List<?> labels = row.list("label");
    if (steps.size() != labels.size()) {
      throw new BadField(
          row.column("label"), "has " + labels.size() + " labels for " + steps.size() + " steps");
    }
    double worst = 1;
    List<Double> verdicts = new ArrayList<>();
    for (Object label : labels) {
      Double good = Kind.verdict(label);
      if (good == null) {
        throw row.wrong("label", "true, false or numbers in [0, 1]", label);
      }
      worst = Math.min(worst, good);
      verdicts.add(good);
    }
    String text = steps.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    if (text.isBlank()) {
      throw new BadField(row.column("responses"), "is empty");
    }
    Sample plain = row.sample(text);
    Map<String, @Nullable Object> columns = new LinkedHashMap<>(plain.columns());
    columns.put(STEPS, steps.stream().map(String::valueOf).toList());
    columns.put(STEP_LABELS, verdicts);
    Sample sample = new Sample(plain.id(), plain.prompt(), text, plain.reference(), columns);
    return List.of(new Example.Labelled(sample, worst));
  }

  private static Sample lastTurn(Fields row) {
    List<Message> messages = Turns.read(row.list("messages"));
    Message last = messages.getLast();
    if (!last.role().equals("assistant")) {
      throw new BadField(row.column("messages"), "does not end with the assistant's turn");
    }
    if (last.content().isBlank()) {
      throw new BadField(row.column("messages"), "ends with an empty turn");
    }
    Prompt prompt = new Prompt(messages.subList(0, messages.size() - 1));
    return new Sample(row.id, prompt, last.content(), row.reference(), row.rest());
  }

  private SingleRows() {}
}
