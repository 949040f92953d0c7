package dev.goodhart.audit;

import dev.goodhart.audit.AuditSet.Comparison;
import dev.goodhart.report.Axis;
import dev.goodhart.report.BarChart;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Reference;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How often a reward puts the preferred response first, beside the rule that knows nothing but the
 * lengths, on the same pairs.
 *
 * @param scorer the reward's name
 * @param pairs that were judged
 * @param prompts that they belong to
 * @param tiedLabels pairs without a preferred response, left out
 * @param unscored pairs of which a response has no reward, left out
 * @param tiedRewards pairs whose rewards are equal, half right
 * @param accuracy the share of pairs in the right order
 * @param baseline the length rule: the longer response wins, or the shorter if that is right more
 *     often here
 * @param baselineAccuracy the length rule's share
 * @param difference accuracy minus baselineAccuracy, paired
 * @param beatsBaseline whether the difference's interval lies above 0
 * @param slices parts of the pairs
 */
public record PairAccuracy(
    String scorer,
    int pairs,
    int prompts,
    int tiedLabels,
    int unscored,
    int tiedRewards,
    Interval accuracy,
    String baseline,
    Interval baselineAccuracy,
    Interval difference,
    boolean beatsBaseline,
    List<Slice> slices)
    implements Chapter {
  /**
   * A part of the pairs.
   *
   * @param by what the pairs were parted by
   * @param name which part
   */
  public record Slice(String by, String name, int pairs, Interval accuracy, Interval baseline) {}

  private static final int STRENGTHS = 4;

  static PairAccuracy of(AuditSet set, Scores scores, Bootstrap bootstrap) {
    List<Comparison> comparisons = set.comparisons();
    double[] hits = hits(set, scores);
    Scores length = length(set);
    double[] baseline = hits(set, length);
    for (int i = 0; i < hits.length; i++) {
      baseline[i] = Double.isNaN(hits[i]) ? Double.NaN : baseline[i];
    }
    int[] prompts = set.comparisonPrompts();
    int tiedLabels = (int) comparisons.stream().filter(c -> c.probability() == 0.5).count();
    int known = (int) Arrays.stream(hits).filter(h -> !Double.isNaN(h)).count();
    int tied =
        (int)
            comparisons.stream()
                .filter(
                    c ->
                        c.probability() != 0.5
                            && scores.value(c.first()) == scores.value(c.second()))
                .count();
    int[] judged = IntStream.range(0, hits.length).filter(i -> !Double.isNaN(hits[i])).toArray();
    Interval difference =
        bootstrap.of(
            judged,
            prompts,
            items -> Bootstrap.mean(hits, items) - Bootstrap.mean(baseline, items));
    return new PairAccuracy(
        scores.name(),
        known,
        (int) Arrays.stream(judged).map(i -> prompts[i]).distinct().count(),
        tiedLabels,
        hits.length - tiedLabels - known,
        tied,
        bootstrap.share(judged, prompts, hits),
        length.name(),
        bootstrap.share(judged, prompts, baseline),
        difference,
        difference.isAbove(0),
        slices(set, hits, baseline, bootstrap));
  }

  /** 1, 0.5 or 0 for each comparison; NaN where it cannot be judged. */
  static double[] hits(AuditSet set, Scores scores) {
    return set.comparisons().stream()
        .mapToDouble(
            c -> Accuracy.pair(scores.value(c.first()), scores.value(c.second()), c.probability()))
        .toArray();
  }

  /**
   * The length rule as a reward, pointing where it is right more often; all NaN where there are no
   * texts.
   */
  static Scores length(AuditSet set) {
    double[] lengths =
        set.samples().stream()
            .mapToDouble(s -> set.hasTexts() ? Surface.LENGTH.of(s.response()) : Double.NaN)
            .toArray();
    Scores longer = Scores.of("longer wins", lengths);
    double right =
        Arrays.stream(hits(set, longer)).filter(h -> !Double.isNaN(h)).average().orElse(0.5);
    return right >= 0.5
        ? longer
        : Scores.of("shorter wins", Arrays.stream(lengths).map(l -> -l).toArray());
  }

  private static List<Slice> slices(
      AuditSet set, double[] hits, double[] baseline, Bootstrap bootstrap) {
    List<Comparison> pairs = set.comparisons();
    List<Slice> slices = new ArrayList<>();
    double[] strengths =
        IntStream.range(0, hits.length)
            .mapToDouble(i -> Double.isNaN(hits[i]) ? Double.NaN : pairs.get(i).strength())
            .toArray();
    List<int[]> bins =
        Reliability.bins(
            strengths, strengths, IntStream.range(0, hits.length).toArray(), STRENGTHS);
    if (bins.size() > 1) {
      for (int[] bin : bins) {
        String name =
            Figure.of(strengths[bin[0]]) + " to " + Figure.of(strengths[bin[bin.length - 1]]);
        add(slices, "strength", name, bin, set, hits, baseline, bootstrap);
      }
    }
    if (set.hasTexts()) {
      double[] gaps =
          pairs.stream()
              .mapToDouble(
                  c ->
                      Math.signum(c.probability() - 0.5)
                          * (Surface.LENGTH.of(set.sample(c.first()).response())
                              - Surface.LENGTH.of(set.sample(c.second()).response())))
              .toArray();
      Map<String, IntPredicate> sides =
          Map.of(
              "is longer",
              i -> gaps[i] > 0,
              "is shorter",
              i -> gaps[i] < 0,
              "is as long",
              i -> gaps[i] == 0);
      for (String side : List.of("is longer", "is shorter", "is as long")) {
        int[] items =
            IntStream.range(0, hits.length)
                .filter(i -> !Double.isNaN(hits[i]))
                .filter(Optional.ofNullable(sides.get(side)).orElseThrow())
                .toArray();
        add(slices, "the preferred response", side, items, set, hits, baseline, bootstrap);
      }
    }
    return slices;
  }

  private static void add(
      List<Slice> slices,
      String by,
      String name,
      int[] items,
      AuditSet set,
      double[] hits,
      double[] baseline,
      Bootstrap bootstrap) {
    if (items.length > 0) {
      int[] prompts = set.comparisonPrompts();
      Interval model = bootstrap.share(items, prompts, hits);
      Interval rule = bootstrap.share(items, prompts, baseline);
      slices.add(new Slice(by, name, items.length, model, rule));
    }
  }

  @Override
  public String key() {
    return "accuracy";
  }

  @Override
  public String title() {
    return "Accuracy";
  }

  @Override
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of(scorer, accuracy.percent(), Figure.count(pairs)));
    if (baselineAccuracy.isKnown()) {
      rows.add(
          List.of(baseline + " (length only)", baselineAccuracy.percent(), Figure.count(pairs)));
      rows.add(
          List.of(
              "difference, paired",
              difference.percent(),
              beatsBaseline ? "beats it: yes" : "beats it: no"));
    }
    blocks.add(
        Table.of("Pairs in the right order", List.of("by", "accuracy [95 %]", "pairs"), rows));
    blocks.add(Block.text(notes()));
    for (String by : slices.stream().map(Slice::by).distinct().toList()) {
      List<BarChart.Bar> bars = new ArrayList<>();
      List<List<String>> table = new ArrayList<>();
      for (Slice slice : slices) {
        if (slice.by().equals(by)) {
          String label = slice.name() + " (" + Figure.count(slice.pairs()) + ")";
          bars.add(bar(label, scorer, slice.accuracy()));
          if (by.equals("strength") && slice.baseline().isKnown()) {
            bars.add(bar(label, baseline, slice.baseline()));
          }
          table.add(
              List.of(
                  slice.name(),
                  slice.accuracy().percent(),
                  slice.baseline().percent(),
                  Figure.count(slice.pairs())));
        }
      }
      String heading =
          by.equals("strength")
              ? "Accuracy by strength of preference"
              : "Accuracy where " + by + " …";
      blocks.add(Table.of(heading, List.of(by, scorer, baseline, "pairs"), table));
      blocks.add(
          new BarChart(
                  heading,
                  by.equals("strength")
                      ? "A reward that has learnt the preference is surer of strong ones."
                      : "Far apart, the reward goes by length: it is right where length is, and"
                          + " wrong where it is not.",
                  Axis.percent("pairs in the right order").between(0, 1),
                  bars)
              .with(new Reference.Level("chance", 0.5)));
    }
    return blocks;
  }

  private static BarChart.Bar bar(String label, String group, Interval interval) {
    return new BarChart.Bar(label, group, interval.estimate(), interval.low(), interval.high());
  }

  private String notes() {
    List<String> notes = new ArrayList<>();
    notes.add("Intervals are 95 %, by bootstrap over the " + Figure.count(prompts) + " prompts.");
    if (tiedLabels > 0) {
      notes.add(Figure.count(tiedLabels) + " tied pairs have no right order and are left out.");
    }
    if (unscored > 0) {
      notes.add(
          Figure.count(unscored) + " pairs have a response without a reward and are left out.");
    }
    if (tiedRewards > 0) {
      notes.add(Figure.count(tiedRewards) + " pairs have equal rewards and count as half right.");
    }
    return String.join(" ", notes);
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (baselineAccuracy.isKnown() && difference.isBounded()) {
      String rule = "the length-only rule '" + baseline + "'";
      String figures = accuracy.percent() + " against " + baselineAccuracy.percent();
      findings.add(
          beatsBaseline
              ? new Finding(
                  "beats-length",
                  Finding.Level.FINE,
                  scorer + " beats " + rule + ": " + figures + ".",
                  figures())
              : new Finding(
                  "beats-length",
                  Finding.Level.ALARM,
                  scorer
                      + " does not beat "
                      + rule
                      + " by more than the interval: "
                      + figures
                      + ", difference "
                      + difference.percent()
                      + ".",
                  figures()));
    } else if (accuracy.isKnown()) {
      boolean above = accuracy.isAbove(0.5);
      findings.add(
          new Finding(
              "above-chance",
              above ? Finding.Level.FINE : Finding.Level.ALARM,
              scorer
                  + " orders "
                  + accuracy.percent()
                  + " of pairs right"
                  + (above ? "." : ", which chance may do too."),
              Map.of("accuracy", accuracy.estimate())));
    }
    return findings;
  }

  private Map<String, Double> figures() {
    return Map.of("accuracy", accuracy.estimate(), "baseline", baselineAccuracy.estimate());
  }
}
