package dev.goodhart.audit;

import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the audit rests on: what was read, what was left out and why, and what was not scored.
 *
 * @param rows read from the file
 * @param bad rows that could not be used
 * @param trainedOn rows that the model was trained on, left out
 * @param withoutResponse rows without a response to judge
 * @param sameAfterTruncation pairs that truncation made equal, left out
 * @param responses that were judged
 * @param prompts that they answer
 * @param pairs compared
 * @param withTraining whether rows that the reward was fitted on were kept on purpose
 * @param unscored responses without a reward, by reward and reason
 */
public record Coverage(
    long rows,
    long bad,
    long trainedOn,
    long withoutResponse,
    long sameAfterTruncation,
    int responses,
    int prompts,
    int pairs,
    boolean withTraining,
    Map<String, Map<String, Integer>> unscored)
    implements Chapter {

  static Coverage of(AuditData.Read read, List<Scores> scores, boolean withTraining) {
    Map<String, Map<String, Integer>> unscored = new LinkedHashMap<>();
    for (Scores one : scores) {
      if (!one.unscored().isEmpty()) {
        unscored.put(one.name(), one.unscored());
      }
    }
    AuditSet set = read.set();
    return new Coverage(
        read.rows(),
        read.bad(),
        read.dropped(),
        read.without(),
        read.same(),
        set.size(),
        set.promptCount(),
        set.comparisons().size(),
        withTraining,
        unscored);
  }

  @Override
  public String key() {
    return "data";
  }

  @Override
  public String title() {
    return "What this rests on";
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> table = new ArrayList<>();
    row(table, "rows read", rows, true);
    row(table, "left out: bad rows", bad, false);
    row(table, "left out: the model was trained on them", trainedOn, false);
    row(table, "left out: no response to judge", withoutResponse, false);
    row(table, "left out: equal after truncation", sameAfterTruncation, false);
    row(table, "responses", responses, true);
    row(table, "prompts", prompts, true);
    row(table, "pairs compared", pairs, true);
    unscored.forEach(
        (scorer, reasons) ->
            reasons.forEach(
                (reason, count) ->
                    row(table, "unscored by " + scorer + ": " + reason, count, true)));
    List<Block> blocks = new ArrayList<>();
    blocks.add(Table.of("Data", List.of("", "count"), table));
    if (trainedOn > 0) {
      blocks.add(
          Block.text(
              "The reward was fitted on the prompts of "
                  + Figure.count(trainedOn)
                  + " rows. They are left out: every figure here is on prompts that took no part in"
                  + " the fit."));
    }
    return blocks;
  }

  private static void row(List<List<String>> table, String name, long count, boolean always) {
    if (always || count > 0) {
      table.add(List.of(name, Figure.count(count)));
    }
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (withTraining) {
      findings.add(
          new Finding(
              "in-sample",
              Finding.Level.ALARM,
              "Prompts that the reward was fitted on were not left out: these figures flatter it.",
              Map.of()));
    }
    unscored.forEach(
        (scorer, reasons) -> {
          int missing = reasons.values().stream().mapToInt(Integer::intValue).sum();
          String most =
              reasons.entrySet().stream()
                  .max(Map.Entry.comparingByValue())
                  .map(Map.Entry::getKey)
                  .orElseThrow();
          findings.add(
              new Finding(
                  "unscored",
                  missing > responses / 20 ? Finding.Level.ALARM : Finding.Level.NOTE,
                  Figure.count(missing)
                      + " of "
                      + Figure.count(responses)
                      + " responses have no reward from "
                      + scorer
                      + " and are left out, most often: "
                      + most
                      + ".",
                  Map.of("unscored", (double) missing)));
        });
    return findings;
  }
}
