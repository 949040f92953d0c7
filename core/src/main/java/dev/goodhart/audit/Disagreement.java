package dev.goodhart.audit;

import dev.goodhart.audit.AuditSet.Comparison;
import dev.goodhart.report.Axis;
import dev.goodhart.report.BarChart;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Whether an ensemble knows what it does not know: are pairs on which its members disagree those
 * that it gets wrong?
 *
 * <p>The disagreement of a pair is the standard deviation over the members of the difference in
 * reward; where the members are not known, the root of the sum of the two responses' variances. A
 * narrow margin predicts errors too, without an ensemble: the disagreement is worth having where it
 * adds to that.
 *
 * @param pairs that were judged, ties left out
 * @param deviationAuroc how often a wrong pair has the larger disagreement
 * @param marginAuroc how often a wrong pair has the narrower margin
 * @param ratioAuroc how often a wrong pair has the smaller margin in units of its disagreement
 * @param gain the best of ratioAuroc and deviationAuroc minus marginAuroc, paired; the best is
 *     chosen on the data
 * @param bins pairs from the least disagreement to the most
 */
public record Disagreement(
    String scorer,
    int pairs,
    Interval deviationAuroc,
    Interval marginAuroc,
    Interval ratioAuroc,
    Interval gain,
    List<Bin> bins)
    implements Chapter {
  /** Pairs of similar disagreement, from and to in the reward's unit. */
  public record Bin(double from, double to, int pairs, Interval accuracy) {}

  private static final int BINS = 5;

  static boolean isKnown(Scores scores) {
    return scores.members().length > 1
        || java.util.Arrays.stream(scores.deviations()).anyMatch(d -> d > 0);
  }

  static Disagreement of(AuditSet set, Scores scores, Bootstrap bootstrap) {
    List<Comparison> all = set.comparisons();
    double[] hits = PairAccuracy.hits(set, scores);
    double[] wrong = new double[hits.length];
    double[] deviation = new double[hits.length];
    double[] margin = new double[hits.length];
    double[] ratio = new double[hits.length];
    for (int i = 0; i < hits.length; i++) {
      Comparison pair = all.get(i);
      deviation[i] = deviation(scores, pair);
      double gap = Math.abs(scores.value(pair.first()) - scores.value(pair.second()));
      margin[i] = -gap;
      ratio[i] = -gap / Math.max(deviation[i], 1e-300);
      wrong[i] = hits[i] == 0.5 || Double.isNaN(deviation[i]) ? Double.NaN : 1 - hits[i];
    }
    int[] prompts = set.comparisonPrompts();
    int[] known = IntStream.range(0, hits.length).filter(i -> !Double.isNaN(wrong[i])).toArray();
    Interval byDeviation = bootstrap.of(known, prompts, items -> Auroc.of(deviation, wrong, items));
    Interval byRatio = bootstrap.of(known, prompts, items -> Auroc.of(ratio, wrong, items));
    double[] best = byRatio.estimate() >= byDeviation.estimate() ? ratio : deviation;
    List<Bin> bins = new ArrayList<>();
    for (int[] bin : Reliability.bins(deviation, wrong, known, BINS)) {
      bins.add(
          new Bin(
              deviation[bin[0]],
              deviation[bin[bin.length - 1]],
              bin.length,
              bootstrap.share(bin, prompts, hits)));
    }
    return new Disagreement(
        scores.name(),
        known.length,
        byDeviation,
        bootstrap.of(known, prompts, items -> Auroc.of(margin, wrong, items)),
        byRatio,
        bootstrap.of(
            known, prompts, items -> Auroc.of(best, wrong, items) - Auroc.of(margin, wrong, items)),
        bins);
  }

  /** Over the members, divisor k - 1. */
  private static double deviation(Scores scores, Comparison pair) {
    double[][] members = scores.members();
    if (members.length < 2) {
      return Math.hypot(scores.deviations()[pair.first()], scores.deviations()[pair.second()]);
    }
    double mean = 0;
    for (double[] member : members) {
      mean += (member[pair.first()] - member[pair.second()]) / members.length;
    }
    double sum = 0;
    for (double[] member : members) {
      double from = member[pair.first()] - member[pair.second()] - mean;
      sum += from * from;
    }
    return Math.sqrt(sum / (members.length - 1));
  }

  @Override
  public String key() {
    return "ensemble-disagreement";
  }

  @Override
  public String title() {
    return "Does the ensemble know when it is wrong?";
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> rows = new ArrayList<>();
    List<BarChart.Bar> bars = new ArrayList<>();
    for (Bin bin : bins) {
      String range = Figure.of(bin.from()) + " to " + Figure.of(bin.to());
      rows.add(List.of(range, bin.accuracy().percent(), Figure.count(bin.pairs())));
      bars.add(
          new BarChart.Bar(
              range, "", bin.accuracy().estimate(), bin.accuracy().low(), bin.accuracy().high()));
    }
    return List.of(
        Table.of(
            "Accuracy by the members' disagreement",
            List.of("deviation of the margin", "accuracy [95 %]", "pairs"),
            rows),
        new BarChart(
            "Accuracy by the members' disagreement",
            "From the pairs on which the members agree to those on which they do not; fifths of the"
                + " pairs.",
            Axis.percent("pairs in the right order").between(0, 1),
            bars),
        Table.of(
            "What foretells an error (AUROC, 0.5 is chance)",
            List.of("by", "AUROC [95 %]"),
            List.of(
                List.of("the members' disagreement", deviationAuroc.text()),
                List.of("a narrow margin", marginAuroc.text()),
                List.of("a margin narrow for its disagreement", ratioAuroc.text()),
                List.of("gain over the margin alone, paired", gain.text()))));
  }

  @Override
  public List<Finding> findings() {
    if (!deviationAuroc.isBounded()) {
      return List.of();
    }
    Map<String, Double> figures =
        Map.of("deviation", deviationAuroc.estimate(), "margin", marginAuroc.estimate());
    if (gain.isAbove(0)) {
      return List.of(
          new Finding(
              "disagreement",
              Finding.Level.FINE,
              "The members' disagreement foretells errors beyond the margin: AUROC gains "
                  + gain.text()
                  + ".",
              figures));
    }
    String says =
        deviationAuroc.isAbove(0.5)
            ? "foretells errors (AUROC "
                + deviationAuroc.text()
                + "), but adds nothing to a narrow margin ("
            : deviationAuroc.isBelow(0.5)
                ? "is larger where they are right (AUROC "
                    + deviationAuroc.text()
                    + "): it goes with the margin ("
                : "foretells errors no better than chance (AUROC "
                    + deviationAuroc.text()
                    + "), a narrow margin does (";
    return List.of(
        new Finding(
            "disagreement",
            Finding.Level.NOTE,
            "The members' disagreement " + says + marginAuroc.text() + ").",
            figures));
  }
}
