package dev.goodhart.curate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CurateTest {
  private static final Curate DEDUPLICATED = new Deduplicated();
  private static final Curate WITHOUT = new WithoutContradictions();

  private static Preference pair(
      String id, String chosen, String rejected, double probability, double weight) {
    return new Preference(
        id,
        Prompt.of("p"),
        chosen,
        rejected,
        probability,
        OptionalDouble.empty(),
        weight,
        Map.of());
  }

  private static String ids(List<Preference> preferences) {
    return String.join("", preferences.stream().map(Preference::id).toList());
  }

  @Test
  void theFirstOfEqualPairsStays() {
    List<Preference> data =
        List.of(
            pair("1", "a", "b", 1, 1),
            pair("2", "b", "a", 1, 1), // the other way round is another statement
            pair("3", "a", "b", 0.7, 2), // same texts: the first one stays as it was
            pair("4", "a", "c", 1, 1));
    assertEquals("124", ids(DEDUPLICATED.of(data)));
  }

  @Test
  void thePromptIsPartOfThePair() {
    assertEquals(
        2,
        DEDUPLICATED
            .of(List.of(Preference.of("p", "a", "b"), Preference.of("q", "a", "b")))
            .size());
    assertEquals(
        2, WITHOUT.of(List.of(Preference.of("p", "a", "b"), Preference.of("q", "b", "a"))).size());
  }

  @Test
  void theSideWithTheLargerWeightStays() {
    assertEquals(
        "13",
        ids(
            WITHOUT.of(
                List.of(
                    pair("1", "a", "b", 1, 1),
                    pair("2", "b", "a", 1, 1),
                    pair("3", "a", "b", 1, 1)))));
    assertEquals(
        "2", ids(WITHOUT.of(List.of(pair("1", "a", "b", 1, 1), pair("2", "b", "a", 1, 1.5)))));
  }

  @Test
  void softLabelsWeighWhatTheySay() {
    // 0.9 against 0.6 the other way: 0.8 against 0.2
    assertEquals(
        "1", ids(WITHOUT.of(List.of(pair("1", "a", "b", 0.9, 1), pair("2", "b", "a", 0.6, 1)))));
    // chosen with probability 0.2 is a vote for the other side
    assertEquals(
        "12", ids(WITHOUT.of(List.of(pair("1", "a", "b", 0.2, 1), pair("2", "b", "a", 0.8, 1)))));
  }

  @Test
  void aDrawDropsBothSidesAlsoWhenOnlyRoundingDecides() {
    assertEquals(
        "", ids(WITHOUT.of(List.of(pair("1", "a", "b", 1, 1), pair("2", "b", "a", 1, 1)))));
    // 0.1 + 0.2 is not 0.3 in floating point
    assertEquals(
        "",
        ids(
            WITHOUT.of(
                List.of(
                    pair("1", "a", "b", 1, 0.1),
                    pair("2", "a", "b", 1, 0.2),
                    pair("3", "b", "a", 1, 0.3)))));
  }

  @Test
  void aTieTakesNoSideAndStays() {
    assertEquals(
        "13",
        ids(
            WITHOUT.of(
                List.of(
                    pair("1", "a", "b", 0.5, 1),
                    pair("2", "b", "a", 1, 1),
                    pair("3", "a", "b", 1, 5)))));
  }

  @Test
  void aPairOfTheSameTextGoes() {
    assertEquals(
        "2", ids(WITHOUT.of(List.of(pair("1", "a", "a", 1, 1), pair("2", "a", "b", 1, 1)))));
  }

  @Property(tries = 200)
  void whatStaysIsASubsequenceAndASecondPassChangesNothing(@ForAll("data") List<Preference> data) {
    for (Curate curate : List.of(DEDUPLICATED, WITHOUT)) {
      List<Preference> once = curate.of(data);
      assertEquals(once, curate.of(once));
      int at = 0;
      for (Preference kept : once) {
        while (!data.get(at).equals(kept)) {
          at++;
        }
        at++;
      }
    }
  }

  @Property(tries = 200)
  void noTwoPairsThatStayDisagree(@ForAll("data") List<Preference> data) {
    var winners = new HashSet<List<String>>();
    for (Preference p : WITHOUT.of(data)) {
      if (!p.isTie()) {
        boolean chosen = p.probability() > 0.5;
        winners.add(chosen ? List.of(p.chosen(), p.rejected()) : List.of(p.rejected(), p.chosen()));
      }
    }
    for (List<String> winner : winners) {
      assertTrue(!winners.contains(winner.reversed()), winners.toString());
    }
  }

  @Provide
  static Arbitrary<List<Preference>> data() {
    Arbitrary<String> text = Arbitraries.of("a", "b", "c");
    return Combinators.combine(
            text, text, Arbitraries.of(0.0, 0.25, 0.5, 0.75, 1.0), Arbitraries.of(0.5, 1.0, 2.0))
        .as(
            (chosen, rejected, probability, weight) ->
                pair("", chosen, rejected, probability, weight))
        .list()
        .ofMaxSize(12);
  }
}
