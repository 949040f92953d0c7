package dev.goodhart.data;

import dev.goodhart.Message;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Rows that name the better and the worse response. */
final class PairRows {
  /** A prompt of its own, and two texts or message lists, which may repeat the prompt. */
  static List<Example> explicit(Fields row) {
    Prompt prompt = row.prompt();
    if (row.value("chosen") instanceof List<?> chosen
        && row.value("rejected") instanceof List<?> rejected
        && Turns.are(chosen)
        && Turns.are(rejected)) {
      return conversations(row, prompt, Turns.read(chosen), Turns.read(rejected));
    }
    String chosen = row.response("chosen");
    String rejected = row.response("rejected");
    if (Transcript.is(chosen) && Transcript.is(rejected)) {
      return transcripts(row, chosen, rejected);
    }
    return pair(row, prompt, chosen, rejected);
  }

  /** The prompt is what both have in common. */
  static List<Example> implicit(Fields row) {
    if (row.value("chosen") instanceof List<?> chosen
        && row.value("rejected") instanceof List<?> rejected
        && Turns.are(chosen)
        && Turns.are(rejected)) {
      return conversations(row, Prompt.NONE, Turns.read(chosen), Turns.read(rejected));
    }
    return transcripts(row, row.response("chosen"), row.response("rejected"));
  }

  /** A conversation whose last turn is the chosen response, with the rejected one beside it. */
  static List<Example> besideMessages(Fields row) {
    List<Message> messages = Turns.read(row.list("messages"));
    Prompt prompt = new Prompt(messages.subList(0, messages.size() - 1));
    if (!messages.getLast().role().equals("assistant")) {
      throw new BadField(row.column("messages"), "does not end with the assistant's turn");
    }
    if (row.value("rejected") instanceof List<?> rejected && Turns.are(rejected)) {
      return conversations(row, Prompt.NONE, messages, Turns.read(rejected));
    }
    String chosen = messages.getLast().content();
    if (chosen.isBlank()) {
      throw new BadField(row.column("messages"), "ends with an empty turn");
    }
    return pair(row, prompt, chosen, row.response("rejected"));
  }

  private static List<Example> transcripts(Fields row, String chosen, String rejected) {
    if (chosen.equals(rejected)) {
      throw new BadField(row.column("rejected"), "is identical to '" + row.column("chosen") + "'");
    }
    Transcript parts = Transcript.split(chosen, rejected);
    if (parts.chosen().isBlank() || parts.rejected().isBlank()) {
      throw new BadField(
          row.column(parts.chosen().isBlank() ? "chosen" : "rejected"),
          "is empty after the shared prompt");
    }
    return pair(row, parts.prompt(), parts.chosen(), parts.rejected());
  }

  private static List<Example> conversations(
      Fields row, Prompt prompt, List<Message> chosen, List<Message> rejected) {
    if (chosen.equals(rejected)) {
      throw new BadField(row.column("rejected"), "is identical to '" + row.column("chosen") + "'");
    }
    int shared = Turns.shared(chosen, rejected);
    if (shared == chosen.size() || shared == rejected.size()) {
      throw new BadField(
          row.column(shared == chosen.size() ? "chosen" : "rejected"),
          "is empty after the shared prompt");
    }
    List<Message> common = chosen.subList(0, shared);
    String better = Turns.text(chosen.subList(shared, chosen.size()));
    String worse = Turns.text(rejected.subList(shared, rejected.size()));
    if (better.isBlank() || worse.isBlank()) {
      throw new BadField(row.column(better.isBlank() ? "chosen" : "rejected"), "is empty");
    }
    return pair(row, join(prompt, common), better, worse);
  }

  /**
   * The prompt column and the turns that both responses begin with, which usually are the same
   * turns.
   */
  static Prompt join(Prompt prompt, List<Message> common) {
    if (common.isEmpty()) {
      return prompt;
    }
    if (prompt.messages().isEmpty() || common.containsAll(prompt.messages())) {
      return new Prompt(common);
    }
    List<Message> turns = new ArrayList<>(prompt.messages());
    turns.addAll(common);
    return new Prompt(turns);
  }

  private static List<Example> pair(Fields row, Prompt prompt, String chosen, String rejected) {
    if (chosen.equals(rejected)) {
      throw new BadField(row.column("rejected"), "is identical to '" + row.column("chosen") + "'");
    }
    double probability = row.value("probability") == null ? 1 : row.number("probability");
    if (probability < 0 || probability > 1) {
      throw new BadField(row.column("probability"), "must lie in [0, 1], not " + probability);
    }
    return List.of(
        new Example.Pair(
            new Preference(
                row.id,
                prompt,
                chosen,
                rejected,
                probability,
                strength(row),
                weight(row),
                row.rest())));
  }

  static double weight(Fields row) {
    double weight = row.value("weight") == null ? 1 : row.number("weight");
    if (weight < 0) {
      throw new BadField(row.column("weight"), "must be at least 0, not " + weight);
    }
    return weight;
  }

  /**
   * A margin, or the difference of two scores; a judge that scored the rejected one higher says
   * nothing of strength.
   */
  private static OptionalDouble strength(Fields row) {
    if (row.value("strength") != null) {
      double strength = row.number("strength");
      if (strength < 0) {
        throw new BadField(row.column("strength"), "must be at least 0, not " + strength);
      }
      return OptionalDouble.of(strength);
    }
    if (row.value("chosen-score") != null && row.value("rejected-score") != null) {
      double difference = row.number("chosen-score") - row.number("rejected-score");
      return difference >= 0 ? OptionalDouble.of(difference) : OptionalDouble.empty();
    }
    return OptionalDouble.empty();
  }

  private PairRows() {}
}
