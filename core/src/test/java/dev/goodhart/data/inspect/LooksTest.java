package dev.goodhart.data.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.Example;
import dev.goodhart.data.Row;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each question alone, with numbers counted by hand. */
class LooksTest {
  private static Item item(long line, Example example, Map<String, Object> columns) {
    return Item.of(new Row("f", line, columns), example);
  }

  private static Item pair(long line, String prompt, String chosen, String rejected) {
    return pair(line, prompt, chosen, rejected, 1, Example.Listed.UNKNOWN, Map.of());
  }

  private static Item pair(
      long line,
      String prompt,
      String chosen,
      String rejected,
      double probability,
      Example.Listed listed,
      Map<String, Object> columns) {
    Preference p =
        new Preference(
            "" + line,
            Prompt.of(prompt),
            chosen,
            rejected,
            probability,
            OptionalDouble.empty(),
            1,
            Map.of());
    return item(line, new Example.Pair(p, listed), columns);
  }

  private static Map<String, Double> figures(Look look, String name) {
    return found(look, name).finding().figures();
  }

  private static Observation found(Look look, String name) {
    return look.observations().stream()
        .filter(o -> o.finding().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(look.observations().toString()));
  }

  private static boolean says(Look look, String name) {
    return look.observations().stream().anyMatch(o -> o.finding().name().equals(name));
  }

  @Test
  void longerAndFirstWins() {
    Winners look = new Winners(1000);
    look.see(pair(1, "q", "long one", "short", 1, Example.Listed.CHOSEN_FIRST, Map.of()));
    look.see(pair(2, "q", "a", "bb", 1, Example.Listed.REJECTED_FIRST, Map.of()));
    look.see(pair(3, "q", "xx", "yy", 0.75, Example.Listed.CHOSEN_FIRST, Map.of()));
    look.see(pair(4, "q", "tie", "longer tie", 0.5, Example.Listed.CHOSEN_FIRST, Map.of()));
    // A probability below one half: the second is the likelier winner, and it is the longer and the
    // first one.
    look.see(pair(5, "q", "a", "bbb", 0.25, Example.Listed.REJECTED_FIRST, Map.of()));
    assertEquals(3, figures(look, "longer-wins").get("of"));
    assertEquals(2.0 / 3, figures(look, "longer-wins").get("share"), 1e-12);
    assertEquals(4, figures(look, "first-wins").get("of"));
    assertEquals(3.0 / 4, figures(look, "first-wins").get("share"), 1e-12);
    assertEquals(1, figures(look, "ties").get("ties"));
    assertEquals(2, figures(look, "ties").get("soft"));
  }

  @Test
  void aSymbolOfTwoCharsIsOneCharacterLong() {
    Winners look = new Winners(1000);
    look.see(pair(1, "q", "😀", "ab")); // two UTF-16 units, one character
    assertEquals(0, figures(look, "longer-wins").get("share"));
  }

  @Test
  void goodResponsesAreLongerThanBadOnes() {
    Winners look = new Winners(1000);
    int line = 0;
    for (String good : List.of("aaaa", "aaa")) {
      look.see(item(++line, new Example.Labelled(Sample.of("q", good), 1), Map.of()));
    }
    for (String bad : List.of("a", "aaa", "aaaaa")) {
      look.see(item(++line, new Example.Labelled(Sample.of("q", bad), 0), Map.of()));
    }
    // 4 against 1, 3, 5: two wins; 3 against 1, 3, 5: one and a half. 3.5 of 6.
    assertEquals(3.5 / 6, figures(look, "labels").get("good-is-longer"), 1e-12);
  }

  @Test
  void contradictionsAreFoundInWhateverOrder() {
    Contradictions look = new Contradictions(1000, 5);
    look.see(pair(1, "q", "A", "B"));
    look.see(pair(2, "q", "C", "D"));
    look.see(pair(3, "q", "B", "A"));
    look.see(pair(4, "other", "B", "A"));
    look.see(pair(5, "q", "A", "B", 0.2, Example.Listed.UNKNOWN, Map.of())); // says B over A again
    look.see(pair(6, "q", "B", "A", 0.5, Example.Listed.UNKNOWN, Map.of())); // a tie takes no side
    Observation found = found(look, "contradictions");
    assertEquals(1, found.finding().figures().get("contradictory"));
    assertEquals(2, found.finding().figures().get("repeats"));
    assertEquals(List.of(3L, 5L), found.shown().stream().map(Shown::line).toList());
    assertEquals(List.of(1L, 1L), found.shown().stream().map(Shown::earlier).toList());
  }

