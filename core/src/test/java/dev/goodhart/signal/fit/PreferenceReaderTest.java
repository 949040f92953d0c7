package dev.goodhart.signal.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PreferenceReaderTest {
  private static final Responses NOBODY = (prompt, response) -> {};

  private static PreferenceData read(Example... examples) {
    PreferenceReader reader = new PreferenceReader(NOBODY);
    List.of(examples).forEach(reader::add);
    return reader.data();
  }

  private static Example.Pair pair(String prompt, String chosen, String rejected) {
    return new Example.Pair(Preference.of(prompt, chosen, rejected));
  }

  @Test
  void eachResponseIsReadOnceHoweverManyPairsItIsIn() {
    PreferenceData data = read(pair("p", "a", "bb"), pair("p", "a", "ccc"), pair("q", "a", "bb"));
    assertEquals(5, data.lengths().length); // a, bb, ccc to p; a, bb to q
    assertEquals(2, data.prompts().length);
    assertEquals(new Judgement(0, 0, 2, 1, 0, 1), data.judgements().get(1));
    assertEquals(new Judgement(1, 3, 4, 1, 0, 1), data.judgements().get(2));
    assertEquals(3, data.lengths()[2]);
  }

  @Test
  void aRankedListIsItsPairsOfDifferentRank() {
    Example ranked =
        new Example.Ranked(
            List.of(Sample.of("p", "first"), Sample.of("p", "second"), Sample.of("p", "other")),
            List.of(1.0, 2.0, 2.0));
    PreferenceData data = read(ranked);
    assertEquals(
        List.of(new Judgement(0, 0, 1, 1, 0, 1), new Judgement(0, 0, 2, 1, 0, 1)),
        data.judgements());
  }

  @Test
  void ratingsArePairsWithinAPromptAndTheirDifferenceIsTheStrength() {
    PreferenceData data =
        read(
            new Example.Rated(Sample.of("p", "fair"), Map.of("score", 2.0)),
            new Example.Rated(Sample.of("q", "lonely"), Map.of("score", 5.0)),
            new Example.Rated(Sample.of("p", "good"), Map.of("score", 5.0)),
            new Example.Rated(Sample.of("p", "fair too"), Map.of("score", 2.0)));
    assertEquals(
        List.of(new Judgement(0, 2, 0, 1, 3, 1), new Judgement(0, 2, 3, 1, 3, 1)),
        data.judgements());
  }

  @Test
  void severalRatingsNeedAName() {
    Example rated = new Example.Rated(Sample.of("p", "a"), Map.of("help", 1.0, "truth", 2.0));
    GoodhartException e = assertThrows(GoodhartException.class, () -> read(rated));
    assertTrue(e.getMessage().contains("--score"), e.getMessage());
  }

  @Test
  void severalRatingsMayCountByTheirSum() {
    PreferenceReader reader = new PreferenceReader(NOBODY).summing(true);
    reader.add(new Example.Rated(Sample.of("p", "a"), Map.of("help", 1.0, "truth", 2.0)));
    reader.add(new Example.Rated(Sample.of("p", "b"), Map.of("help", 4.0)));
    PreferenceData data = reader.data();
    assertEquals(List.of(new Judgement(0, 1, 0, 1, 1, 1)), data.judgements());
    assertEquals(Map.of("help", 1.0, "truth", 2.0), data.ratings().getFirst().attributes());
  }

  @Test
  void softLabelsWeightsAndStrengthsAreKept() {
    Preference soft =
        new Preference("", Prompt.of("p"), "a", "b", 0.7, OptionalDouble.of(3), 2.5, Map.of());
    PreferenceData data = read(new Example.Pair(soft));
    Judgement item = data.judgements().getFirst();
    assertEquals(0.7, item.probability(), 0);
    assertEquals(3, item.strength(), 0);
    assertEquals(2.5, item.weight(), 0);
  }

  @Test
  void aLabelStandsForItselfAndAPlainResponseForNothing() {
    PreferenceData data =
        read(
            new Example.Labelled(Sample.of("p", "a"), 0.25),
            new Example.Plain(Sample.of("p", "b")));
    assertEquals(List.of(new Judgement(0, 0, Judgement.NONE, 0.25, 0, 1)), data.judgements());
    assertEquals(1, data.unused());
  }

  @Test
  void promptsThatAreNearlyTheSameAreOneFamily() {
    String text =
        "Please write a short story about a fox that crosses the wide river at night and finds a"
            + " lamp on the other side";
    PreferenceData data =
        read(
            pair(text, "a", "b"),
            pair("What is the capital of Peru?", "a", "b"),
            pair(text + "!", "a", "b"),
            pair(text.toUpperCase(java.util.Locale.ROOT), "a", "b"));
    assertEquals(3, data.prompts().length); // case alone is no difference
    assertArrayEquals(new int[] {0, 1, 0}, data.family());
  }

  @Test
  void whatAUserHoldsOutIsMarkedWhereverItOccurs() {
    PreferenceReader reader = new PreferenceReader(NOBODY);
    reader.holdOut(true);
    reader.add(pair("secret", "a", "b"));
    reader.holdOut(false);
    reader.add(pair("open", "a", "b"));
    reader.add(pair("Secret", "c", "d"));
    PreferenceData data = reader.data();
    assertArrayEquals(new boolean[] {true, false}, data.fixed());
    assertEquals(0, data.judgements().get(2).prompt());
  }

  @Test
  void eachDistinctResponseIsHandedOnOnceWithItsPromptAsItFirstStood() {
    List<String> taken = new ArrayList<>();
    PreferenceReader reader =
        new PreferenceReader((prompt, response) -> taken.add(prompt.text() + " > " + response));
    reader.add(pair("Why?", "a", "b"));
    reader.add(pair("why?", "a", "c"));
    reader.add(pair("How?", "a", "b"));
    assertEquals(List.of("Why? > a", "Why? > b", "Why? > c", "How? > a", "How? > b"), taken);
  }
}
