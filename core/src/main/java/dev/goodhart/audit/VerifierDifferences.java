package dev.goodhart.audit;

import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifiers against each other: where two of them part, one is wrong, whatever the truth is said to
 * be. Also without a truth column worth trusting this is where to look.
 */
public record VerifierDifferences(List<Pair> pairs) implements Chapter {
  /**
   * Two verifiers, on the responses that both have a verdict on.
   *
   * @param both how many both accept
   * @param onlyFirst how many the first alone accepts
   * @param onlySecond how many the second alone accepts
   * @param neither how many both refuse
   * @param unscored how many one of them has no verdict on
   * @param firstRight where they part, how often the truth is with the first
   * @param rows up to 200 of those on which they part
   */
  public record Pair(
      String first,
      String second,
      int both,
      int onlyFirst,
      int onlySecond,
      int neither,
      int unscored,
      ErrorRate firstRight,
      List<String> rows) {}

  private static final int LISTED = 200;

  static VerifierDifferences of(
      VerifierTruth truth, List<Verified> verifiers, Bootstrap bootstrap) {
    List<Pair> pairs = new ArrayList<>();
    for (int a = 0; a < verifiers.size(); a++) {
      for (int b = a + 1; b < verifiers.size(); b++) {
        pairs.add(pair(truth, verifiers.get(a), verifiers.get(b), bootstrap));
      }
    }
    return new VerifierDifferences(pairs);
  }

  private static Pair pair(
      VerifierTruth truth, Verified first, Verified second, Bootstrap bootstrap) {
    int[][] counts = new int[2][2];
    int unscored = 0;
    int judged = 0;
    int right = 0;
    double[] firstRight = new double[truth.right().length];
    java.util.Arrays.fill(firstRight, Double.NaN);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < firstRight.length; i++) {
      double one = first.accepts(i);
      double two = second.accepts(i);
      if (Double.isNaN(one) || Double.isNaN(two)) {
        unscored++;
        continue;
      }
      counts[(int) one][(int) two]++;
      if (one != two) {
        if (rows.size() < LISTED) {
          rows.add(truth.read().set().row(i));
        }
        if (truth.isKnown(i)) {
          firstRight[i] = one == truth.right()[i] ? 1 : 0;
          right += (int) firstRight[i];
          judged++;
        }
      }
    }
    return new Pair(
        first.name(),
        second.name(),
        counts[1][1],
        counts[1][0],
        counts[0][1],
        counts[0][0],
        unscored,
        new ErrorRate(
            right,
            judged,
            judged == 0
                ? Interval.NONE
                : bootstrap.share(truth.read().set().prompts(), firstRight)),
        rows);
  }

  @Override
  public String key() {
    return "differences";
  }

  @Override
  public String title() {
    return "Against each other";
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> counts = new ArrayList<>();
    List<List<String>> truths = new ArrayList<>();
    for (Pair pair : pairs) {
      String name = pair.first() + " | " + pair.second();
      counts.add(
          List.of(
              name,
              Figure.count(pair.both()),
              Figure.count(pair.onlyFirst()),
              Figure.count(pair.onlySecond()),
              Figure.count(pair.neither())));
      truths.add(
          List.of(
              name,
              pair.firstRight().counted(),
              pair.firstRight().percent(),
              Figure.count(pair.unscored())));
    }
    return List.of(
        Table.of(
            "Who accepts",
            List.of("first | second", "both", "only first", "only second", "neither"),
            counts),
        Table.of(
            "Where they part",
            List.of("first | second", "the first is right", "share [95 %]", "one unscored"),
            truths));
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Pair pair : pairs) {
      int parted = pair.onlyFirst() + pair.onlySecond();
      int judged = parted + pair.both() + pair.neither();
      if (parted > 0) {
        findings.add(
            new Finding(
                "verifiers-part",
                Finding.Level.NOTE,
                pair.first()
                    + " and "
                    + pair.second()
                    + " part on "
                    + Figure.count(parted)
                    + " of "
                    + Figure.count(judged)
                    + " responses; "
                    + pair.first()
                    + " is right on "
                    + pair.firstRight().counted()
                    + " of them.",
                java.util.Map.of("parted", (double) parted)));
      }
    }
    return findings;
  }
}