  @Test
  void aResponseLabelledGoodAndBadIsAContradiction() {
    Contradictions look = new Contradictions(1000, 5);
    look.see(item(1, new Example.Labelled(Sample.of("q", "a"), 1), Map.of()));
    look.see(item(2, new Example.Labelled(Sample.of("q", "b"), 0), Map.of()));
    look.see(item(3, new Example.Labelled(Sample.of("q", "a"), 0), Map.of()));
    look.see(item(4, new Example.Labelled(Sample.of("r", "a"), 0), Map.of()));
    assertEquals(1, figures(look, "contradictions").get("contradictory"));
    assertEquals(3, found(look, "contradictions").shown().getFirst().line());
  }

  @Test
  void noiseFromDisagreement() {
    // Labels wrong with 0.25 disagree with 2 · 0.25 · 0.75 = 0.375.
    assertEquals(0.25, Contradictions.flips(0.375), 1e-12);
    assertEquals(0, Contradictions.flips(0), 1e-12);
    assertEquals(0.5, Contradictions.flips(0.5), 1e-12);
    assertEquals(0.5, Contradictions.flips(0.9), 1e-12);
  }

  @Test
  void repeatedLabelsTellHowOftenTheyAreFlipped() {
    SplittableRandom random = new SplittableRandom(6);
    Contradictions look = new Contradictions(100_000, 0);
    for (int i = 0; i < 6000; i++) {
      for (int repeat = 0; repeat < 2 + i % 2; repeat++) {
        boolean flipped = random.nextDouble() < 0.2;
        look.see(pair(3L * i + repeat + 1, "q" + i, flipped ? "B" : "A", flipped ? "A" : "B"));
      }
    }
    Map<String, Double> figures = figures(look, "label-noise-by-repeats");
    assertEquals(0.2, figures.get("noise"), 0.02);
    assertTrue(
        figures.get("noise-low") < 0.2 && 0.2 < figures.get("noise-high"), figures.toString());
  }

  @Test
  void copiesSayNothingOfNoise() {
    Contradictions look = new Contradictions(1000, 0);
    for (int i = 0; i < 100; i++) {
      look.see(pair(i + 1, "q" + i % 20, "A", "B"));
    }
    assertFalse(says(look, "label-noise-by-repeats"));
  }

  @Test
  void truncationCountsSharedBeginnings() {
    Truncation look = new Truncation(6, 5);
    look.see(pair(1, "abcde", "12", "13")); // prompt 5 + 1 alike = 6: the same after 6
    look.see(pair(2, "abcd", "12", "13")); // 5: told apart by the 6th character
    look.see(pair(3, "", "123456x", "123456y")); // alike for 6 by themselves
    look.see(pair(4, "", "12345x", "12345y"));
    look.see(pair(5, "", "123456", "123456789")); // one is the beginning of the other
    Observation found = found(look, "same-after-truncation");
    assertEquals(2, found.finding().figures().get("responses-alike-at-6"));
    assertEquals(3, found.finding().figures().get("with-prompt-alike-at-6"));
    assertEquals(List.of(1L, 3L, 5L), found.shown().stream().map(Shown::line).toList());
    assertEquals(1, Truncation.alike("😀a", "😀b")); // one character, though two UTF-16 units
  }

  @Test
  void duplicatesAreTheSameExample() {
    Duplicates look = new Duplicates(1000, 5);
    look.see(pair(1, "q", "A", "B"));
    look.see(pair(2, "q", "B", "A"));
    look.see(pair(3, "q", "A", "B"));
    look.see(pair(4, "r", "A", "B"));
    Observation found = found(look, "exact-duplicates");
    assertEquals(1, found.finding().figures().get("repeated"));
    assertEquals(3, found.shown().getFirst().line());
    assertEquals(1, found.shown().getFirst().earlier());
    assertEquals(2, figures(look, "prompts").get("prompts"));
    assertEquals(3, figures(look, "prompts").get("most-examples-of-one"));
  }

