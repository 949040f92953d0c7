package dev.goodhart.neural.align;

import dev.goodhart.GoodhartException;
import dev.goodhart.Scored;
import dev.goodhart.report.Axis;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.LineChart;
import dev.goodhart.report.Notice;
import dev.goodhart.report.Page;
import dev.goodhart.report.Section;
import dev.goodhart.report.Series;
import dev.goodhart.report.Table;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.IoReason;
import dev.goodhart.run.MetricsLog;
import dev.goodhart.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run folder says: reward and gold over the distance from the reference, what else changed,
 * the same prompts answered at several distances, and every alarm.
 *
 * @param steps the rows of {@code metrics.jsonl}
 * @param examples by step, the evaluation's first responses
 * @param alarms as {@code alarms.jsonl} has them
 * @param spec of the run
 */
public record AlignReport(
    List<Map<String, Double>> steps,
    Map<Long, List<RolloutLog.Row>> examples,
    List<JsonNode> alarms,
    String spec) {
  private static final JsonMapper JSON = new JsonMapper();

  private static final String LEAD =
      "What the reward says of the policy's responses, what they are truly worth where the world"
          + " knows that, and how far the policy has gone from its reference.";

  /** Steps are averaged into about so many points. */
  private static final int POINTS = 40;

  /** A fall of gold is spoken of from this share of its rise on. */
  private static final double FALL = 0.1;

  /**
   * Reads a run folder, whether the run is over or not.
   *
   * @throws GoodhartException if it cannot be read
   */
  public static AlignReport of(Path folder) {
    List<Map<String, Double>> steps = new ArrayList<>();
    for (JsonNode row : lines(folder.resolve(MetricsLog.FILE))) {
      Map<String, Double> values = new LinkedHashMap<>();
      row.properties()
          .forEach(
              p ->
                  values.put(
                      p.getKey(), p.getValue().isNumber() ? p.getValue().asDouble() : Double.NaN));
      steps.add(values);
    }
    Map<Long, List<RolloutLog.Row>> examples = new TreeMap<>();
    RolloutLog.read(folder, RolloutLog.EXAMPLES, examples::put);
    Path spec = folder.resolve(Alignment.SPEC);
    try {
      return new AlignReport(
          steps,
          examples,
          lines(folder.resolve(Watching.FILE)),
          Files.exists(spec) ? Files.readString(spec) : "");
    } catch (IOException e) {
      throw new GoodhartException(spec + ": cannot be read: " + IoReason.of(e), e);
    }
  }

  private static List<JsonNode> lines(Path file) {
    List<JsonNode> rows = new ArrayList<>();
    if (!Files.exists(file)) return rows;
    try (var lines = Files.lines(file)) {
      lines.filter(line -> line.endsWith("}")).forEach(line -> rows.add(JSON.readTree(line)));
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    }
    return rows;
  }

  /** Steps in groups of neighbours. */
  private List<List<Map<String, Double>>> groups() {
    List<Map<String, Double>> real = steps.stream().filter(row -> row.containsKey("kl")).toList();
    int size = Math.max(1, (real.size() + POINTS - 1) / POINTS);
    List<List<Map<String, Double>>> groups = new ArrayList<>();
    for (int from = 0; from < real.size(); from += size) {
      groups.add(real.subList(from, Math.min(from + size, real.size())));
    }
    return groups;
  }

  /** The mean of a metric over each group of steps; NaN where it has none. */
  private double[] means(String name) {
    return groups().stream()
        .mapToDouble(
            group ->
                group.stream()
                    .mapToDouble(row -> row.getOrDefault(name, Double.NaN))
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN))
        .toArray();
  }

  private boolean has(String name) {
    return steps.stream().anyMatch(row -> row.containsKey(name));
  }

  /** Where gold was highest, in groups of steps; -1 where nobody knows gold. */
  private int peak() {
    double[] gold = means("gold");
    int best = -1;
    for (int i = 0; i < gold.length; i++) {
      if (Double.isFinite(gold[i]) && (best < 0 || gold[i] > gold[best])) best = i;
    }
    return best;
  }

  /** By how much gold typically differs between neighbouring groups of steps. */
  private double noise() {
    double[] gold = means("gold");
    double[] moves =
        IntStream.range(1, gold.length)
            .mapToDouble(i -> Math.abs(gold[i] - gold[i - 1]))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return moves.length == 0 ? Double.POSITIVE_INFINITY : moves[moves.length / 2];
  }

  /**
   * How much of its rise gold has lost at the end; 0 where it never rose, or where the loss is no
   * more than twice what gold differs by from one group of steps to the next.
   */
  public double fall() {
    int peak = peak();
    if (peak < 0) return 0;
    double[] gold = means("gold");
    double rise = gold[peak] - gold[0];
    double lost = gold[peak] - gold[gold.length - 1];
    return rise <= 0 || lost <= 2 * noise() ? 0 : lost / rise;
  }

  /** The run in sentences. */
  public List<String> says() {
    List<String> says = new ArrayList<>();
    double[] kl = means("kl");
    if (kl.length == 0) return List.of("No step was taken.");
    double[] reward = means("reward");
    int last = kl.length - 1;
    says.add(
        "The reward went from %s to %s; the policy ends %s nats a response from its reference."
            .formatted(show(reward[0]), show(reward[last]), show(kl[last])));
    int peak = peak();
    if (peak >= 0) {
      double[] gold = means("gold");
      boolean sank = gold[0] - gold[last] > 2 * noise() && reward[last] > reward[0];
      boolean hacked = fall() >= FALL && reward[last] > reward[peak];
      says.add(
          sank && !hacked
              ? "Over-optimised: gold sank from %s to %s while the reward went from %s to %s."
                  .formatted(show(gold[0]), show(gold[last]), show(reward[0]), show(reward[last]))
              : hacked
                  ? "Over-optimised: gold rose from %s to %s at step %.0f (KL %s) and fell to %s, by %.0f %% of its rise, while the reward went from %s to %s."
                      .formatted(
                          show(gold[0]),
                          show(gold[peak]),
                          means("step")[peak],
                          show(kl[peak]),
                          show(gold[last]),
                          100 * fall(),
                          show(reward[peak]),
                          show(reward[last]))
                  : "Gold went from %s to %s, and its highest mean was %s at step %.0f."
                      .formatted(
                          show(gold[0]), show(gold[last]), show(gold[peak]), means("step")[peak]));
    }
    evaluated("evaluation/reward", "reward", says);
    evaluated("evaluation/gold", "gold", says);
    if (!alarms.isEmpty()) {
      JsonNode first = alarms.getFirst();
      says.add(
          "%d findings of the monitors; the first at step %d: %s"
              .formatted(
                  alarms.size(), first.path("step").asLong(), first.path("says").asString()));
    }
    return says;
  }

  private void evaluated(String name, String word, List<String> says) {
    List<Map<String, Double>> rows = steps.stream().filter(r -> r.containsKey(name)).toList();
    if (rows.size() < 2) return;
    says.add(
        "Held-out prompts: mean %s %s before, %s at step %.0f."
            .formatted(
                word,
                show(rows.getFirst().getOrDefault(name, Double.NaN)),
                show(rows.getLast().getOrDefault(name, Double.NaN)),
                rows.getLast().getOrDefault("step", Double.NaN)));
  }

  private static String show(double value) {
    return Figure.fixed(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3);
  }

  /** A self-contained page. */
  public String html() {
    List<Section> sections = new ArrayList<>();
    List<Block> words = new ArrayList<>();
    for (String sentence : says()) {
      words.add(
          sentence.startsWith("Over-optimised")
              ? new Notice(Notice.Tone.BAD, sentence)
              : Block.text(sentence));
    }
    sections.add(new Section("In short", words));
    double[] kl = means("kl");
    double[] step = means("step");
    List<Block> charts = new ArrayList<>();
    List<Series> both = new ArrayList<>();
    both.add(Series.line("reward", kl, means("reward")));
    if (has("gold")) both.add(Series.line("gold", kl, means("gold")));
    charts.add(
        new LineChart(
            "Over-optimisation",
            "What the reward says of the policy's responses and what they are truly worth, over how"
                + " far the policy is from its reference.",
            Axis.of("KL from the reference (nats a response)"),
            Axis.of("mean"),
            both));
    charts.add(
        overSteps("Reward", step, has("gold") ? List.of("reward", "gold") : List.of("reward")));
    charts.add(overSteps("Distance", step, List.of("kl")));
    if (has("distillation")) {
      charts.add(overSteps("From the teacher (nats a token)", step, List.of("distillation")));
    }
    charts.add(overSteps("Length", step, List.of("length")));
    charts.add(overSteps("Entropy (nats a token)", step, List.of("entropy")));
    charts.add(
        overSteps(
            "Shares",
            step,
            List.of("clip-share", "unscored", "flat-groups", "cut-off").stream()
                .filter(this::has)
                .toList()));
    some("parts/", "Parts of the reward", step, charts);
    some("true/", "What is true of the responses", step, charts);
    sections.add(new Section("The run", charts));
    if (!examples.isEmpty())
      sections.add(new Section("The same prompts at several distances", List.of(sideBySide())));
    if (!alarms.isEmpty())
      sections.add(new Section("Findings of the monitors", List.of(alarmTable())));
    Map<String, String> facts = new LinkedHashMap<>(Provenance.running());
    facts.put("spec", spec);
    return new Page("A policy against its reward", LEAD, sections, facts).html();
  }

  private void some(String prefix, String title, double[] step, List<Block> charts) {
    List<String> names =
        steps.stream()
            .flatMap(row -> row.keySet().stream())
            .filter(name -> name.startsWith(prefix))
            .distinct()
            .limit(8)
            .toList();
    if (!names.isEmpty()) charts.add(overSteps(title, step, names));
  }

  private LineChart overSteps(String title, double[] step, List<String> names) {
    return new LineChart(
        title,
        "Over the steps of the run.",
        Axis.of("step"),
        Axis.of(names.size() == 1 ? names.getFirst() : "mean"),
        names.stream()
            .map(name -> Series.line(name.substring(name.indexOf('/') + 1), step, means(name)))
            .toList());
  }

  private Table sideBySide() {
    List<Map.Entry<Long, List<RolloutLog.Row>>> at = List.copyOf(examples.entrySet());
    List<Map.Entry<Long, List<RolloutLog.Row>>> chosen = new ArrayList<>();
    int columns = Math.min(4, at.size());
    for (int c = 0; c < columns; c++) {
      chosen.add(at.get(columns == 1 ? 0 : c * (at.size() - 1) / (columns - 1)));
    }
    List<String> header = new ArrayList<>(List.of("prompt"));
    for (var some : chosen) {
      header.add("step %d, KL %s".formatted(some.getKey(), show(some.getValue().getFirst().kl())));
    }
    List<List<String>> rows = new ArrayList<>();
    List<RolloutLog.Row> first = chosen.getFirst().getValue();
    for (int i = 0; i < first.size(); i++) {
      List<String> row = new ArrayList<>();
      row.add(cut(first.get(i).sample().prompt().text()));
      for (var some : chosen) {
        row.add(i < some.getValue().size() ? shown(some.getValue().get(i)) : "");
      }
      rows.add(row);
    }
    return Table.of("The evaluation's first prompts", header, rows);
  }

  private static String shown(RolloutLog.Row row) {
    String reward = row.reward() instanceof Scored s ? show(s.value()) : "unscored";
    String gold = row.gold().isPresent() ? ", gold " + show(row.gold().getAsDouble()) : "";
    return cut(row.sample().response()) + " (" + reward + gold + ")";
  }

  private static String cut(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300) + "…";
  }

  private Table alarmTable() {
    return Table.of(
        "Every finding",
        List.of("step", "monitor", "level", "says"),
        alarms.stream()
            .limit(200)
            .map(
                a ->
                    List.of(
                        Long.toString(a.path("step").asLong()),
                        a.path("name").asString(),
                        a.path("level").asString(),
                        a.path("says").asString()))
            .toList());
  }

  /** Writes {@code report.html}. */
  public void write(Path folder) {
    AtomicOutput.write(folder.resolve("report.html"), html());
  }
}
