package dev.goodhart.data;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows with several responses in order of merit. */
final class RankedRows {
  private record Candidate(String text, double rank, Map<String, @Nullable Object> columns) {}

  /** Lists of good and of bad responses: ranks 1 and 2. */
  static List<Example> lists(Fields row) {
    List<Candidate> candidates = new ArrayList<>();
    for (Object text : row.list("chosen")) {
      candidates.add(candidate(row, "chosen", text, 1));
    }
    for (Object text : row.list("rejected")) {
      candidates.add(candidate(row, "rejected", text, 2));
    }
    return ranked(row, candidates);
  }

  /** One best response and those that lost to it. */
  static List<Example> bestAndLosers(Fields row) {
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(candidate(row, "chosen", row.value("chosen"), 1));
    for (Object loser : row.list("rejected")) {
      candidates.add(candidate(row, "rejected", loser, 2));
    }
    return ranked(row, candidates);
  }

  /** Objects that hold a text and a rank (low is better) or a score (high is better). */
  static List<Example> objects(Fields row) {
    List<Candidate> candidates = new ArrayList<>();
    for (Object element : row.list("responses")) {
      Double rank = Kind.rank(element);
      if (rank == null) {
        throw new BadField(row.column("responses"), "has a response without rank or score");
      }
      candidates.add(candidate(row, "responses", element, rank));
    }
    return ranked(row, candidates);
  }

  /** A list of texts with a list of scores or ranks beside it. */
  static List<Example> parallel(Fields row) {
    List<?> texts = row.list("responses");
    List<?> scores = row.list("rating");
    if (texts.size() != scores.size()) {
      throw new BadField(
          row.column("rating"),
          "has " + scores.size() + " numbers for " + texts.size() + " responses");
    }
    boolean lowIsBetter = row.column("rating").startsWith("rank");
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Double score = Kind.number(scores.get(i));
      if (score == null) {
        throw row.wrong("rating", "finite numbers", scores.get(i));
      }
      candidates.add(candidate(row, "responses", texts.get(i), lowIsBetter ? score : -score));
    }
    return ranked(row, candidates);
  }

  private static Candidate candidate(Fields row, String role, @Nullable Object value, double rank) {
    String text = Kind.content(value);
    if (text == null || text.isBlank()) {
      throw new BadField(row.column(role), text == null ? "has no text" : "has an empty response");
    }
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map && !Turns.isTurn(map)) {
      map.forEach((k, v) -> columns.put(String.valueOf(k), v));
      Kind.TEXT_FIELDS.forEach(columns::remove);
    }
    return new Candidate(text, rank, columns);
  }

  private static List<Example> ranked(Fields row, List<Candidate> candidates) {
    List<Candidate> sorted = new ArrayList<>(candidates);
    sorted.sort(Comparator.comparingDouble(Candidate::rank)); // stable: ties keep the row's order
    Prompt prompt = row.prompt();
    Map<String, @Nullable Object> rest = row.rest();
    String reference = row.reference();
    List<Sample> samples = new ArrayList<>();
    for (Candidate c : sorted) {
      Map<String, @Nullable Object> columns = new LinkedHashMap<>(rest);
      columns.putAll(c.columns());
      String id = row.id + "/" + candidates.indexOf(c);
      samples.add(new Sample(id, prompt, c.text(), reference, columns));
    }
    return List.of(new Example.Ranked(samples, sorted.stream().map(Candidate::rank).toList()));
  }

  private RankedRows() {}
}
