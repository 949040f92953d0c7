package dev.goodhart.verify.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Column;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Signal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tags, words, lengths and repetition. */
class ShapesTest {
  private static Scored scored(Signal signal, String response) {
    return assertInstanceOf(Scored.class, signal.of(Sample.of("p", response)));
  }

  private static double value(Signal signal, String response) {
    return scored(signal, response).value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // response | present | once | ordered | bare | filled | fraction of tags
        "<think>t</think><answer>a</answer> | 1 | 1 | 1 | 1 | 1 | 1",
        "<think>t</think>  <answer>a</answer>  | 1 | 1 | 1 | 1 | 1 | 1",
        "<think>t</think><answer>a</answer> bye | 1 | 1 | 1 | 0 | 1 | 1",
        "hi <think>t</think><answer>a</answer> | 1 | 1 | 1 | 0 | 1 | 1",
        "<answer>a</answer><think>t</think> | 1 | 1 | 0 | 0 | 1 | 1",
        "<think><answer>a</answer></think> | 1 | 1 | 0 | 0 | 1 | 1",
        "<think></think><answer>a</answer> | 1 | 1 | 1 | 1 | 0 | 1",
        "<think>t</think><answer>a</answer><answer>b</answer> | 1 | 0 | 1 | 0 | 1 | 0.5",
        "<think>t</think><answer>a | 0 | 0 | 0 | 0 | 0 | 0.75",
        "</think><think><answer>a</answer> | 0 | 1 | 0 | 0 | 0 | 1",
        "<Think>t</Think> | 0 | 0 | 0 | 0 | 0 | 0",
      })
  void tagsAreCheckedOneByOne(
      String text, int present, int once, int ordered, int bare, int filled, double fraction) {
    Scored strict = scored(new Tags(), text);
    assertEquals(
        Map.of(
            "present", Reward.of(present),
            "once", Reward.of(once),
            "ordered", Reward.of(ordered),
            "bare", Reward.of(bare),
            "filled", Reward.of(filled)),
        strict.parts());
    assertEquals(present * once * ordered * bare * filled, strict.value());
    Tags soft =
        new Tags(List.of("think", "answer"), Tags.Score.FRACTION, true, true, true, true, "");
    assertEquals(fraction, value(soft, text));
  }

  @Test
  void aTagThatTheTemplateHasOpenedCounts() {
    Tags opened =
        new Tags(List.of("think", "answer"), Tags.Score.ALL, true, true, true, true, "<think>");
    assertEquals(1, value(opened, "t</think><answer>a</answer>"));
    assertEquals(0, value(new Tags(), "t</think><answer>a</answer>"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Tags(List.of("a", "a"), Tags.Score.ALL, true, true, true, true, ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Tags(List.of("<a>"), Tags.Score.ALL, true, true, true, true, ""));
  }

  @Test
  void keywordsCountAsWholeWordsInAnyCase() {
    Keywords keywords = new Keywords(List.of("tea", "green tea", "C++", "straße"));
    assertEquals(0.25, value(keywords, "Tea for two"));
    assertEquals(0.5, value(keywords, "GREEN TEA"));
    assertEquals(0, value(keywords, "steam teas"));
    assertEquals(0.25, value(keywords, "I write C++."));
    assertEquals(0.25, value(keywords, "Die Straße!"));
    Keywords within =
        new Keywords(
            List.of("茶"), Optional.empty(), Keywords.Score.ALL, true, false, Within.RESPONSE);
    assertEquals(1, value(within, "绿茶好"));
  }

  @Test
  void keywordsComeFromAColumnToo() {
    Keywords both =
        new Keywords(
            List.of("a"),
            Optional.of("must"),
            Keywords.Score.FRACTION,
            false,
            true,
            Within.RESPONSE);
    Sample sample = new Sample("", Prompt.NONE, "a b", null, Map.of("must", List.of("b", "c")));
    assertEquals(2.0 / 3, ((Scored) both.of(sample)).value(), 1e-12);
    assertInstanceOf(Unscored.class, both.of(Sample.of("p", "a b")));
    assertThrows(IllegalArgumentException.class, () -> new Keywords(List.of(" ")));
  }

  @Test
  void oneForbiddenWordIsEnough() {
    Forbidden forbidden = new Forbidden(List.of("as an ai", "sorry"));
    assertEquals(1, value(forbidden, "Happy to."));
    Scored bad = scored(forbidden, "Sorry, as an AI I cannot");
    assertEquals(0, bad.value());
    assertEquals(Reward.of(2), bad.parts().get("found"));
    assertEquals(1, value(forbidden, "he is as an airplane"));
  }

  @Property(tries = 300)
  void theWordListFindsWhatLookingForEachWordFinds(
      @ForAll("words") List<String> words, @ForAll("text") String text) {
    Set<String> expected = words.stream().filter(w -> text.contains(w)).collect(Collectors.toSet());
    assertEquals(expected, new WordList(words, true, false).in(text));
    Set<String> whole =
        words.stream()
            .filter(w -> (" " + text + " ").contains(" " + w + " "))
            .collect(Collectors.toCollection(HashSet::new));
    assertEquals(whole, new WordList(words, true, true).in(text));
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.strings().withChars("ab").ofMinLength(1).ofMaxLength(4).list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<String> text() {
    return Arbitraries.strings().withChars("ab ").ofMaxLength(40);
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "5, 0.5", "15, 0.5", "0, 0", "20, 0", "40, 0"})
  void aTargetIsMissedByDegrees(int length, double expected) {
    LengthTarget target =
        new LengthTarget(10, OptionalDouble.empty(), Length.Unit.CHARACTERS, Within.RESPONSE);
    assertEquals(expected, value(target, "x".repeat(length)), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"9, 0.75", "10, 1", "20, 1", "21, 0.75", "23, 0.25", "24, 0", "6, 0", "100, 0"})
  void aBandHasSlopes(int length, double expected) {
    LengthBand band = new LengthBand(10, 20, 4, Length.Unit.WORDS, Within.RESPONSE);
    assertEquals(expected, value(band, "x ".repeat(length)), 1e-12);
    LengthBand sharp = new LengthBand(10, 20, 0, Length.Unit.WORDS, Within.RESPONSE);
    assertEquals(expected == 1 ? 1 : 0, value(sharp, "x ".repeat(length)), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({
    // The ends and the middle of a half cosine need no table.
    "1, 0, 2",
    "1, 50, 1.5",
    "1, 99.99, 1",
    "0, 0, -10",
    "0, 50, -5",
    "0, 99.99, 0",
    "1, 100, -10",
    "0, 100, -10",
    "1, 5000, -10"
  })
  void theCosineRunsFromShortToLong(double correct, double percent, double expected) {
    LengthCosine cosine =
        new LengthCosine(new Column("right"), 10_000, Length.Unit.CHARACTERS, 2, 1, -10, 0, -10);
    Sample sample =
        new Sample(
            "", Prompt.NONE, "x".repeat((int) (100 * percent)), null, Map.of("right", correct));
    assertEquals(expected, ((Scored) cosine.of(sample)).value(), 1e-5);
    assertInstanceOf(Unscored.class, cosine.of(Sample.of("p", "r")));
  }

  @Test
  void tokensAreWordsAndMarks() {
    Length tokens = new Length(Length.Unit.TOKENS);
    assertEquals(6, value(tokens, "Don't stop, Jörg"));
    assertEquals(0, value(tokens, " \n"));
    assertEquals(5, value(tokens, "f(x2) 😀"));
  }

  @Test
  void repetitionIsTheShareOfNgramsSeenBefore() {
    // a b c | b c a | c a b | a b c: three distinct of four
    assertEquals(-0.25, value(new Repetition(3), "a b c a B c"), 1e-12);
    assertEquals(0, value(new Repetition(3), "a b"));
    assertEquals(-0.75, value(new Repetition(1), "x x x x"), 1e-12);
    Repetition characters = new Repetition(2, 1, Repetition.Unit.CHARACTERS, Within.RESPONSE);
    // ab bc ca ab bc
    assertEquals(0.4, value(characters, "abcabc"), 1e-12);
  }

  @Property(tries = 200)
  void repetitionOfAnyLengthIsThatOfASetOfTexts(
      @ForAll("text") String text, @ForAll("smalls") Small n) {
    Set<String> distinct = new HashSet<>();
    int total = 0;
    for (int i = 0; i + n.value() <= text.length(); i++) {
      distinct.add(text.substring(i, i + n.value()));
      total++;
    }
    double expected = total == 0 ? 0 : 1 - (double) distinct.size() / total;
    Repetition repetition =
        new Repetition(n.value(), 1, Repetition.Unit.CHARACTERS, Within.RESPONSE);
    assertEquals(expected, value(repetition, text), 1e-12);
  }

  record Small(int value) {}

  @Provide
  Arbitrary<Small> smalls() {
    return Arbitraries.integers().between(1, 9).map(Small::new);
  }

  @Test
  void aMegabyteTakesSeconds() {
    String hostile = "<think>".repeat(70_000) + "</answer>".repeat(60_000);
    String same = "a".repeat(1_000_000);
    List<Signal> signals =
        List.of(
            new Tags(),
            new Keywords(List.of("a".repeat(1000), "aaaa", "b")),
            new Forbidden(List.of("a".repeat(999) + "b")),
            new Repetition(100),
            new Repetition(100, -1, Repetition.Unit.CHARACTERS, Within.RESPONSE),
            new Length(Length.Unit.TOKENS));
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            signals.forEach(
                signal -> {
                  assertTrue(Double.isFinite(value(signal, hostile)));
                  assertTrue(Double.isFinite(value(signal, same)));
                }));
    assertInstanceOf(Unscored.class, new Tags().of(Sample.of("p", "a".repeat(5_000_000))));
  }
}
