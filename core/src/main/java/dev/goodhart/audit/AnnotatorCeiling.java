package dev.goodhart.audit;

import dev.goodhart.audit.AuditSet.Comparison;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How well people agree with each other, which no reward can be expected to beat. Each annotator in
 * turn is held against the majority of the others, and so is the reward, on the very same pairs.
 *
 * <p>A majority is a verdict (first, second, tie) of more than half of the others; where there is
 * none the pair is left out. Two figures follow. {@code exact}: the annotator gives the majority's
 * verdict, ties being a verdict like any other. {@code decided}: among the pairs where the majority
 * prefers one response, the annotator prefers it too; an annotator's tie counts half, as a reward's
 * does.
 *
 * @param pairs with at least three votes
 * @param unanimous the share of those on which all agree, ties included
 * @param rows one an annotator
 * @param people the mean of {@code decided} over annotators
 * @param reward the same of the reward, on the same pairs against the same majorities
 * @param gap people minus reward, paired
 */
public record AnnotatorCeiling(
    String scorer,
    int pairs,
    double unanimous,
    List<Row> rows,
    Interval people,
    Interval reward,
    Interval gap)
    implements Chapter {
  /**
   * One annotator against the majority of the others.
   *
   * @param majorities the number of pairs on which the others have a majority
   * @param decisions the number of those on which it is not a tie
   */
  public record Row(
      int annotator, int majorities, int decisions, Interval exact, Interval decided) {}

  static boolean isKnown(AuditSet set) {
    return set.comparisons().stream().anyMatch(c -> c.votes().size() >= 3);
  }

  static AnnotatorCeiling of(AuditSet set, Scores scores, Bootstrap bootstrap) {
    List<Comparison> voted = new ArrayList<>();
    List<Integer> voteClusters = new ArrayList<>();
    int[] prompts = set.comparisonPrompts();
    for (int i = 0; i < prompts.length; i++) {
      if (set.comparisons().get(i).votes().size() >= 3) {
        voted.add(set.comparisons().get(i));
        voteClusters.add(prompts[i]);
      }
    }
    int annotators = voted.stream().mapToInt(c -> c.votes().size()).max().orElse(0);
    int n = voted.size();
    int[] each = voteClusters.stream().mapToInt(Integer::intValue).toArray();
    double[] people = new double[n * annotators];
    double[] reward = new double[n * annotators];
    int[] clusters = new int[n * annotators];
    List<Row> rows = new ArrayList<>();
    for (int a = 0; a < annotators; a++) {
      double[] exact = new double[n];
      double[] decided = new double[n];
      int majorities = 0;
      int decisions = 0;
      for (int i = 0; i < n; i++) {
        Comparison pair = voted.get(i);
        OptionalInt others =
            a < pair.votes().size() ? majority(pair.votes(), a) : OptionalInt.empty();
        int majority = others.orElse(0);
        int vote = a < pair.votes().size() ? pair.votes().get(a) : 0;
        int at = a * n + i;
        clusters[at] = each[i];
        exact[i] = others.isEmpty() ? Double.NaN : vote == majority ? 1 : 0;
        boolean decision = majority != 0;
        decided[i] = decision ? (1 + vote * majority) / 2.0 : Double.NaN;
        double gap = scores.value(pair.first()) - scores.value(pair.second());
        boolean both = decision && !Double.isNaN(gap);
        people[at] = both ? decided[i] : Double.NaN;
        reward[at] = both ? (1 + Math.signum(gap) * majority) / 2 : Double.NaN;
        majorities += others.isPresent() ? 1 : 0;
        decisions += decision ? 1 : 0;
      }
      rows.add(
          new Row(
              a + 1,
              majorities,
              decisions,
              bootstrap.share(each, exact),
              bootstrap.share(each, decided)));
    }
    long unanimous = voted.stream().filter(c -> c.votes().stream().distinct().count() == 1).count();
    return new AnnotatorCeiling(
        scores.name(),
        n,
        (double) unanimous / n,
        rows,
        bootstrap.share(clusters, people),
        bootstrap.share(clusters, reward),
        bootstrap.of(
            clusters, items -> Bootstrap.mean(people, items) - Bootstrap.mean(reward, items)));
  }

  /** The verdict of more than half of the others, where there is one. */
  static OptionalInt majority(List<Integer> votes, int without) {
    for (int verdict = -1; verdict <= 1; verdict++) {
      int count = 0;
      for (int a = 0; a < votes.size(); a++) {
        count += a != without && votes.get(a) == verdict ? 1 : 0;
      }
      if (2 * count > votes.size() - 1) {
        return OptionalInt.of(verdict);
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public String key() {
    return "annotators";
  }

  @Override
  public String title() {
    return "The ceiling: how well people agree";
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> table = new ArrayList<>();
    for (Row row : rows) {
      table.add(
          List.of(
              "annotator " + row.annotator(),
              row.decided().percent(),
              row.exact().percent(),
              Figure.count(row.decisions()) + " / " + Figure.count(row.majorities())));
    }
    table.add(List.of("people, mean", people.percent(), Figure.NONE, Figure.NONE));
    table.add(List.of(scorer, reward.percent(), Figure.NONE, Figure.NONE));
    table.add(List.of("gap, paired", gap.percent(), Figure.NONE, Figure.NONE));
    return List.of(
        Table.of(
            "Against the majority of the other annotators",
            List.of("", "same preference [95 %]", "same verdict", "pairs"),
            table),
        Block.text(
            "Same preference: among pairs where the majority prefers one response; a tie counts"
                + " half. Same verdict: ties are verdicts too. All annotators agree on "
                + Figure.percent(unanimous)
                + " of "
                + Figure.count(pairs)
                + " pairs."));
  }

  @Override
  public List<Finding> findings() {
    if (!people.isBounded() || !reward.isBounded()) {
      return List.of();
    }
    return List.of(
        new Finding(
            "ceiling",
            Finding.Level.NOTE,
            "People agree with the majority of the others in "
                + people.percent()
                + " of pairs, "
                + scorer
                + " in "
                + reward.percent()
                + "; the gap is "
                + gap.percent()
                + ".",
            Map.of("people", people.estimate(), "reward", reward.estimate())));
  }
}
