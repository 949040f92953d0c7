package dev.goodhart.signal.hashed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.Example;
import dev.goodhart.signal.hashed.TrainingSet.Item;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TrainingSetBuilderTest {
  private static TrainingSet build(HashedBradleyTerry method, Example... examples) {
    try (TrainingSetBuilder builder = new TrainingSetBuilder(method)) {
      List.of(examples).forEach(builder::add);
      return builder.build();
    }
  }

  private static TrainingSet build(Example... examples) {
    return build(HashedBradleyTerry.DEFAULT, examples);
  }

  private static Example.Pair pair(String prompt, String chosen, String rejected) {
    return new Example.Pair(Preference.of(prompt, chosen, rejected));
  }

  @Test
  void eachResponseIsReadOnceHoweverManyPairsItIsIn() {
    TrainingSet set = build(pair("p", "a", "bb"), pair("p", "a", "ccc"), pair("q", "a", "bb"));
    assertEquals(5, set.responses().length); // a, bb, ccc to p; a, bb to q
    assertEquals(2, set.prompts().length);
    assertEquals(new Item(0, 0, 2, 1, 0, 1), set.items().get(1));
    assertEquals(new Item(1, 3, 4, 1, 0, 1), set.items().get(2));
    assertEquals(3, set.responses()[2].length());
  }

  @Test
  void aRankedListIsItsPairsOfDifferentRank() {
    Example ranked =
        new Example.Ranked(
            List.of(Sample.of("p", "first"), Sample.of("p", "second"), Sample.of("p", "other")),
            List.of(1.0, 2.0, 2.0));
    TrainingSet set = build(ranked);
    assertEquals(List.of(new Item(0, 0, 1, 1, 0, 1), new Item(0, 0, 2, 1, 0, 1)), set.items());
  }

  @Test
  void ratingsArePairsWithinAPromptAndTheirDifferenceIsTheStrength() {
    TrainingSet set =
        build(
            HashedBradleyTerry.DEFAULT.withMargin(0.5),
            new Example.Rated(Sample.of("p", "fair"), Map.of("score", 2.0)),
            new Example.Rated(Sample.of("q", "lonely"), Map.of("score", 5.0)),
            new Example.Rated(Sample.of("p", "good"), Map.of("score", 5.0)),
            new Example.Rated(Sample.of("p", "fair too"), Map.of("score", 2.0)));
    assertEquals(List.of(new Item(0, 2, 0, 1, 1.5, 1), new Item(0, 2, 3, 1, 1.5, 1)), set.items());
  }

  @Test
  void severalRatingsNeedAName() {
    Example rated = new Example.Rated(Sample.of("p", "a"), Map.of("help", 1.0, "truth", 2.0));
    GoodhartException e = assertThrows(GoodhartException.class, () -> build(rated));
    assertTrue(e.getMessage().contains("--score"), e.getMessage());
  }

  @Test
  void softLabelsWeightsAndStrengthsAreKept() {
    Preference soft =
        new Preference("", Prompt.of("p"), "a", "b", 0.7, OptionalDouble.of(3), 2.5, Map.of());
    TrainingSet set = build(HashedBradleyTerry.DEFAULT.withMargin(0.1), new Example.Pair(soft));
    Item item = set.items().getFirst();
    assertEquals(0.7, item.probability(), 0);
    assertEquals(0.3, item.margin(), 1e-12);
    assertEquals(2.5, item.weight(), 0);
  }

  @Test
  void aLabelStandsForItselfAndAPlainResponseForNothing() {
    TrainingSet set =
        build(
            new Example.Labelled(Sample.of("p", "a"), 0.25),
            new Example.Plain(Sample.of("p", "b")));
    assertEquals(List.of(new Item(0, 0, Item.NONE, 0.25, 0, 1)), set.items());
    assertEquals(1, set.unused());
  }

  @Test
  void promptsThatAreNearlyTheSameAreOneFamily() {
    String text =
        "Please write a short story about a fox that crosses the wide river at night and finds a"
            + " lamp on the other side";
    TrainingSet set =
        build(
            pair(text, "a", "b"),
            pair("What is the capital of Peru?", "a", "b"),
            pair(text + "!", "a", "b"),
            pair(text.toUpperCase(java.util.Locale.ROOT), "a", "b"));
    assertEquals(3, set.prompts().length); // case alone is no difference
    assertArrayEquals(new int[] {0, 1, 0}, set.family());
  }

  @Test
  void whatAUserHoldsOutIsMarkedWhereverItOccurs() {
    try (TrainingSetBuilder builder = new TrainingSetBuilder(HashedBradleyTerry.DEFAULT)) {
      builder.holdOut(true);
      builder.add(pair("secret", "a", "b"));
      builder.holdOut(false);
      builder.add(pair("open", "a", "b"));
      builder.add(pair("Secret", "c", "d"));
      TrainingSet set = builder.build();
      assertArrayEquals(new boolean[] {true, false}, set.fixed());
      assertEquals(0, set.items().get(2).prompt());
    }
  }

  @Test
  void manyResponsesComeOutInTheOrderOfTheirNumbers() {
    try (TrainingSetBuilder builder = new TrainingSetBuilder(HashedBradleyTerry.DEFAULT, 3)) {
      for (int i = 1; i < 1000; i++) {
        builder.add(pair("p" + i, "x".repeat(i), "y".repeat(i) + "z"));
      }
      TrainingSet set = builder.build();
      for (Item item : set.items()) {
        assertEquals(
            set.responses()[item.first()].length() + 1, set.responses()[item.second()].length());
        assertNotEquals(item.first(), item.second());
      }
    }
  }
}
