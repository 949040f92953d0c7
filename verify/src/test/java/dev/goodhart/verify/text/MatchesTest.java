package dev.goodhart.verify.text;

import static dev.goodhart.verify.text.OverlapTest.REFERENCES;
import static dev.goodhart.verify.text.OverlapTest.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Match, regex and choice. */
class MatchesTest {
  private static Match match(Match.Normalise normalise) {
    return new Match(normalise, Within.RESPONSE, Optional.empty(), REFERENCES);
  }

  @ParameterizedTest
  @CsvSource({
    "Paris, Paris, 1, 1, 1",
    "' Paris ', Paris, 1, 1, 1",
    "paris, Paris, 0, 1, 1",
    "The Eiffel Tower!, eiffel tower, 0, 0, 1",
    "an  Eiffel-Tower, eiffeltower, 0, 0, 1",
    "theory, ory, 0, 0, 0",
    "Lyon, Paris, 0, 0, 0",
  })
  void eachNormalisationForgivesMore(String response, String reference, int none, int c, int full) {
    assertEquals(none, value(match(Match.Normalise.NONE), response, reference));
    assertEquals(c, value(match(Match.Normalise.CASE), response, reference));
    assertEquals(full, value(match(Match.Normalise.SQUAD), response, reference));
  }

  /** SQuAD's own script would accept "the" for "A". */
  @Test
  void aReferenceThatNormalisesToNothingIsStillCompared() {
    Match squad = match(Match.Normalise.SQUAD);
    assertEquals(1, value(squad, "A.", "A"));
    assertEquals(0, value(squad, "the", "A"));
    assertEquals(0, value(squad, "", "A"));
    assertEquals(0, value(squad, "-", "+"));
    assertEquals(1, value(squad, "+", "+"));
  }

  @Test
  void oneOfSeveralReferencesIsEnoughHoweverTheyAreWritten() {
    Match squad = match(Match.Normalise.SQUAD);
    assertEquals(1, value(squad, "b", List.of("a", "b")));
    assertEquals(1, value(squad, "b", "[\"x\", \"b\"]"));
    assertEquals(1, value(squad, "7", List.of(6, 7)));
    assertEquals(1, value(squad, "[0, 1)", "[0, 1)"));
    assertEquals(Reward.of(1), new Match().of(Sample.of("p", "yes", "Yes")));
  }

  @Test
  void theAnswerIsTakenFromWhereTheSpecSays() {
    Sample sample = Sample.of("p", "<think>Lyon?</think> So <answer> Paris </answer>", "Paris");
    assertEquals(Reward.of(0), new Match().of(sample));
    assertEquals(
        Reward.of(1),
        new Match(Match.Normalise.NONE, Within.ANSWER, Optional.empty(), Optional.empty())
            .of(sample));
    Match hashes =
        new Match(
            Match.Normalise.NONE, Within.RESPONSE, Optional.of("#### (.*)"), Optional.empty());
    assertEquals(Reward.of(1), hashes.of(Sample.of("p", "#### 3\nno, #### 4", "4")));
    assertEquals(Reward.of(0), hashes.of(Sample.of("p", "4", "4")));
    assertEquals("", Within.AFTER_THINKING.of("<think>never done"));
    assertEquals("plain", Within.AFTER_THINKING.of("plain"));
  }

  @Test
  void aRegularExpressionIsFoundOrMatchesAll() {
    assertEquals(Reward.of(1), new Regex("\\d{3}").of(Sample.of("p", "a 123 b")));
    Regex full = new Regex("(?s)<a>.*</a>", true, Within.RESPONSE);
    assertEquals(Reward.of(1), full.of(Sample.of("p", "<a>\n</a>")));
    assertEquals(Reward.of(0), full.of(Sample.of("p", "x<a>\n</a>")));
  }

  @Test
  void aPatternThatCannotBeIsAnErrorOfTheSpec() {
    for (String pattern : List.of("(", "(?=a)", "(a)\\\\1", "")) {
      GoodhartException e =
          assertThrows(
              GoodhartException.class,
              () ->
                  RewardSpec.parse(
                      "signals: { r: { regex: { pattern: \"" + pattern + "\" } } }",
                      "reward.yaml",
                      Path.of(".")));
      assertTrue(
          e.getMessage().startsWith("reward.yaml:1: signals.r.regex: pattern"), e.getMessage());
    }
  }

