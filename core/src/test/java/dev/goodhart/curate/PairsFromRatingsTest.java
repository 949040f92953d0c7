package dev.goodhart.curate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PairsFromRatingsTest {
  private static PairsFromRatings.Rated rated(
      String id, String prompt, String text, double rating) {
    Sample sample =
        new Sample(id, Prompt.of(prompt), text, null, Map.of("model", "m" + id, "set", "web"));
    return new PairsFromRatings.Rated(sample, rating);
  }

  @Test
  void everyTwoResponsesThatDifferByTheGapAreAPair() {
    PairsFromRatings.Made made =
        new PairsFromRatings(0.3, 0, 1)
            .of(
                List.of(
                    rated("1", "q", "a", 0.5),
                    rated("2", "r", "z", 0.9),
                    rated("3", "q", "b", 0.75),
                    rated("4", "q", "c", 0.25),
                    rated("5", "q", "c", 1.0)));
    // a-b and a-c differ by 0.25, b-c' by 0.25; c-c' is the same text.
    List<String> pairs =
        made.pairs().stream().map(p -> p.id() + " " + p.strength().getAsDouble()).toList();
    assertEquals(List.of("5>1 0.5", "3>4 0.5"), pairs);
    assertEquals(2, made.prompts());
    assertEquals(3, made.close());
    assertEquals(1, made.same());
    assertEquals(0, made.left());
    Preference first = made.pairs().getFirst();
    assertEquals("c", first.chosen());
    assertEquals("a", first.rejected());
    assertEquals(
        Map.of("set", "web", "chosen_model", "m5", "rejected_model", "m1"), first.columns());
  }

  @Test
  void aGapIsReachedByExactlyItsSize() {
    List<PairsFromRatings.Rated> two = List.of(rated("1", "q", "a", 1), rated("2", "q", "b", 3));
    assertEquals(
        OptionalDouble.of(2), new PairsFromRatings(2, 0, 1).of(two).pairs().getFirst().strength());
    assertEquals(List.of(), new PairsFromRatings(2.001, 0, 1).of(two).pairs());
  }

  @Test
  void aLimitDrawsEveryPairEquallyOftenAndKeepsTheOrder() {
    List<PairsFromRatings.Rated> responses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      responses.add(rated("" + i, "q", "text " + i, i));
    }
    Map<String, Integer> drawn = new HashMap<>();
    int draws = 3000;
    for (int seed = 0; seed < draws; seed++) {
      PairsFromRatings.Made made = new PairsFromRatings(1, 2, seed).of(responses);
      assertEquals(2, made.pairs().size());
      assertEquals(4, made.left());
      made.pairs().forEach(p -> drawn.merge(p.id(), 1, Integer::sum));
      assertEquals(made, new PairsFromRatings(1, 2, seed).of(responses));
    }
    assertEquals(6, drawn.size());
    // 1,000 of 3,000 expected, a deviation of 26: five of them.
    drawn.values().forEach(n -> assertTrue(Math.abs(n - 1000) < 130, drawn.toString()));
  }

  @Test
  void aGapOfNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PairsFromRatings(0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new PairsFromRatings(Double.NaN, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new PairsFromRatings(1, -1, 1));
  }
}
