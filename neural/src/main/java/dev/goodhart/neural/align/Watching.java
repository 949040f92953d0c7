package dev.goodhart.neural.align;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.audit.Finding;
import dev.goodhart.audit.Monitor;
import dev.goodhart.run.AtomicOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The monitors of a reward spec over a run. They see responses and rewards, as a reward server
 * would, and never gold. Alarms stand in {@code alarms.jsonl}.
 */
final class Watching {
  static final String FILE = "alarms.jsonl";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final List<Monitor.Watch> watches;
  private final List<String> lines = new ArrayList<>();

  Watching(Path folder, List<Monitor> monitors) {
    this.file = folder.resolve(FILE);
    this.watches = monitors.stream().map(Monitor::start).toList();
  }

  /** What they say of a step. */
  List<Finding> step(long step, List<Sample> samples, List<Reward> rewards) {
    List<Finding> findings = new ArrayList<>();
    for (Monitor.Watch watch : watches) findings.addAll(watch.step(samples, rewards));
    for (Finding finding : findings) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("step", step);
      line.put("name", finding.name());
      line.put("level", finding.level().name().toLowerCase(java.util.Locale.ROOT));
      line.put("says", finding.says());
      line.put("figures", finding.figures());
      lines.add(JSON.writeValueAsString(line));
    }
    return findings;
  }

  /** Writes what was said so far. */
  void write() {
    if (!watches.isEmpty()) AtomicOutput.writeLines(file, lines.iterator());
  }
}
