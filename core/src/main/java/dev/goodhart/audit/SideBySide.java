package dev.goodhart.audit;

import dev.goodhart.audit.AuditSet.Comparison;
import dev.goodhart.report.Axis;
import dev.goodhart.report.BarChart;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several rewards on the same responses, and their ensembles. Only what every one of them has
 * scored counts, so that they are judged on the same.
 *
 * @param metric the figure that they are ranked by
 * @param responses that every reward has scored
 * @param unscored responses that some reward has not, left out
 * @param rows one a reward, in the order given; then the length rule; then the ensembles
 * @param help whether the ensembles are better than their members
 */
public record SideBySide(
    String metric, int responses, int unscored, List<Row> rows, List<EnsembleHelp> help)
    implements Chapter {
  /** One reward's figures by name; the first is the metric. */
  public record Row(String scorer, String kind, Map<String, Interval> figures) {}

  static final String STRICT = "strictly first";
  static final String RANK = "MRR";
  static final String PAIRS = "pairs right";
  static final String AUROC = "AUROC";
  static final String LONGER = "prefers longer";

  static SideBySide of(
      AuditSet set,
      List<Scores> singles,
      List<Scores> members,
      List<Scores> ensembles,
      Bootstrap bootstrap) {
    List<Scores> all = new ArrayList<>(singles);
    all.addAll(ensembles);
    boolean[] known = new boolean[set.size()];
    for (int i = 0; i < known.length; i++) {
      int sample = i;
      known[i] = all.stream().noneMatch(s -> Double.isNaN(s.value(sample)));
    }
    List<Row> rows = new ArrayList<>();
    for (Scores scores : singles) {
      rows.add(row(set, masked(scores, known), "reward", bootstrap));
    }
    if (set.hasTexts()) {
      rows.add(row(set, masked(PairAccuracy.length(set), known), "length only", bootstrap));
    }
    for (Scores scores : ensembles) {
      rows.add(row(set, masked(scores, known), "ensemble", bootstrap));
    }
    int responses = 0;
    for (boolean k : known) {
      responses += k ? 1 : 0;
    }
    String metric = rows.getFirst().figures().keySet().stream().findFirst().orElse("");
    List<EnsembleHelp> help =
        ensembles.isEmpty() || metric.isEmpty()
            ? List.of()
            : help(set, metric, members, ensembles, known, bootstrap);
    return new SideBySide(metric, responses, set.size() - responses, rows, help);
  }

  private static Scores masked(Scores scores, boolean[] known) {
    double[] values = scores.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = known[i] ? values[i] : Double.NaN;
    }
    return Scores.of(scores.name(), values);
  }

  private static Row row(AuditSet set, Scores scores, String kind, Bootstrap bootstrap) {
    Map<String, Interval> figures = new LinkedHashMap<>();
    if (!set.oneOfMany().isEmpty()) {
      OneOfMany one = OneOfMany.of(set, scores, bootstrap);
      figures.put(STRICT, one.strict());
      figures.put(RANK, one.reciprocalRank());
    }
    if (!set.comparisons().isEmpty()) {
      figures.put(PAIRS, bootstrap.share(set.comparisonPrompts(), PairAccuracy.hits(set, scores)));
      if (set.hasTexts()) {
        figures.put(LONGER, bootstrap.share(set.comparisonPrompts(), longer(set, scores)));
      }
    }
    if (set.hasLabels() && set.oneOfMany().isEmpty()) {
      double[] labels = set.labels();
      figures.put(
          AUROC, bootstrap.of(set.prompts(), items -> Auroc.of(scores.values(), labels, items)));
    }
    return new Row(scores.name(), kind, figures);
  }

  private static double[] longer(AuditSet set, Scores scores) {
    return set.comparisons().stream().mapToDouble(pair -> longer(set, scores, pair)).toArray();
  }

  /**
   * 1 where the longer response has the higher reward, 0 where the shorter has; NaN where the
   * lengths are equal.
   */
  private static double longer(AuditSet set, Scores scores, Comparison pair) {
    double length =
        Surface.LENGTH.of(set.sample(pair.first()).response())
            - Surface.LENGTH.of(set.sample(pair.second()).response());
    double reward = scores.value(pair.first()) - scores.value(pair.second());
    return length == 0 || Double.isNaN(reward)
        ? Double.NaN
        : (1 + Math.signum(length) * Math.signum(reward)) / 2;
  }

  private static List<EnsembleHelp> help(
      AuditSet set,
      String metric,
      List<Scores> members,
      List<Scores> ensembles,
      boolean[] known,
      Bootstrap bootstrap) {
    return switch (metric) {
      case STRICT ->
          EnsembleHelp.of(
              members,
              ensembles,
              OneOfMany.rowPrompts(set),
              scores -> {
                double[] strict = OneOfMany.strict(set, masked(scores, known));
                return items -> Bootstrap.mean(strict, items);
              },
              bootstrap);
      case PAIRS ->
          EnsembleHelp.of(
              members,
              ensembles,
              set.comparisonPrompts(),
              scores -> {
                double[] hits = PairAccuracy.hits(set, masked(scores, known));
                return items -> Bootstrap.mean(hits, items);
              },
              bootstrap);
      default ->
          EnsembleHelp.of(
              members,
              ensembles,
              set.prompts(),
              scores -> {
                double[] values = masked(scores, known).values();
                double[] labels = set.labels();
                return items -> Auroc.of(values, labels, items);
              },
              bootstrap);
    };
  }

  @Override
  public String key() {
    return "side-by-side";
  }

  @Override
  public String title() {
    return "Side by side";
  }

  private static String written(String figure, Interval interval) {
    return figure.equals(RANK) || figure.equals(AUROC) ? interval.text() : interval.percent();
  }

  @Override
  public List<Block> blocks() {
    if (metric.isEmpty()) {
      return List.of(
          Block.text(
              "The data says nothing about the responses' merit: there is nothing to hold the"
                  + " scores against."));
    }
    List<Block> blocks = new ArrayList<>();
    List<String> figures = List.copyOf(rows.getFirst().figures().keySet());
    List<String> header = new ArrayList<>(List.of("by"));
    header.addAll(figures);
    List<List<String>> table = new ArrayList<>();
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.scorer()));
      for (int f = 0; f < figures.size(); f++) {
        Interval figure = row.figures().getOrDefault(figures.get(f), Interval.NONE);
        // Two intervals do not fit beside each other in 80 columns; the first figure is the one
        // that matters.
        cells.add(written(figures.get(f), f == 0 ? figure : Interval.exactly(figure.estimate())));
      }
      table.add(cells);
    }
    blocks.add(Table.of("The rewards, side by side [95 %]", header, table));
    List<BarChart.Bar> bars =
        rows.stream()
            .sorted(Comparator.comparingDouble((Row r) -> first(r).estimate()).reversed())
            .map(
                r ->
                    new BarChart.Bar(
                        r.scorer(), r.kind(), first(r).estimate(), first(r).low(), first(r).high()))
            .toList();
    blocks.add(
        new BarChart(
            "Ranked by: " + metric,
            "Every reward on the same responses; 95 % intervals. Overlapping intervals do not"
                + " settle an order.",
            (metric.equals(AUROC) ? Axis.of(metric) : Axis.percent(metric)).between(0, Double.NaN),
            bars));
    if (!help.isEmpty()) {
      blocks.add(EnsembleHelp.table("Do ensembles help: " + metric, help, !metric.equals(AUROC)));
      blocks.add(
          Block.text(
              "Before they were put together, the members' scores were brought to mean 0 and"
                  + " deviation 1 over all responses."));
    }
    if (figures.contains(STRICT)) {
      blocks.add(
          Block.text(
              "Strictly first: the share of rows in which the right response alone has the highest"
                  + " reward. MRR: the mean of one over its rank, ties against it."));
    }
    blocks.add(
        Block.text(
            Figure.count(responses)
                + " responses have every reward."
                + (unscored > 0
                    ? " " + Figure.count(unscored) + " lack one and are left out."
                    : "")));
    return blocks;
  }

  private Interval first(Row row) {
    return row.figures().getOrDefault(metric, Interval.NONE);
  }

  @Override
  public List<Finding> findings() {
    if (metric.isEmpty()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    Row best =
        rows.stream()
            .filter(r -> r.kind().equals("reward"))
            .max(Comparator.comparingDouble(r -> first(r).estimate()))
            .orElseThrow();
    findings.add(
        new Finding(
            "best-reward",
            Finding.Level.FINE,
            "The best single reward is "
                + best.scorer()
                + ": "
                + metric
                + " "
                + written(metric, first(best))
                + ".",
            Map.of("best", first(best).estimate())));
    if (!help.isEmpty()) {
      findings.add(EnsembleHelp.finding(help, metric, !metric.equals(AUROC)));
    }
    return findings;
  }
}
