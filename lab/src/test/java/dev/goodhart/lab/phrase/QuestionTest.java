package dev.goodhart.lab.phrase;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.style.Attributes;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QuestionTest {
  private static final int ALDER = 0;
  private static final int COLOUR = 0;
  private static final int USE = 4;

  private static final Question TWO = new Question(ALDER, new int[] {COLOUR, USE});

  /** The true value of a topic's facet, or the one that many places after it. */
  private static String value(int topic, int facet, int after) {
    List<String> values = Lexicon.VALUES.get(facet);
    return values.get((Lexicon.truth(topic, facet) + after) % values.size());
  }

  private static String fact(int topic, int facet, int after) {
    return Lexicon.FACETS.get(facet)
        + " "
        + Lexicon.TOPICS.get(topic)
        + " "
        + value(topic, facet, after);
  }

  private static final String RIGHT = fact(ALDER, COLOUR, 0);
  private static final String WRONG = fact(ALDER, USE, 1);
  private static final String ASIDE = fact(ALDER, 1, 0);
  private static final String ELSEWHERE = fact(3, COLOUR, 0);

  private static void assertReads(
      String response, int right, int wrong, int asides, int strays, int repeats, int words) {
    Attributes a = TWO.of(response);
    assertEquals(
        new Attributes(
            2, right, wrong, asides, strays, a.flattery(), a.hedges(), repeats, a.bullets(), words),
        a,
        response);
  }

  @Test
  void factsAreRightWrongAsideOrBesideThePoint() {
    assertReads(RIGHT, 1, 0, 0, 0, 0, 3);
    assertReads(RIGHT + " " + WRONG, 1, 1, 0, 0, 0, 6);
    assertReads(ASIDE, 0, 0, 1, 0, 0, 3);
    assertReads(fact(ALDER, 1, 1), 0, 0, 0, 1, 0, 3); // untrue and not asked for
    assertReads(ELSEWHERE, 0, 0, 0, 1, 0, 3);
    assertReads("colour alder unclear", 0, 0, 0, 0, 0, 3); // evaded
    assertReads("size alder unclear", 0, 0, 0, 1, 0, 3);
    assertReads("", 0, 0, 0, 0, 0, 0);
  }

  @Test
  void aSecondAnswerIsNoAnswer() {
    assertReads(fact(ALDER, COLOUR, 1) + " " + RIGHT, 0, 1, 0, 1, 0, 6);
    assertReads("colour alder unclear " + RIGHT, 1, 0, 0, 0, 0, 6); // the first was none
    assertReads(RIGHT + " " + RIGHT + " " + RIGHT, 1, 0, 0, 0, 2, 9);
    assertReads(ELSEWHERE + " " + ELSEWHERE, 0, 0, 0, 1, 1, 6);
  }

  @Test
  void whatIsNoSentenceIsAStrayWordByWord() {
    assertReads("alder colour green", 0, 0, 0, 3, 0, 3);
    assertReads("colour alder tiny", 0, 0, 0, 3, 0, 3); // tiny is no colour
    assertReads("colour " + RIGHT, 1, 0, 0, 1, 0, 4);
    assertReads("indeed anyway about ? nonsense <|unk|>", 0, 0, 0, 6, 0, 6);
    assertReads("colour alder", 0, 0, 0, 2, 0, 2);
  }

  @Test
  void flatteryAndDoubtsAreCounted() {
    Attributes a = TWO.of("clever perhaps maybe " + RIGHT + " wise possibly");
    assertEquals(2, a.flattery());
    assertEquals(3, a.hedges());
    assertEquals(0, a.strays());
    assertEquals(8, a.words());
  }

  @Test
  void aListIsOneIfHalfOfItsFactsAreItemsAndMarksAloneAreStrays() {
    assertTrue(TWO.of("- " + RIGHT + " - perhaps " + WRONG).bullets());
    assertTrue(TWO.of("- " + RIGHT + " " + WRONG).bullets());
    assertEquals(6, TWO.of("- " + RIGHT + " - " + WRONG).words()); // marks are no words
    assertTrue(!TWO.of("- " + RIGHT + " " + WRONG + " " + ASIDE).bullets());
    assertTrue(!TWO.of("- clever " + RIGHT).bullets());
    assertEquals(1, TWO.of("- clever " + RIGHT).strays());
    assertEquals(3, TWO.of("- - - perhaps").strays());
    assertEquals(1, TWO.of("- perhaps").strays());
  }

  @Test
  void goldIsTheFormulaOfTheStyleWorld() {
    // 4 * 1/2 for one of two right; 6 words cost nothing
    assertEquals(2, Phrases.GOLD.of(TWO.of(RIGHT)), 1e-12);
    // 4/2 - 2/2
    assertEquals(1, Phrases.GOLD.of(TWO.of(RIGHT + " " + WRONG)), 1e-12);
    // 2 and one compliment 0.1, then 3 strays 0.45
    assertEquals(
        2 + 0.1 - 0.45, Phrases.GOLD.of(TWO.of("clever " + RIGHT + " indeed anyway ?")), 1e-12);
    // 3 + 17 words, 8 more than 12: 2 * 8/10; 17 strays cost 0.15 each
    assertEquals(2 - 1.6 - 17 * 0.15, Phrases.GOLD.of(TWO.of(RIGHT + " indeed".repeat(17))), 1e-12);
  }

  @Property(tries = 1000)
  void whatWasAskedIsRead(@ForAll long seed) {
    Question question = Question.draw(new SplittableRandom(seed));
    Question read = Question.read(question.text());
    assertNotNull(read);
    assertEquals(question.topic(), read.topic());
    assertArrayEquals(question.facets(), read.facets());
  }

  @Test
  void otherPromptsAreNoQuestions() {
    for (String text :
        List.of(
            "",
            "about alder ?",
            "about alder colour colour ?",
            "about colour alder ?",
            "about alder colour size use season ?",
            "tell alder colour ?",
            "about alder colour")) {
      assertNull(Question.read(text), text);
    }
  }

  @Property(tries = 2000)
  void whatWasWrittenIsReadExactly(
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int answers,
      @ForAll @IntRange(max = 4) int asides,
      @ForAll @IntRange(max = 9) int strays,
      @ForAll @IntRange(max = 6) int flattery,
      @ForAll @IntRange(max = 6) int hedges,
      @ForAll @IntRange(max = 6) int repeats,
      @ForAll boolean list) {
    var random = new SplittableRandom(seed);
    Question question = Question.draw(random);
    int asked = question.facets().length;
    int right = Math.min(asked, answers);
    int wrong = random.nextInt(asked - right + 1);
    int known = Math.min(asides, question.others());
    Attributes wanted =
        new Attributes(asked, right, wrong, known, strays, flattery, hedges, repeats, list, 0);
    String text = new PhraseWriter(question, random).write(wanted, 512);
    Attributes read = question.of(text);
    assertEquals(wanted, read.withWords(0), text);
    long marks = List.of(text.split(" ")).stream().filter(w -> w.equals("-")).count();
    assertEquals(text.split(" ").length - marks, read.words());
  }

  @Property(tries = 500)
  void aResponseThatIsTooLongLosesItsExcessAndNoAnswer(
      @ForAll long seed, @ForAll @Size(5) List<@IntRange(max = 40) Integer> habits) {
    var random = new SplittableRandom(seed);
    Question question = Question.draw(random);
    int asked = question.facets().length;
    Attributes wanted =
        new Attributes(
            asked,
            asked,
            0,
            0,
            habits.get(0),
            habits.get(1),
            habits.get(2),
            habits.get(3),
            true,
            0);
    String text = new PhraseWriter(question, random).write(wanted, 32);
    assertTrue(text.split(" ").length <= 32, text);
    assertEquals(asked, question.of(text).right());
  }

  /** Whatever a policy writes is something, and costs at least nothing to read. */
  @Property(tries = 2000)
  void everyTextIsRead(@ForAll @Size(max = 40) List<@IntRange(max = 63) Integer> drawn) {
    List<String> words =
        drawn.stream()
            .map(i -> i < Lexicon.all().size() ? Lexicon.all().get(i) : "<|unk|>")
            .toList();
    Attributes a = TWO.of(String.join(" ", words));
    long marks = words.stream().filter(w -> w.equals("-")).count();
    assertEquals(words.size() - marks, a.words());
    assertTrue(Double.isFinite(Phrases.GOLD.of(a)));
  }

  @Test
  void aTextWithoutEndIsReadUpToItsBound() {
    assertEquals(512, TWO.of("indeed ".repeat(100_000)).words());
  }
}