  @Test
  void nearDuplicatesAreOtherTextsOfTheSameWords() {
    String story =
        "the quick brown fox jumps over the lazy dog while nine other dogs look on and bark at the"
            + " moon";
    NearDuplicates look = new NearDuplicates(1000, new Seeds(1), 5);
    look.see(pair(1, story, "yes indeed", "no never"));
    look.see(pair(2, story + "!", story, story.replace("moon", "sun")));
    look.see(pair(3, story, "yes indeed", "not at all"));
    Observation prompts = found(look, "near-duplicate-prompts");
    assertEquals(1, prompts.finding().figures().get("near"));
    assertEquals(2, prompts.finding().figures().get("different"));
    assertEquals(1, prompts.finding().figures().get("used-again"));
    assertEquals(1, figures(look, "responses-alike").get("alike"));
  }

  @Test
  void agreementByHand() {
    Agreement look = new Agreement(1000);
    // Votes 1 = first, 2 = second, 0 = tie.
    int[][] votes = {{1, 1, 1}, {1, 1, 2}, {2, 2, 2}, {0, 1, 1}};
    for (int i = 0; i < votes.length; i++) {
      Map<String, Object> columns = new LinkedHashMap<>();
      for (int a = 0; a < 3; a++) {
        columns.put("annotator" + (a + 1), votes[i][a]);
      }
      look.see(pair(i + 1, "q", "a", "b", 1, Example.Listed.CHOSEN_FIRST, columns));
    }
    Map<String, Double> figures = figures(look, "agreement");
    // Couples that agree: 3 + 1 + 3 + 1 of 12. Both decided: 3 + 3 + 3 + 1 = 10, of which 8 agree.
    assertEquals(8.0 / 12, figures.get("agreement"), 1e-12);
    assertEquals(0.8, figures.get("agreement-decided"), 1e-12);
    assertEquals(0.5, figures.get("unanimous"), 1e-12);
    // Verdicts: 7 first, 4 second, 1 tie of 12; by chance 49 + 16 + 1 = 66 of 144 agree.
    assertEquals((8.0 / 12 - 66.0 / 144) / (1 - 66.0 / 144), figures.get("kappa"), 1e-12);
    // One against the others: 3 of 3; {1,1,2}: the 2 is wrong, the 1s face a split; 3 of 3; the tie
    // half, both 1s right.
    assertEquals(10, figures.get("of"));
    assertEquals(8.5 / 10, figures.get("one-against-the-others"), 1e-12);
    // Two of ten decided couples differ: e = (1 - √0.6) / 2, and a majority of three is wrong with
    // 3e² - 2e³.
    double e = (1 - Math.sqrt(0.6)) / 2;
    Map<String, Double> noise = figures(look, "label-noise-by-votes");
    assertEquals(e, noise.get("noise-of-one"), 1e-12);
    assertEquals(3 * e * e - 2 * e * e * e, noise.get("noise"), 1e-12);
  }

  @Test
  void majoritiesAreWrongAsTheBinomialSays() {
    assertEquals(0.1, Agreement.majorityWrong(1, 0.1), 1e-12);
    assertEquals(0.1, Agreement.majorityWrong(2, 0.1), 1e-12); // both wrong 0.01, split 0.18 / 2
    assertEquals(0.028, Agreement.majorityWrong(3, 0.1), 1e-12);
    assertEquals(0.5, Agreement.majorityWrong(5, 0.5), 1e-12);
    assertEquals(0, Agreement.majorityWrong(4, 0), 1e-12);
  }

  @Test
  void individualPreferencesAreVotesToo() {
    Agreement look = new Agreement(1000);
    List<Map<String, Integer>> individual =
        List.of(Map.of("score", -2), Map.of("score", -1), Map.of("score", 3));
    look.see(
        pair(
            1,
            "q",
            "a",
            "b",
            1,
            Example.Listed.CHOSEN_FIRST,
            Map.of("individual_preference", individual)));
    assertEquals(1.0 / 3, figures(look, "agreement").get("agreement"), 1e-12);
  }

  @Test
  void ratingsAndTheirRepeats() {
    Values look = new Values(1000);
    String e = "e".repeat(3);
    int line = 0;
    for (double rating : new double[] {1, 2, 4}) {
      look.see(
          item(
              ++line,
              new Example.Rated(Sample.of("q", e + rating), Map.of("score", rating)),
              Map.of()));
    }
    look.see(
        item(++line, new Example.Rated(Sample.of("q", e + 1.0), Map.of("score", 3.0)), Map.of()));
    Map<String, Double> figures = figures(look, "rating-score");
    assertEquals(2.5, figures.get("mean"), 1e-12);
    assertEquals(Math.sqrt(1.25), figures.get("deviation"), 1e-12); // 1, 2, 4, 3 around 2.5
    assertEquals(1, figures.get("least"));
    assertEquals(4, figures.get("most"));
    assertFalse(figures.containsKey("length-correlation-within-prompts")); // all are equally long
    assertEquals(2, figures(look, "agreement-score").get("mean-difference"), 1e-12);
  }

