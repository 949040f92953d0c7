package dev.goodhart.lab.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A generated database of two tables, one belonging to the other: {@code team(id, city, age)} and
 * {@code player(id, team_id, grade, height, salary, goals)}. Names, values and rows are drawn.
 *
 * @param parent what the child's rows belong to
 * @param child the table that questions are about
 * @param parentKind the parent's text column
 * @param parentNumber its numeric column
 * @param childKind the child's text column
 * @param childNumbers its three numeric columns
 * @param parentValues four texts that stand in the parent's text column
 * @param childValues four texts that stand in the child's
 */
public record QuerySchema(
    String parent,
    String child,
    String parentKind,
    String parentNumber,
    String childKind,
    List<String> childNumbers,
    List<String> parentValues,
    List<String> childValues) {
  private static final List<String> THINGS =
      List.of(
          "author",
          "team",
          "shop",
          "school",
          "farm",
          "ship",
          "museum",
          "band",
          "clinic",
          "garden",
          "mill",
          "harbour",
          "studio",
          "tower",
          "valley",
          "player",
          "book",
          "ticket",
          "pupil",
          "horse",
          "sailor",
          "painting",
          "song",
          "patient",
          "tree",
          "machine",
          "crane",
          "film",
          "room",
          "vine");
  private static final List<String> NUMBERS =
      List.of(
          "price", "weight", "year", "score", "length", "cost", "age", "rating", "height", "stock",
          "speed", "salary", "depth", "size");
  private static final List<String> KINDS =
      List.of("city", "color", "genre", "kind", "country", "grade", "season", "status");
  private static final List<String> VALUES =
      List.of(
          "amber", "basalt", "cedar", "delta", "ember", "fjord", "granite", "harvest", "indigo",
          "jasper", "kelp", "lotus", "maple", "nectar", "onyx", "pepper");

  /** The largest number that a row holds. */
  static final int LARGEST = 60;

  private static final int PARENTS = 10;
  private static final int CHILDREN = 60;

  public static QuerySchema draw(SplittableRandom random) {
    List<String> things = shuffled(THINGS, random);
    List<String> numbers = shuffled(NUMBERS, random);
    List<String> kinds = shuffled(KINDS, random);
    List<String> values = shuffled(VALUES, random);
    return new QuerySchema(
        things.get(0),
        things.get(1),
        kinds.get(0),
        numbers.get(0),
        kinds.get(1),
        List.copyOf(numbers.subList(1, 4)),
        List.copyOf(values.subList(0, 4)),
        List.copyOf(values.subList(4, 8)));
  }

  private static List<String> shuffled(List<String> words, SplittableRandom random) {
    List<String> shuffled = new ArrayList<>(words);
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    return shuffled;
  }

  /** The child's column that names its parent. */
  String key() {
    return parent + "_id";
  }

  /** The statements that make the database and fill it with rows of these draws. */
  public List<String> script(SplittableRandom random) {
    List<String> parents = new ArrayList<>();
    for (int id = 1; id <= PARENTS; id++) {
      parents.add(
          "(%d, '%s', %d)".formatted(id, parentValues.get(random.nextInt(4)), number(random)));
    }
    List<String> children = new ArrayList<>();
    for (int id = 1; id <= CHILDREN; id++) {
      children.add(
          "(%d, %d, '%s', %d, %d, %d)"
              .formatted(
                  id,
                  1 + random.nextInt(PARENTS),
                  childValues.get(random.nextInt(4)),
                  number(random),
                  number(random),
                  number(random)));
    }
    return List.of(
        "CREATE TABLE %s(id INTEGER PRIMARY KEY, %s TEXT, %s INTEGER)"
            .formatted(parent, parentKind, parentNumber),
        "CREATE TABLE %s(id INTEGER PRIMARY KEY, %s INTEGER, %s TEXT, %s)"
            .formatted(
                child,
                key(),
                childKind,
                childNumbers.stream().map(n -> n + " INTEGER").collect(Collectors.joining(", "))),
        "INSERT INTO %s VALUES %s".formatted(parent, String.join(", ", parents)),
        "INSERT INTO %s VALUES %s".formatted(child, String.join(", ", children)));
  }

  private static int number(SplittableRandom random) {
    return 1 + random.nextInt(LARGEST);
  }
}
