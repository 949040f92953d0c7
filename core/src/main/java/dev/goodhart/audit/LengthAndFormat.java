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
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;

/**
 * What a reward pays for the look of a response, all else equal. Two questions are asked, because
 * their answers differ.
 *
 * <p>Does it like long responses? It prefers the longer one in {@code prefersLonger} of pairs,
 * where the label does in {@code labelPrefersLonger}: the length bias of the data is learnt with
 * everything else.
 *
 * <p>Does it pay for length beyond what length says about merit? Between responses to the same
 * prompt, the reward is regressed on the label and on all features together; a slope is what one
 * doubling is worth at the same label, in deviations of the reward.
 *
 * @param prefersLonger the share of pairs of unequal length in which the longer response has the
 *     higher reward
 * @param labelPrefersLonger the same share by the label
 * @param excess prefersLonger minus labelPrefersLonger, paired
 * @param correlation Pearson's, between the differences in reward and in log-length within pairs
 * @param labelWorth what the label is worth, in deviations of the reward: the yardstick for the
 *     slopes
 */
public record LengthAndFormat(
    String scorer,
    Interval prefersLonger,
    Interval labelPrefersLonger,
    Interval excess,
    Interval correlation,
    Interval labelWorth,
    List<SurfaceWorth.Slope> slopes)
    implements Chapter {
  static LengthAndFormat of(AuditSet set, Scores scores, Bootstrap bootstrap) {
    double[] lengths =
        set.samples().stream().mapToDouble(s -> Surface.LENGTH.of(s.response())).toArray();
    List<Comparison> pairs = set.comparisons();
    int n = pairs.size();
    double[] byReward = new double[n];
    double[] byLabel = new double[n];
    double[] rewardGap = new double[n];
    double[] lengthGap = new double[n];
    for (int i = 0; i < n; i++) {
      Comparison pair = pairs.get(i);
      lengthGap[i] = lengths[pair.first()] - lengths[pair.second()];
      rewardGap[i] = scores.value(pair.first()) - scores.value(pair.second());
      boolean equal = lengthGap[i] == 0 || Double.isNaN(rewardGap[i]) || pair.probability() == 0.5;
      byReward[i] =
          equal ? Double.NaN : half(Math.signum(rewardGap[i]) * Math.signum(lengthGap[i]));
      byLabel[i] =
          equal
              ? Double.NaN
              : half(Math.signum(pair.probability() - 0.5) * Math.signum(lengthGap[i]));
    }
    SurfaceWorth worth = SurfaceWorth.of(set, scores, bootstrap);
    int[] prompts = set.comparisonPrompts();
    int[] known = IntStream.range(0, n).filter(i -> !Double.isNaN(rewardGap[i])).toArray();
    return new LengthAndFormat(
        scores.name(),
        bootstrap.share(prompts, byReward),
        bootstrap.share(prompts, byLabel),
        bootstrap.of(
            prompts, items -> Bootstrap.mean(byReward, items) - Bootstrap.mean(byLabel, items)),
        bootstrap.of(known, prompts, items -> throughOrigin(rewardGap, lengthGap, items)),
        worth.label(),
        worth.slopes());
  }

  private static double half(double sign) {
    return (1 + sign) / 2;
  }

  /**
   * Which response of a pair is named first must not matter, so each pair counts both ways and the
   * means are 0.
   */
  private static double throughOrigin(double[] one, double[] two, int[] items) {
    if (items.length < 2) {
      return Double.NaN;
    }
    double[] x = new double[2 * items.length];
    double[] y = new double[2 * items.length];
    for (int i = 0; i < items.length; i++) {
      x[2 * i] = one[items[i]];
      x[2 * i + 1] = -one[items[i]];
      y[2 * i] = two[items[i]];
      y[2 * i + 1] = -two[items[i]];
    }
    return new PearsonsCorrelation().correlation(x, y);
  }

  @Override
  public String key() {
    return "length-and-format";
  }

  @Override
  public String title() {
    return "Length and format";
  }

  @Override
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        Table.of(
            "The longer of two responses",
            List.of("preferred by", "share of pairs [95 %]"),
            List.of(
                List.of(scorer, prefersLonger.percent()),
                List.of("the label", labelPrefersLonger.percent()),
                List.of("excess, paired", excess.percent()))));
    blocks.add(
        Block.text(
            "Correlation of the differences in reward and in log-length within pairs: "
                + correlation.text()
                + "."));
    List<List<String>> rows = new ArrayList<>();
    List<BarChart.Bar> bars = new ArrayList<>();
    rows.add(List.of("the better label", labelWorth.text(), Figure.NONE));
    bars.add(
        new BarChart.Bar(
            "the better label",
            "label",
            labelWorth.estimate(),
            labelWorth.low(),
            labelWorth.high()));
    for (SurfaceWorth.Slope slope : slopes) {
      rows.add(List.of(slope.unit(), slope.slope().text(), Figure.percent(slope.varies())));
      bars.add(
          new BarChart.Bar(
              slope.unit(),
              "look",
              slope.slope().estimate(),
              slope.slope().low(),
              slope.slope().high()));
    }
    blocks.add(
        Table.of(
            "What the reward pays for, at the same prompt",
            List.of("for", "reward deviations [95 %]", "varies in"),
            rows));
    blocks.add(
        new BarChart(
            "What the reward pays for, all else equal",
            "Deviations of the reward for the better label, and for each doubling of a visible"
                + " feature at the same label.",
            Axis.of("deviations of the reward"),
            bars));
    return blocks;
  }

  /** The slope of length, where it could be told. */
  OptionalDouble lengthSlope() {
    return slopes.stream()
        .filter(s -> s.feature().equals(Surface.LENGTH.title()))
        .mapToDouble(s -> s.slope().estimate())
        .findFirst();
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (excess.isBounded() && (excess.isAbove(0.02) || excess.isBelow(-0.02))) {
      boolean more = excess.isAbove(0);
      findings.add(
          new Finding(
              "length-preference",
              more && excess.isAbove(0.05) ? Finding.Level.ALARM : Finding.Level.NOTE,
              "It prefers the longer response in "
                  + prefersLonger.percent()
                  + " of pairs, the label in "
                  + labelPrefersLonger.percent()
                  + ": "
                  + (more ? "more" : "less")
                  + " than the data does.",
              Map.of("reward", prefersLonger.estimate(), "label", labelPrefersLonger.estimate())));
    }
    for (SurfaceWorth.Slope slope : slopes) {
      Interval worth = slope.slope();
      if (worth.isAbove(0.1) || worth.isBelow(-0.1)) {
        findings.add(
            new Finding(
                "pays-for-" + slope.feature().replace(' ', '-'),
                Finding.Level.NOTE,
                "At the same label, "
                    + slope.unit()
                    + " is worth "
                    + worth.text()
                    + " deviations of the reward; the better label is worth "
                    + labelWorth.text()
                    + ".",
                Map.of("slope", worth.estimate())));
      }
    }
    return findings;
  }
}
