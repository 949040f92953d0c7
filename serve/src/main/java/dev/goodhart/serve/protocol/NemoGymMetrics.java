package dev.goodhart.serve.protocol;

import dev.goodhart.serve.http.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What NeMo Gym wants to know of many verified rollouts: mean, largest, smallest, median and
 * standard deviation (of the sample) of every number in them, by task and over all. Rows that were
 * not scored ({@code _ng_failure_class}) are counted and left out: their reward is no measurement.
 */
final class NemoGymMetrics {
  private static final String TASK = "_ng_task_index";
  private static final String ROLLOUT = "_ng_rollout_index";
  private static final String FAILURE = "_ng_failure_class";
  private static final Set<String> INDICES = Set.of(TASK, ROLLOUT);

  private NemoGymMetrics() {}

  static Object of(List<Fields> responses) {
    if (responses.isEmpty()) {
      return json(List.of(), Map.of());
    }
    Map<Double, List<Fields>> tasks = new TreeMap<>();
    for (Fields response : responses) {
      tasks
          .computeIfAbsent(response.number(TASK).orElse(0), task -> new ArrayList<>())
          .add(response);
    }
    List<Object> groups = new ArrayList<>();
    tasks.forEach((task, rows) -> groups.add(group(task, rows)));
    Map<String, Object> all = statistics(responses);
    return json(groups, all);
  }

  private static Object json(List<Object> groups, Map<String, Object> all) {
    Map<String, Object> key = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (name.startsWith("mean/")) key.put(name, value);
        });
    return Map.of("group_level_metrics", groups, "agent_metrics", all, "key_metrics", key);
  }

  private static Map<String, Object> group(double task, List<Fields> rows) {
    Map<String, Object> group = statistics(rows);
    group.put("sample", Map.of("agent_ref", Map.of("name", "agent")));
    group.put("num_rollouts", rows.size());
    group.put("expected_num_rollouts", rows.size());
    group.put("missing_num_rollouts", 0);
    group.put("reward_profile_completion_pct", 100.0);
    group.put("rollout_infos", rows.stream().map(row -> info(task, row)).toList());
    group.put(TASK, (long) task);
    return group;
  }

  private static Map<String, Object> info(double task, Fields row) {
    long rollout = (long) row.number(ROLLOUT).orElse(0);
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("rollout_id", (long) task + ":" + rollout);
    info.put(TASK, (long) task);
    info.put(ROLLOUT, rollout);
    info.putAll(numbers(row));
    return info;
  }

  private static Map<String, Object> statistics(List<Fields> rows) {
    List<Fields> scored = rows.stream().filter(row -> !row.has(FAILURE)).toList();
    Map<String, List<Double>> columns = new LinkedHashMap<>();
    for (Fields row : scored) {
      numbers(row)
          .forEach(
              (name, value) ->
                  columns.computeIfAbsent(name, n -> new ArrayList<>()).add(value.doubleValue()));
    }
    Map<String, Object> statistics = new LinkedHashMap<>();
    columns.forEach((name, values) -> describe(name, values, scored.size(), statistics));
    if (scored.size() < rows.size()) {
      statistics.put("unscored", rows.size() - scored.size());
    }
    return statistics;
  }

  private static void describe(
      String name, List<Double> values, int rows, Map<String, Object> statistics) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    double mean = Arrays.stream(sorted).average().orElseThrow();
    statistics.put("mean/" + name, mean);
    statistics.put("max/" + name, sorted[n - 1]);
    statistics.put("min/" + name, sorted[0]);
    statistics.put("median/" + name, (sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
    if (n > 1) {
      double squares = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).sum();
      statistics.put("std/" + name, Math.sqrt(squares / (n - 1)));
    } else if (rows == 1) {
      statistics.put("std/" + name, 0.0);
    }
  }

  /** Of a row, its response's usage and its parts; a truth value is 0 or 1. */
  private static Map<String, Number> numbers(Fields row) {
    Map<String, Number> numbers = new LinkedHashMap<>();
    row.values().forEach((name, value) -> put(numbers, name, value));
    if (row.get("parts") instanceof Map<?, ?> parts) {
      parts.forEach((name, value) -> put(numbers, "parts/" + name, value));
    }
    if (row.get("response") instanceof Map<?, ?> response
        && response.get("usage") instanceof Map<?, ?> usage) {
      usage.forEach((name, value) -> put(numbers, String.valueOf(name), value));
    }
    return numbers;
  }

  private static void put(Map<String, Number> numbers, String name, @Nullable Object value) {
    if (INDICES.contains(name)) return;
    if (value instanceof Boolean flag) {
      numbers.put(name, flag ? 1 : 0);
    } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      numbers.put(name, number);
    }
  }
}
