package dev.goodhart.audit;

import dev.goodhart.Unscored;
import dev.goodhart.report.Axis;
import dev.goodhart.report.BarChart;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How often verifiers are wrong, and what a check costs.
 *
 * <pre>{@code
 * false negatives = right responses that are refused / right responses that are scored
 * false positives = wrong responses that are accepted / wrong responses that are scored
 * }</pre>
 *
 * <p>A policy under RL loses the first and finds the second: what is accepted by mistake is what it
 * will learn.
 *
 * @param threshold a reward of at least this accepts
 * @param right responses that are right
 * @param wrong responses that are wrong
 * @param withoutTruth responses of which the data does not say, left out
 */
public record VerifierErrors(
    double threshold, int right, int wrong, int withoutTruth, List<Row> verifiers)
    implements Chapter {
  /**
   * One verifier.
   *
   * @param falseNegatives right ones refused
   * @param falsePositives wrong ones accepted
   * @param unscored without a verdict, among those with a known truth
   * @param reasons how often each kind of reason
   * @param millis on the clock for one check
   */
  public record Row(
      String name,
      ErrorRate falseNegatives,
      ErrorRate falsePositives,
      ErrorRate unscored,
      Map<String, Integer> reasons,
      double millis) {}

  /** A verifier that is wrong more often than this, beyond doubt, alarms. */
  private static final double TOLERATED = 0.01;

  static VerifierErrors of(VerifierTruth truth, List<Verified> verifiers, Bootstrap bootstrap) {
    int[] known = IntStream.range(0, truth.right().length).filter(truth::isKnown).toArray();
    List<Row> rows = new ArrayList<>();
    for (Verified verifier : verifiers) {
      Map<String, Integer> reasons = new TreeMap<>();
      double[] missing = new double[truth.right().length];
      int count = 0;
      for (int i : known) {
        if (verifier.rewards().get(i) instanceof Unscored unscored) {
          reasons.merge(unscored.kind(), 1, Integer::sum);
          missing[i] = 1;
          count++;
        }
      }
      rows.add(
          new Row(
              verifier.name(),
              verifier.errors(truth, true, known, bootstrap),
              verifier.errors(truth, false, known, bootstrap),
              new ErrorRate(
                  count,
                  known.length,
                  bootstrap.share(known, truth.read().set().prompts(), missing)),
              reasons,
              verifier.millis()));
    }
    int right = (int) IntStream.of(known).filter(i -> truth.right()[i] == 1).count();
    return new VerifierErrors(
        verifiers.getFirst().threshold(),
        right,
        known.length - right,
        truth.right().length - known.length,
        rows);
  }

  @Override
  public String key() {
    return "verifiers";
  }

  @Override
  public String title() {
    return "How often it is wrong";
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> rates = new ArrayList<>();
    List<List<String>> costs = new ArrayList<>();
    List<BarChart.Bar> bars = new ArrayList<>();
    for (Row row : verifiers) {
      rates.add(
          List.of(row.name(), row.falseNegatives().percent(), row.falsePositives().percent()));
      costs.add(
          List.of(
              row.name(),
              row.falseNegatives().counted(),
              row.falsePositives().counted(),
              row.unscored().counted(),
              Figure.of(row.millis())));
      bars.add(bar(row.name(), "right ones refused", row.falseNegatives()));
      bars.add(bar(row.name(), "wrong ones accepted", row.falsePositives()));
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        Table.of(
            "Errors [95 %]",
            List.of("verifier", "right ones refused", "wrong ones accepted"), rates));
    blocks.add(
        new BarChart(
            "Errors of the verifiers",
            "Shares with 95 % intervals over prompts.",
            Axis.percent("share").between(0, Double.NaN),
            bars.stream().filter(b -> Double.isFinite(b.value())).toList()));
    blocks.add(
        Table.of(
            "Counts and cost",
            List.of("verifier", "refused / right", "accepted / wrong", "unscored", "ms a check"),
            costs));
    blocks.add(
        Block.text(
            Figure.count(right)
                + " right and "
                + Figure.count(wrong)
                + " wrong responses. A reward of at least "
                + Figure.of(threshold)
                + " accepts. Unscored responses are in no rate. Milliseconds are on the clock, in"
                + " batches on this machine."
                + (withoutTruth > 0
                    ? " Of " + Figure.count(withoutTruth) + " responses the data does not say."
                    : "")));
    return blocks;
  }

  private static BarChart.Bar bar(String name, String group, ErrorRate errors) {
    return new BarChart.Bar(
        name, group, errors.rate().estimate(), errors.rate().low(), errors.rate().high());
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Row row : verifiers) {
      ErrorRate negatives = row.falseNegatives();
      ErrorRate positives = row.falsePositives();
      if (negatives.of() + positives.of() == 0) {
        continue;
      }
      boolean bad = negatives.rate().isAbove(TOLERATED) || positives.rate().isAbove(TOLERATED);
      boolean any = negatives.errors() + positives.errors() > 0;
      findings.add(
          new Finding(
              "verifier-errors",
              bad ? Finding.Level.ALARM : any ? Finding.Level.NOTE : Finding.Level.FINE,
              row.name()
                  + " refuses "
                  + says(negatives, "right")
                  + " and accepts "
                  + says(positives, "wrong")
                  + ".",
              Map.of(
                  "false-negatives",
                  negatives.rate().estimate(),
                  "false-positives",
                  positives.rate().estimate())));
    }
    return findings;
  }

  private static String says(ErrorRate errors, String kind) {
    return errors.of() == 0
        ? "none of no " + kind + " responses"
        : errors.percent()
            + " of the "
            + kind
            + " responses ("
            + Figure.count(errors.errors())
            + " of "
            + Figure.count(errors.of())
            + ")";
  }
}
