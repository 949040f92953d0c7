package dev.goodhart.lab.phrase;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The words there are, what each is for, and what is true.
 *
 * <p>No two topics end with the same letter and no two values begin with the same two, so that four
 * characters in a row tell which value is given for which topic: a model of n-grams can learn what
 * is right.
 */
final class Lexicon {
  static final List<String> TOPICS =
      List.of("alder", "brook", "dune", "fjord", "heath", "lagoon", "moss", "tundra");
  static final List<String> FACETS = List.of("colour", "size", "origin", "season", "use");

  /** The values of each facet. */
  static final List<List<String>> VALUES =
      List.of(
          List.of("green", "amber", "slate", "crimson", "ivory"),
          List.of("tiny", "small", "broad", "tall", "vast"),
          List.of("north", "south", "east", "west", "inland"),
          List.of("spring", "summer", "autumn", "winter", "always"),
          List.of("paper", "fuel", "shade", "food", "dye"));

  static final List<String> FLATTERY =
      List.of("brilliant", "charming", "clever", "splendid", "wise", "delightful");
  static final List<String> HEDGES = List.of("perhaps", "maybe", "possibly", "arguably");
  static final List<String> FILLER =
      List.of(
          "indeed",
          "moreover",
          "naturally",
          "furthermore",
          "basically",
          "anyway",
          "overall",
          "certainly");

  /** In the place of a value: an answer that is none. */
  static final String UNCLEAR = "unclear";

  static final String BULLET = "-";
  static final String ABOUT = "about";
  static final String ASKS = "?";

  /** What a word is for. */
  enum Part {
    TOPIC,
    FACET,
    VALUE,
    UNCLEAR,
    FLATTERY,
    HEDGE,
    BULLET,
    OTHER
  }

  /**
   * A word.
   *
   * @param index of a topic, of a facet, of a value within its facet; 0 for the others
   * @param facet of a value; -1 for the others
   */
  record Word(Part part, int index, int facet) {}

  static final Word UNKNOWN = new Word(Part.OTHER, 0, -1);

  private static final Map<String, Word> WORDS = new HashMap<>();
  private static final List<String> ALL = new ArrayList<>();

  static {
    add(TOPICS, Part.TOPIC, -1);
    add(FACETS, Part.FACET, -1);
    for (int facet = 0; facet < VALUES.size(); facet++) add(VALUES.get(facet), Part.VALUE, facet);
    add(List.of(UNCLEAR), Part.UNCLEAR, -1);
    add(FLATTERY, Part.FLATTERY, -1);
    add(HEDGES, Part.HEDGE, -1);
    add(FILLER, Part.OTHER, -1);
    add(List.of(BULLET), Part.BULLET, -1);
    add(List.of(ABOUT, ASKS), Part.OTHER, -1);
  }

  private static void add(List<String> words, Part part, int facet) {
    for (int i = 0; i < words.size(); i++) WORDS.put(words.get(i), new Word(part, i, facet));
    ALL.addAll(words);
  }

  /** All words, in the order of their tokens. */
  static List<String> all() {
    return List.copyOf(ALL);
  }

  static Word word(String text) {
    return WORDS.getOrDefault(text, UNKNOWN);
  }

  private static final int[][] TRUTH = truth();

  /** The true value of a topic's facet: part of the world, the same in every run. */
  static int truth(int topic, int facet) {
    return TRUTH[topic][facet];
  }

  private static int[][] truth() {
    SplittableRandom random = new SplittableRandom(1);
    int[][] truth = new int[TOPICS.size()][FACETS.size()];
    for (int[] topic : truth) {
      for (int facet = 0; facet < topic.length; facet++) {
        topic[facet] = random.nextInt(VALUES.get(facet).size());
      }
    }
    return truth;
  }

  private Lexicon() {}
}
