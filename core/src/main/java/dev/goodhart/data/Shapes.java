package dev.goodhart.data;

import static dev.goodhart.data.Kind.CONTENT;
import static dev.goodhart.data.Kind.JUDGED;
import static dev.goodhart.data.Kind.NUMBER;
import static dev.goodhart.data.Kind.NUMBERS;
import static dev.goodhart.data.Kind.OBJECTS;
import static dev.goodhart.data.Kind.TEXT;
import static dev.goodhart.data.Kind.TEXTS;
import static dev.goodhart.data.Kind.TURNS;
import static dev.goodhart.data.Kind.VERDICT;
import static dev.goodhart.data.Kind.VERDICTS;

import java.util.ArrayList;
import java.util.List;

/**
 * The table of what the field writes. To add a data set's layout, add a line: which columns it has,
 * and which reader makes examples of them.
 */
final class Shapes {
  private static final Need PROMPT =
      Need.of(
          "prompt",
          CONTENT,
          "prompt",
          "instruction",
          "question",
          "problem",
          "query",
          "context",
          "history",
          "conversation_input",
          "question_content",
          "responses_create_params.input",
          "info.post",
          "info.article",
          "input");
  private static final Need RESPONSE =
      Need.of(
          "response",
          CONTENT,
          "completion",
          "response",
          "output",
          "generation",
          "prediction",
          "model_output");
  private static final Need MESSAGES =
      Need.of("messages", TURNS, "messages", "conversations", "conversation");
  private static final Need VERDICT_COLUMN =
      Need.of("label", VERDICT, Kind.VERDICT_FIELDS.toArray(String[]::new));

  /** What a prompt may come with. */
  private static final List<Need> AROUND =
      List.of(
          Need.of("system", TEXT, "system", "system_prompt"),
          Need.of("input", TEXT, "input"),
          Need.of("history", Kind.ANY, "history"),
          Need.of("id", Kind.ANY, Ids.NAMES.toArray(String[]::new)),
          Need.of("weight", NUMBER, "weight", "sample_weight"),
          Need.of("strength", NUMBER, "strength", "margin"),
          Need.of("probability", NUMBER, "probability"),
          Need.of(
              "chosen-score",
              NUMBER,
              "score_chosen",
              "chosen_score",
              "chosen_rating",
              "chosen-rating"),
          Need.of(
              "rejected-score",
              NUMBER,
              "score_rejected",
              "rejected_score",
              "rejected_rating",
              "rejected-rating"),
          Need.of("reference", Kind.ANY, Fields.REFERENCES.toArray(String[]::new)));

  /** In the order in which they are tried; the first of a layout wins. */
  static final List<Shape> ALL = all();