  /** Over all prompts the two go against each other; within each of them they go together. */
  @Test
  void correlationWithinPromptsIsNotThatOverAllOfThem() {
    WithinPrompts look = new WithinPrompts(10);
    double[][] xy = {{1, 10}, {2, 12}, {11, 1}, {12, 2}, {13, 3}};
    for (int i = 0; i < xy.length; i++) {
      look.add(i < 2 ? 111 : 222, xy[i][0], xy[i][1]);
    }
    // Deviations: (∓½, ∓1) and (-1, -1), (0, 0), (1, 1): Sxy = 1 + 2, Sxx = ½ + 2, Syy = 2 + 2.
    assertEquals(3 / Math.sqrt(2.5 * 4), look.correlation(), 1e-12);
    assertEquals(3, look.compared());
  }

  /** Good answers hold good words; a share of the labels is flipped. */
  private static SurestTenth surest(double flips, double skill, int pairs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SurestTenth look = new SurestTenth(new Seeds(1), 2);
    for (int i = 0; i < pairs; i++) {
      String good = words(random, skill);
      String bad = words(random, 0);
      boolean flip = random.nextDouble() < flips;
      look.see(pair(i + 1, "prompt " + i, flip ? bad : good, flip ? good : bad));
    }
    return look;
  }

  private static String words(SplittableRandom random, double good) {
    return IntStream.range(0, 20)
        .mapToObj(i -> (random.nextDouble() < good ? "good" : "word") + random.nextInt(50))
        .collect(Collectors.joining(" "));
  }

  @Test
  void theSurestTenthBoundsTheNoiseFromAbove() {
    // With a model that is hardly ever wrong the bound is tight: the flips themselves.
    Map<String, Double> easy = figures(surest(0.25, 0.5, 3000, 7), "label-noise-at-most");
    assertTrue(
        easy.get("noise-at-most-low") < 0.25 && 0.25 < easy.get("noise-at-most-high"),
        easy.toString());
    Map<String, Double> clean = figures(surest(0, 0.5, 3000, 8), "label-noise-at-most");
    assertTrue(clean.get("noise-at-most") < 0.01, clean.toString());
    // A weak model only loosens it.
    Map<String, Double> weak = figures(surest(0.25, 0.1, 3000, 9), "label-noise-at-most");
    assertTrue(weak.get("noise-at-most-high") > 0.25, weak.toString());
    // Labels by coin: half.
    Map<String, Double> coin = figures(surest(0.5, 0.5, 3000, 10), "label-noise-at-most");
    assertEquals(0.5, coin.get("noise-at-most"), 0.1);
    assertEquals(0.5, coin.get("model-accuracy"), 0.05);
  }

  @Test
  void tooFewPairsGiveNoBound() {
    assertEquals(List.of(), surest(0, 0.5, 299, 1).observations());
  }

  @Test
  void theSameSeedGivesTheSameBound() {
    List<Observation> once = surest(0.2, 0.3, 400, 11).observations();
    assertEquals(once, surest(0.2, 0.3, 400, 11).observations());
  }

  @Test
  void featuresOfADifferenceAreTheDifferenceOfFeatures() {
    List<Double> one = new ArrayList<>();
    Features ab = Features.difference("the cat sat on the mat", "a dog ran off");
    Features ba = Features.difference("a dog ran off", "the cat sat on the mat");
    assertEquals(ab.index().length, ba.index().length);
    for (int i = 0; i < ab.index().length; i++) {
      assertEquals(ab.index()[i], ba.index()[i]);
      assertEquals(ab.value()[i], -ba.value()[i], 1e-7);
      one.add((double) ab.value()[i]);
      assertTrue(i == 0 || ab.index()[i] > ab.index()[i - 1]);
    }
    // Two unit vectors with no word in common: their difference has length √2; the last one is the
    // length's own.
    double square = one.subList(0, one.size() - 1).stream().mapToDouble(v -> v * v).sum();
    assertEquals(2, square, 1e-5);
    assertEquals(Math.log(23.0 / 14), one.getLast(), 1e-6);
  }
}
