package dev.goodhart.audit;

import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where verifiers are wrong: the errors by the shape of the true answer, or by a column.
 *
 * @param by what the responses are told apart by
 * @param rows the largest groups first
 * @param more groups that are not listed
 */
public record VerifierGroups(String by, List<Row> rows, int more) implements Chapter {
  /**
   * One verifier on one group.
   *
   * @param responses in the group, with a known truth
   * @param unscored of them without a verdict
   */
  public record Row(
      String group,
      String verifier,
      int responses,
      ErrorRate falseNegatives,
      ErrorRate falsePositives,
      int unscored) {}

  private static final int MOST = 24;

  static VerifierGroups of(VerifierTruth truth, List<Verified> verifiers, Bootstrap bootstrap) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < truth.right().length; i++) {
      if (truth.isKnown(i)) {
        groups.computeIfAbsent(truth.group().get(i), g -> new ArrayList<>()).add(i);
      }
    }
    List<Row> rows = new ArrayList<>();
    groups.entrySet().stream()
        .sorted((a, b) -> b.getValue().size() - a.getValue().size())
        .limit(MOST)
        .forEach(
            entry -> {
              int[] some = entry.getValue().stream().mapToInt(Integer::intValue).toArray();
              for (Verified verifier : verifiers) {
                rows.add(
                    new Row(
                        entry.getKey(),
                        verifier.name(),
                        some.length,
                        verifier.errors(truth, true, some, bootstrap),
                        verifier.errors(truth, false, some, bootstrap),
                        (int)
                            IntStream.of(some)
                                .filter(i -> Double.isNaN(verifier.accepts(i)))
                                .count()));
              }
            });
    return new VerifierGroups(truth.by(), rows, Math.max(0, groups.size() - MOST));
  }

  @Override
  public String key() {
    return "by-group";
  }

  @Override
  public String title() {
    return "Where it is wrong: by " + by;
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> table = new ArrayList<>();
    for (Row row : rows) {
      table.add(
          List.of(
              row.group(),
              row.verifier(),
              cell(row.falseNegatives()),
              cell(row.falsePositives()),
              Figure.count(row.unscored())));
    }
    List<Table.Column> columns =
        List.of(
            new Table.Column(by, false),
            new Table.Column("verifier", false),
            new Table.Column("refused / right", true),
            new Table.Column("accepted / wrong", true),
            new Table.Column("unscored", true));
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Table("Errors by " + by, columns, table));
    if (more > 0) {
      blocks.add(Block.text(Figure.count(more) + " smaller groups are not listed."));
    }
    return blocks;
  }

  private static String cell(ErrorRate errors) {
    return errors.of() == 0
        ? Figure.NONE
        : errors.counted() + " = " + Figure.percent(errors.rate().estimate());
  }

  @Override
  public List<Finding> findings() {
    return List.of();
  }
}