  private static List<Shape> all() {
    List<Shape> all = new ArrayList<>();
    Need chosen = Need.of("chosen", CONTENT, "chosen");
    Need rejected = Need.of("rejected", CONTENT, "rejected", "reject");
    add(
        all,
        Layout.PREFERENCE,
        "TRL, NeMo-RL, RewardBench, RMB",
        PairRows::explicit,
        PROMPT,
        chosen,
        rejected);
    add(
        all,
        Layout.PREFERENCE,
        "LLaMA-Factory",
        PairRows::explicit,
        Need.of("prompt", TURNS, "conversations", "messages"),
        Need.of("chosen", CONTENT, "chosen"),
        Need.of("rejected", CONTENT, "rejected"));
    add(
        all,
        Layout.PREFERENCE,
        "ms-swift",
        PairRows::besideMessages,
        Need.of("messages", TURNS, "messages"),
        Need.of("rejected", CONTENT, "rejected_response", "rejected_messages"));
    add(
        all,
        Layout.IMPLICIT_PREFERENCE,
        "TRL, HH, open-instruct",
        PairRows::implicit,
        chosen,
        rejected);

    for (Comparison c : Comparison.ALL) {
      List<Need> needs =
          new ArrayList<>(List.of(c.prompt() ? PROMPT : Need.of("first", CONTENT, c.first())));
      if (c.prompt()) {
        needs.add(Need.of("first", CONTENT, c.first()));
      }
      needs.add(Need.of("second", CONTENT, c.second()));
      for (int i = 0; i < c.verdictColumns().size(); i++) {
        needs.add(
            Need.of(i == 0 ? "label" : "label" + i, c.verdict().kind(), c.verdictColumns().get(i)));
      }
      add(all, Layout.COMPARISON, c.source(), c::read, needs.toArray(Need[]::new));
    }

    add(
        all,
        Layout.RANKED,
        "RewardBench 2, RM-Bench",
        RankedRows::lists,
        PROMPT,
        Need.of("chosen", TEXTS, "chosen"),
        Need.of("rejected", TEXTS, "rejected"));
    add(
        all,
        Layout.RANKED,
        "RMB best-of-n",
        RankedRows::bestAndLosers,
        PROMPT,
        Need.of("chosen", CONTENT, "bon_best"),
        Need.of("rejected", OBJECTS, "loser_list"));
    add(
        all,
        Layout.RANKED,
        "NeMo-RL, UltraFeedback, Nectar",
        RankedRows::objects,
        PROMPT,
        Need.of(
            "responses",
            Kind.RANKABLE,
            "completions",
            "responses",
            "answers",
            "candidates",
            "outputs"));
    add(
        all,
        Layout.RANKED,
        "lists of texts with scores or ranks",
        RankedRows::parallel,
        PROMPT,
        Need.of("responses", TEXTS, "responses", "completions", "answers", "candidates", "outputs"),
        Need.of("rating", NUMBERS, "ranks", "rank", "scores", "ratings", "rewards"));
    add(
        all,
        Layout.STEPWISE,
        "TRL",
        SingleRows::stepwise,
        PROMPT,
        Need.of("responses", TEXTS, "completions"),
        Need.of("label", VERDICTS, "labels"));
    add(
        all,
        Layout.SOLUTIONS,
        "GSM8K model solutions",
        SingleRows::solutions,
        PROMPT,
        Need.of("solution", JUDGED, Need.ANY_COLUMN));
    add(
        all,
        Layout.RATINGS,
        "HelpSteer and others",
        SingleRows::rated,
        PROMPT,
        RESPONSE,
        Need.of("rating", NUMBER, SingleRows.RATINGS.toArray(String[]::new)));
    add(
        all,
        Layout.UNPAIRED,
        "TRL",
        SingleRows::labelled,
        PROMPT,
        Need.of(
            "response",
            CONTENT,
            "completion",
            "response",
            "output",
            "generation",
            "prediction",
            "answer",
            "solution"),
        VERDICT_COLUMN);
    add(
        all,
        Layout.UNPAIRED,
        "ms-swift, LLaMA-Factory",
        SingleRows::labelledMessages,
        MESSAGES,
        VERDICT_COLUMN);
    add(
        all,
        Layout.UNPAIRED,
        "texts",
        SingleRows::labelled,
        Need.of("response", TEXT, "text"),
        VERDICT_COLUMN);
    add(all, Layout.RESPONSES, "prompt and completion", SingleRows::plain, PROMPT, RESPONSE);
    add(all, Layout.MESSAGES, "conversations", SingleRows::messages, MESSAGES);
    add(
        all,
        Layout.QUESTION_ANSWER,
        "GSM8K, MATH, verl, OpenRLHF",
        SingleRows::task,
        PROMPT,
        Need.of("reference", Kind.ANY, Fields.REFERENCES.toArray(String[]::new)));
    add(all, Layout.PROMPT_ONLY, "TRL, HumanEval", SingleRows::task, PROMPT);
    add(all, Layout.RESPONSES, "texts", SingleRows::plain, Need.of("response", TEXT, "text"));
    return List.copyOf(all);
  }

  private static void add(
      List<Shape> all, Layout layout, String source, Shape.Reader reader, Need... needs) {
    all.add(new Shape(layout, source, List.of(needs), AROUND, reader));
  }

  private Shapes() {}
}
