package dev.goodhart.data;

import dev.goodhart.Message;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import java.util.List;

/**
 * Rows with two responses by position and a verdict: one line of the table below a data set.
 *
 * @param prompt whether the prompt has a column of its own; else it is the turns that both
 *     conversations share
 * @param first the column of the response that is listed first
 * @param verdictColumns those that say who won
 */
record Comparison(
    String source,
    boolean prompt,
    String first,
    String second,
    List<String> verdictColumns,
    Verdict verdict) {

  static final List<Comparison> ALL =
      List.of(
          of(
              "HelpSteer2-Preference",
              "response_1",
              "response_2",
              Verdict.SIGNED_STRENGTH,
              "preference_strength"),
          of("HelpSteer3", "response1", "response2", Verdict.SIGNED_STRENGTH, "overall_preference"),
          of(
              "PandaLM",
              "response1",
              "response2",
              Verdict.VOTES,
              "annotator1",
              "annotator2",
              "annotator3"),
          of("LLMBar", "output_1", "output_2", Verdict.ONE_OR_TWO, "label"),
          of(
              "AlpacaEval annotations",
              "output_1",
              "output_2",
              Verdict.BETWEEN_ONE_AND_TWO,
              "preference"),
          of("JudgeBench", "response_A", "response_B", Verdict.NAMED, "label"),
          of("Arena battles", "response_a", "response_b", Verdict.NAMED, "winner"),
          of("responses with a winner", "response_1", "response_2", Verdict.NAMED, "winner"),
          of("responses with a winner", "response_1", "response_2", Verdict.NAMED, "label"),
          of("outputs with a winner", "output_1", "output_2", Verdict.NAMED, "winner"),
          of(
              "Arena-55k",
              "response_a",
              "response_b",
              Verdict.ONE_HOT,
              "winner_model_a",
              "winner_model_b",
              "winner_tie"),
          new Comparison(
              "Chatbot Arena, MT-Bench",
              false,
              "conversation_a",
              "conversation_b",
              List.of("winner"),
              Verdict.NAMED),
          of("TL;DR comparisons", "summaries.0", "summaries.1", Verdict.ZERO_OR_ONE, "choice"),
          of("SHP", "human_ref_A", "human_ref_B", Verdict.ONE_IF_FIRST, "labels"),
          of("WebGPT comparisons", "answer_0", "answer_1", Verdict.SCORES, "score_0", "score_1"),
          of(
              "PKU-SafeRLHF",
              "response_0",
              "response_1",
              Verdict.ZERO_OR_ONE,
              "better_response_id"));

  private static Comparison of(
      String source, String first, String second, Verdict verdict, String... columns) {
    return new Comparison(source, true, first, second, List.of(columns), verdict);
  }

  /** Chosen is the likelier winner; of a tie, the one that is listed first. */
  List<Example> read(Fields row) {
    Prompt prompt = prompt() ? unpacked(row) : Prompt.NONE;
    String one;
    String two;
    if (!prompt()
        && row.value("first") instanceof List<?> a
        && row.value("second") instanceof List<?> b
        && Turns.are(a)
        && Turns.are(b)) {
      List<Message> first = Turns.read(a);
      List<Message> second = Turns.read(b);
      int shared = Math.min(Turns.shared(first, second), Math.min(first.size(), second.size()) - 1);
      prompt = new Prompt(first.subList(0, shared));
      one = Turns.text(first.subList(shared, first.size()));
      two = Turns.text(second.subList(shared, second.size()));
    } else {
      one = response(row, "first");
      two = response(row, "second");
    }
    if (one.equals(two)) {
      throw new BadField(row.column("second"), "is identical to '" + row.column("first") + "'");
    }
    Verdict.Outcome outcome = verdict.read(row);
    boolean firstWins = outcome.first() >= 0.5;
    Preference preference =
        new Preference(
            row.id,
            prompt,
            firstWins ? one : two,
            firstWins ? two : one,
            Math.max(outcome.first(), 1 - outcome.first()),
            outcome.strength(),
            PairRows.weight(row),
            row.rest());
    return List.of(
        new Example.Pair(
            preference, firstWins ? Example.Listed.CHOSEN_FIRST : Example.Listed.REJECTED_FIRST));
  }

  private String response(Fields row, String role) {
    String text = row.response(role);
    String unpacked = verdict == Verdict.ONE_HOT ? Json.unpackTurns(text) : text;
    if (unpacked.isBlank()) {
      throw new BadField(row.column(role), "is empty");
    }
    return unpacked;
  }

  private Prompt unpacked(Fields row) {
    return verdict == Verdict.ONE_HOT
        ? Prompt.of(Json.unpackTurns(row.text("prompt")))
        : row.prompt();
  }
}
