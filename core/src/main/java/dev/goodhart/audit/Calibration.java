package dev.goodhart.audit;

import dev.goodhart.audit.AuditSet.Comparison;
import dev.goodhart.report.Axis;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.LineChart;
import dev.goodhart.report.Paragraph;
import dev.goodhart.report.Point;
import dev.goodhart.report.Reference;
import dev.goodhart.report.Series;
import dev.goodhart.report.Table;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Whether a reward's probabilities are what happens. For pairs, the reward is taken as
 * Bradley–Terry takes it: the probability that the response with the higher reward is preferred is
 * {@code sigmoid(|difference|)}, in [0.5, 1]. For labels it is {@code sigmoid(reward)}.
 *
 * <p>Rewards on another scale than log-odds are far off for that reason alone. The second error is
 * that after the best slope (and offset, for labels), fitted on the other half of the prompts: what
 * one number can mend, and what it cannot.
 *
 * @param of what is predicted: {@code pairs} or {@code labels}
 * @param items predictions
 * @param ece the expected calibration error, bins of equal size
 * @param byChance the error that as many outcomes drawn from the predictions themselves would show,
 *     on average
 * @param slope what to multiply the reward by, fitted on all
 * @param offset what to add then
 * @param scaledEce the error after scaling, fitted on the other half
 */
public record Calibration(
    String scorer,
    String of,
    int items,
    Interval ece,
    double byChance,
    double slope,
    double offset,
    Interval scaledEce,
    List<Bin> bins)
    implements Chapter {
  /** One bin of the reliability curve. */
  public record Bin(int items, double predicted, Interval observed) {}

  private static final int BINS = 10;
  private static final int DRAWS = 200;

  static Calibration ofPairs(AuditSet set, Scores scores, Bootstrap bootstrap) {
    List<Comparison> pairs = set.comparisons();
    double[] hits = PairAccuracy.hits(set, scores);
    double[] gaps = new double[hits.length];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = Math.abs(scores.value(pairs.get(i).first()) - scores.value(pairs.get(i).second()));
    }
    return of(scores.name(), "pairs", gaps, hits, set.comparisonPrompts(), false, bootstrap);
  }

  static Calibration ofLabels(AuditSet set, Scores scores, Bootstrap bootstrap) {
    double[] labels = set.labels();
    return of(scores.name(), "labels", scores.values(), labels, set.prompts(), true, bootstrap);
  }

  private static Calibration of(
      String scorer,
      String of,
      double[] rewards,
      double[] outcome,
      int[] prompts,
      boolean withOffset,
      Bootstrap bootstrap) {
    int[] known =
        IntStream.range(0, outcome.length)
            .filter(i -> !Double.isNaN(outcome[i]) && !Double.isNaN(rewards[i]))
            .toArray();
    double[] stated = Arrays.stream(rewards).map(Platt.IDENTITY::of).toArray();
    double[] scaled = new double[rewards.length];
    for (int half = 0; half < 2; half++) {
      int fold = half;
      Platt fit =
          Platt.fit(
              rewards,
              outcome,
              Arrays.stream(known).filter(i -> prompts[i] % 2 != fold).toArray(),
              withOffset);
      for (int i : known) {
        if (prompts[i] % 2 == fold) {
          scaled[i] = fit.of(rewards[i]);
        }
      }
    }
    Platt all = Platt.fit(rewards, outcome, known, withOffset);
    List<Bin> bins = new ArrayList<>();
    for (int[] bin : Reliability.bins(stated, outcome, known, BINS)) {
      Interval observed = bootstrap.share(bin, prompts, outcome);
      bins.add(new Bin(bin.length, Bootstrap.mean(stated, bin), observed));
    }
    return new Calibration(
        scorer,
        of,
        known.length,
        bootstrap.of(known, prompts, items -> Reliability.ece(stated, outcome, items, BINS)),
        byChance(stated, known, bootstrap.seed()),
        all.slope(),
        all.offset(),
        bootstrap.of(known, prompts, items -> Reliability.ece(scaled, outcome, items, BINS)),
        bins);
  }

  /** The mean error over outcomes drawn from the predictions. */
  private static double byChance(double[] predicted, int[] known, long seed) {
    Seeds seeds = new Seeds(seed);
    return IntStream.range(0, DRAWS)
        .parallel()
        .mapToDouble(
            d -> {
              SplittableRandom random = seeds.of("calibration", d);
              double[] drawn = new double[predicted.length];
              for (int i : known) {
                drawn[i] = random.nextDouble() < predicted[i] ? 1 : 0;
              }
              return Reliability.ece(predicted, drawn, known, BINS);
            })
        .boxed()
        .toList()
        .stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  @Override
  public String key() {
    return "calibration-of-" + of;
  }

  @Override
  public String title() {
    return "Calibration";
  }

  private boolean isOfPairs() {
    return of.equals("pairs");
  }

  @Override
  public List<Block> blocks() {
    String scaling =
        "reward x " + Figure.of(slope) + (isOfPairs() ? "" : " + " + Figure.of(offset));
    List<Point> points =
        bins.stream()
            .map(
                b ->
                    new Point(
                        b.predicted(),
                        b.observed().estimate(),
                        b.observed().low(),
                        b.observed().high()))
            .toList();
    double least = isOfPairs() ? 0.5 : 0;
    double lowest =
        points.stream()
            .mapToDouble(p -> Double.isFinite(p.low()) ? p.low() : p.y())
            .min()
            .orElse(least);
    return List.of(
        Table.of(
            "Expected calibration error",
            List.of("", "ECE [95 %]"),
            List.of(
                List.of("as stated", ece.percent()),
                List.of("a perfect one, by chance", Figure.percent(byChance)),
                List.of("after " + scaling, scaledEce.percent()))),
        new Paragraph(
            "Chance alone lifts this figure above the true one; the intervals are corrected for"
                + " that and may lie below the estimate."),
        new LineChart(
                "Reliability, " + of,
                "Below the diagonal the reward is too sure of itself, above it too modest. Bins of"
                    + " equal size, 95 % intervals.",
                Axis.percent(
                        isOfPairs()
                            ? "stated probability of the higher reward"
                            : "stated probability of good")
                    .between(least, 1),
                Axis.percent(isOfPairs() ? "share of pairs right" : "share of responses good")
                    .between(Math.min(least, Math.floor(lowest * 10) / 10), 1),
                List.of(new Series(scorer, points, Series.Style.DOTS)))
            .with(new Reference.Diagonal("perfect")));
  }

  @Override
  public List<Finding> findings() {
    if (!ece.isBounded()) {
      return List.of();
    }
    boolean off = ece.isAbove(Math.max(0.05, 2 * byChance));
    Map<String, Double> figures =
        Map.of("ece", ece.estimate(), "scaled", scaledEce.estimate(), "slope", slope);
    if (off) {
      return List.of(
          new Finding(
              "calibration",
              Finding.Level.NOTE,
              "Its probabilities are off by "
                  + ece.percent()
                  + " on average; multiplied by "
                  + Figure.of(slope)
                  + " the reward would be off by "
                  + scaledEce.percent()
                  + ".",
              figures));
    }
    boolean byChanceAlone = !ece.isAbove(byChance);
    return List.of(
        new Finding(
            "calibration",
            byChanceAlone ? Finding.Level.FINE : Finding.Level.NOTE,
            "Its probabilities are off by "
                + ece.percent()
                + (byChanceAlone
                    ? " on average, no more than a perfect one's would be by chance ("
                    : " on average, more than a perfect one's would be by chance (")
                + Figure.percent(byChance)
                + ").",
            figures));
  }
}
