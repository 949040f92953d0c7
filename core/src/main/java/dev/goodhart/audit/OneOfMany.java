package dev.goodhart.audit;

import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Whether a reward finds the one right response among several wrong ones: much harder than a pair,
 * and closer to what best-of-n asks of it.
 *
 * @param rows that were judged
 * @param responses in a row
 * @param unscored rows of which a response has no reward, left out
 * @param strict the share of rows in which the right response alone is highest
 * @param shared the same, with a tie at the top shared
 * @param reciprocalRank the mean of one over the right response's rank, ties counted against it
 * @param chance what drawing one at random gives for {@code strict}
 */
public record OneOfMany(
    String scorer,
    int rows,
    double responses,
    int unscored,
    Interval strict,
    Interval shared,
    Interval reciprocalRank,
    double chance)
    implements Chapter {

  static OneOfMany of(AuditSet set, Scores scores, Bootstrap bootstrap) {
    List<int[]> rows = set.oneOfMany();
    double[] strict = strict(set, scores);
    double[] shared = new double[rows.size()];
    double[] reciprocal = new double[rows.size()];
    for (int r = 0; r < rows.size(); r++) {
      double[] values = Arrays.stream(rows.get(r)).mapToDouble(scores::value).toArray();
      shared[r] = Accuracy.top(values, 0);
      reciprocal[r] = 1 / Accuracy.rank(values, 0);
    }
    int[] prompts = rowPrompts(set);
    int unscored = (int) Arrays.stream(strict).filter(Double::isNaN).count();
    return new OneOfMany(
        scores.name(),
        rows.size() - unscored,
        rows.stream().mapToInt(r -> r.length).average().orElse(Double.NaN),
        unscored,
        bootstrap.share(prompts, strict),
        bootstrap.share(prompts, shared),
        bootstrap.share(prompts, reciprocal),
        rows.stream().mapToDouble(r -> 1.0 / r.length).average().orElse(Double.NaN));
  }

  /**
   * 1 for each row in which the right response alone is highest, else 0; NaN where a reward is
   * missing.
   */
  static double[] strict(AuditSet set, Scores scores) {
    return set.oneOfMany().stream()
        .mapToDouble(
            row -> {
              double rank =
                  Accuracy.rank(Arrays.stream(row).mapToDouble(scores::value).toArray(), 0);
              return Double.isNaN(rank) ? Double.NaN : rank == 1 ? 1 : 0;
            })
        .toArray();
  }

  static int[] rowPrompts(AuditSet set) {
    int[] prompts = set.prompts();
    return IntStream.range(0, set.oneOfMany().size())
        .map(r -> prompts[set.oneOfMany().get(r)[0]])
        .toArray();
  }

  @Override
  public String key() {
    return "one-of-many";
  }

  @Override
  public String title() {
    return "One right answer among several";
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("strictly highest", strict.percent(), Figure.percent(chance)));
    table.add(List.of("highest, ties shared", shared.percent(), Figure.percent(chance)));
    table.add(List.of("mean reciprocal rank", reciprocalRank.text(), Figure.NONE));
    return List.of(
        Table.of(
            "The right response among " + Figure.of(responses),
            List.of("", scorer + " [95 %]", "at random"),
            table),
        Block.text(
            Figure.count(rows)
                + " rows."
                + (unscored > 0
                    ? " "
                        + Figure.count(unscored)
                        + " rows have a response without a reward and are left out."
                    : "")));
  }

  @Override
  public List<Finding> findings() {
    if (!strict.isBounded()) {
      return List.of();
    }
    boolean above = strict.isAbove(chance);
    return List.of(
        new Finding(
            "finds-the-right-one",
            above ? Finding.Level.FINE : Finding.Level.ALARM,
            scorer
                + " puts the right response strictly first in "
                + strict.percent()
                + " of rows; a draw does in "
                + Figure.percent(chance)
                + ".",
            Map.of("strict", strict.estimate(), "chance", chance)));
  }
}
