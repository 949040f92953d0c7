package dev.goodhart.lab.sql;

import dev.goodhart.lab.sql.TemplateQuery.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A question in words with the query that answers it.
 *
 * @param question for instance {@code What is the average price of each book whose genre is cedar?}
 */
public record QueryTask(String question, TemplateQuery gold) {
  static final List<String> AGGREGATES = List.of("COUNT", "SUM", "AVG", "MIN", "MAX");

  private static final Map<String, List<String>> WORDS =
      Map.of(
          "SUM", List.of("total", "combined"),
          "AVG", List.of("average", "mean"),
          "MIN", List.of("lowest", "smallest"),
          "MAX", List.of("highest", "largest"),
          ">", List.of("above", "more than"),
          "<", List.of("below", "less than"),
          "=", List.of("is", "equals"));

  /**
   * One of the schema's questions: an aggregate, up to three conditions, grouped one time in four.
   */
  public static QueryTask draw(QuerySchema schema, SplittableRandom random) {
    String aggregate = AGGREGATES.get(random.nextInt(AGGREGATES.size()));
    String column =
        aggregate.equals("COUNT")
            ? ""
            : schema.childNumbers().get(random.nextInt(schema.childNumbers().size()));
    List<Condition> conditions = new ArrayList<>();
    List<String> said = new ArrayList<>();
    boolean[] present = {random.nextInt(2) == 0, random.nextInt(2) == 0, random.nextInt(2) == 0};
    if (!present[0] && !present[1] && !present[2]) {
      present[random.nextInt(3)] = true;
    }
    if (present[0]) {
      String value = schema.childValues().get(random.nextInt(4));
      conditions.add(new Condition(false, schema.childKind(), "=", "'" + value + "'"));
      said.add("whose %s %s %s".formatted(schema.childKind(), word("=", random), value));
    }
    if (present[1]) {
      String number = schema.childNumbers().get(random.nextInt(schema.childNumbers().size()));
      String operator = random.nextBoolean() ? ">" : "<";
      int bound = QuerySchema.LARGEST / 4 + random.nextInt(QuerySchema.LARGEST / 2);
      conditions.add(new Condition(false, number, operator, String.valueOf(bound)));
      said.add("with %s %s %d".formatted(number, word(operator, random), bound));
    }
    if (present[2]) {
      String value = schema.parentValues().get(random.nextInt(4));
      conditions.add(new Condition(true, schema.parentKind(), "=", "'" + value + "'"));
      said.add(
          "of a %s whose %s %s %s"
              .formatted(schema.parent(), schema.parentKind(), word("=", random), value));
    }
    boolean grouped = random.nextInt(4) == 0;
    String asked =
        aggregate.equals("COUNT")
            ? "How many rows of "
            : "What is the %s %s of ".formatted(word(aggregate, random), column);
    String question =
        (grouped ? "For each " + schema.childKind() + ": " : "")
            + asked
            + schema.child()
            + " "
            + String.join(" and ", said)
            + "?";
    return new QueryTask(
        question, new TemplateQuery(schema, aggregate, column, conditions, false, grouped, false));
  }

  private static String word(String of, SplittableRandom random) {
    List<String> words = java.util.Objects.requireNonNull(WORDS.get(of));
    return words.get(random.nextInt(words.size()));
  }
}