  /** A back-tracking engine would need longer than the universe has. */
  @Test
  void aPatternThatExplodesElsewhereIsLinearHere() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertEquals(
                Reward.of(0),
                new Regex("^(a+)+$", true, Within.RESPONSE)
                    .of(Sample.of("p", "a".repeat(200_000) + "!"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "B | B",
        "(b) | ",
        "(B) | B",
        "B. Paris | B",
        "B) Paris because it is | B",
        "**C** | C",
        "The answer is (D). | D",
        "the correct answer is **B**. | B",
        "Answer: C | C",
        "Final answer: $\\boxed{D}$ | D",
        "\\boxed{\\text{(B)}} | B",
        "A is wrong, B is wrong. The correct option is C. | C",
        "First the answer is A. No: the answer is B | B",
        "<think>the answer is A</think>The answer is B | B",
        "<answer>C</answer> | C",
        "I would choose D because it is | D",
        "The answer is A or B. | ",
        "The answer is (A) and (B) | ",
        "A dog is an animal. | ",
        "The answer is a dog | ",
        "I think so. | ",
        "Better not | ",
        "Both (A) and (C) hold | ",
        "Only (C) holds here | C",
        "Reasoning first.\\nC | C",
        "The answer is F | ",
        "The answer isn't clear | ",
        "The answer is A because cats do | A",
        "'' | ",
      })
  void theChosenLetterIsFound(String response, String letter) {
    MultipleChoice choice = new MultipleChoice(4);
    String text = Within.AFTER_THINKING.of(response.replace("\\n", "\n"));
    assertEquals(Optional.ofNullable(letter).map(l -> l.charAt(0)), choice.chosen(text), response);
  }

  @Test
  void aChoiceIsRightWrongOrUnanswered() {
    MultipleChoice choice = new MultipleChoice(4);
    Scored none = assertInstanceOf(Scored.class, choice.of(Sample.of("p", "no idea", "B")));
    assertEquals(0, none.value());
    assertEquals(Reward.of(0), none.parts().get("answered"));
    assertEquals(1, ((Scored) choice.of(Sample.of("p", "(B)", "b"))).value());
    assertEquals(0, ((Scored) choice.of(Sample.of("p", "(B)", "C. x"))).value());
    assertInstanceOf(Unscored.class, choice.of(Sample.of("p", "(B)", "Paris")));
    assertInstanceOf(Unscored.class, choice.of(Sample.of("p", "(B)", "1")));
    MultipleChoice zero = new MultipleChoice(4, OptionalInt.of(0), Optional.empty());
    assertEquals(1, ((Scored) zero.of(Sample.of("p", "(B)", "1"))).value());
    assertInstanceOf(Unscored.class, zero.of(Sample.of("p", "(B)", "4")));
  }

  @Test
  void aMegabyteTakesSeconds() {
    List<String> texts =
        List.of(
            "the answer is ".repeat(75_000),
            "answer: *".repeat(110_000),
            "(A".repeat(500_000),
            "<answer>".repeat(125_000),
            "\\boxed{".repeat(140_000));
    assertTimeoutPreemptively(
        Duration.ofSeconds(12),
        () -> {
          for (Signal signal :
              List.of(new MultipleChoice(4), new Match(), new Regex("answer.{0,40}x$"))) {
            texts.forEach(text -> signal.of(Sample.of("p", text, "B")));
          }
        });
  }

  @Test
  void theSpecNamesThem() {
    RewardSpec spec =
        RewardSpec.parse(
            """
            signals:
              em: { match: {} }
              f1: { f1: { within: answer } }
              cosine: { length-cosine: { correct: { match: { within: answer } }, max-length: 10 } }
            combine: { weighted: { em: 1, f1: 1, cosine: 1 } }
            """,
            "reward.yaml",
            Path.of("."));
    assertEquals(spec, RewardSpec.parse(spec.toYaml(Path.of(".")), "again", Path.of(".")));
    try (Scorer scorer = new Scorer(spec)) {
      Reward reward = scorer.score(Sample.of("p", "<answer>x</answer>", "x"));
      // 8 tokens of 10: 1 + (1 + cos 0.8π)/2, exact match of the whole response is 0, F1 of the
      // answer 1
      double cosine = 1 + (1 + Math.cos(0.8 * Math.PI)) / 2;
      assertEquals(1 + cosine, assertInstanceOf(Scored.class, reward).value(), 1e-12);
    }
  }
}
