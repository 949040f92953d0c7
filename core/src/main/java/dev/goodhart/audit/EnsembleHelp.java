package dev.goodhart.audit;

import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Whether taking several rewards together is worth it: an ensemble against the average of its
 * members, which is what a draw among them gives, and against the best of them, which only someone
 * with labels can choose. Both differences are paired.
 *
 * @param overAverage the ensemble's figure minus the mean of its members'
 * @param best the member that is best on this very data, so the comparison favours it
 * @param overBest the ensemble's figure minus the best member's
 */
public record EnsembleHelp(String ensemble, Interval overAverage, String best, Interval overBest) {
  static List<EnsembleHelp> of(
      List<Scores> members,
      List<Scores> ensembles,
      int[] clusters,
      Function<Scores, Bootstrap.Statistic> figure,
      Bootstrap bootstrap) {
    if (members.isEmpty() || clusters.length == 0) {
      return List.of();
    }
    int[] all = IntStream.range(0, clusters.length).toArray();
    List<Bootstrap.Statistic> each = members.stream().map(figure).toList();
    Scores best =
        members.stream()
            .max(Comparator.comparingDouble(m -> figure.apply(m).of(all)))
            .orElseThrow();
    Bootstrap.Statistic ofBest = figure.apply(best);
    List<EnsembleHelp> help = new ArrayList<>();
    for (Scores ensemble : ensembles) {
      Bootstrap.Statistic own = figure.apply(ensemble);
      help.add(
          new EnsembleHelp(
              ensemble.name(),
              bootstrap.of(
                  clusters,
                  items ->
                      own.of(items)
                          - each.stream()
                              .mapToDouble(m -> m.of(items))
                              .average()
                              .orElse(Double.NaN)),
              best.name(),
              bootstrap.of(clusters, items -> own.of(items) - ofBest.of(items))));
    }
    return help;
  }

  /**
   * The differences as a table.
   *
   * @param percent whether the figure is a share of one
   */
  static Table table(String caption, List<EnsembleHelp> help, boolean percent) {
    Function<Interval, String> text = percent ? Interval::percent : Interval::text;
    return Table.of(
        caption,
        List.of(
            "paired differences [95 %]",
            "over the average member", "over the best, " + help.getFirst().best()),
        help.stream()
            .map(h -> List.of(h.ensemble(), text.apply(h.overAverage()), text.apply(h.overBest())))
            .toList());
  }

  /** What to conclude, in one finding. */
  static Finding finding(List<EnsembleHelp> help, String figure, boolean percent) {
    Function<Interval, String> text = percent ? Interval::percent : Interval::text;
    List<EnsembleHelp> overBest = help.stream().filter(h -> h.overBest().isAbove(0)).toList();
    List<EnsembleHelp> overAverage = help.stream().filter(h -> h.overAverage().isAbove(0)).toList();
    String best = help.getFirst().best();
    if (!overBest.isEmpty()) {
      EnsembleHelp one = most(overBest);
      return new Finding(
          "ensemble-helps",
          Finding.Level.FINE,
          one.ensemble()
              + " is better than every member by "
              + figure
              + ": "
              + text.apply(one.overBest())
              + " over the best, "
              + best
              + ".",
          java.util.Map.of("overBest", one.overBest().estimate()));
    }
    if (!overAverage.isEmpty()) {
      EnsembleHelp one = most(overAverage);
      String against =
          one.overBest().isBelow(0)
              ? "but is worse than the best, "
              : "but is no better than the best, ";
      return new Finding(
          "ensemble-helps",
          Finding.Level.NOTE,
          one.ensemble()
              + " beats the average member by "
              + text.apply(one.overAverage())
              + " ("
              + figure
              + "), "
              + against
              + best
              + ": "
              + text.apply(one.overBest())
              + ".",
          java.util.Map.of("overAverage", one.overAverage().estimate()));
    }
    EnsembleHelp one = most(help);
    return new Finding(
        "ensemble-helps",
        Finding.Level.NOTE,
        "No ensemble is better than the average member by "
            + figure
            + "; the best, "
            + one.ensemble()
            + ", differs by "
            + text.apply(one.overAverage())
            + ".",
        java.util.Map.of("overAverage", one.overAverage().estimate()));
  }

  private static EnsembleHelp most(List<EnsembleHelp> help) {
    return help.stream()
        .max(Comparator.comparingDouble(h -> h.overAverage().estimate()))
        .orElseThrow();
  }
}
