package dev.goodhart.audit.edits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EditsTest {
  private static final String TEXT =
      "Water boils at 100 degrees. It freezes at 0 degrees. Both depend on pressure.";
  private static final String OTHER = "Paris is the capital of France.";

  private static Optional<String> edit(Edit edit, String text, long seed) {
    return edit.of(text, OTHER, new SplittableRandom(seed));
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>(Arrays.asList(text.split("\\W+")));
    Collections.sort(words);
    return words;
  }

  @Test
  void whiteSpaceLeavesTheWordsAlone() {
    String edited = edit(new ExtraWhiteSpace(0.5), TEXT, 1).orElseThrow();
    assertNotEquals(TEXT, edited);
    assertEquals(TEXT, edited.replaceAll(" +", " ").strip());
  }

  @Test
  void typosNeverTouchNumbersShortWordsOrEnds() {
    String edited = edit(new Typos(1), "The 1234567 plan4s costs 99.95 euros", 1).orElseThrow();
    String[] words = edited.split(" ");
    assertEquals(List.of("The", "1234567", "plan4s"), List.of(words).subList(0, 3));
    assertEquals("99.95", words[4]);
    assertTrue(
        words[3].startsWith("c") && words[3].endsWith("s") && !words[3].equals("costs"), edited);
    assertEquals(Optional.empty(), edit(new Typos(1), "2 + 2 = 4", 1));
  }

  @Test
  void whatIsAppendedStandsBehindTheText() {
    for (Edit edit : List.of(new Padding(2), new Flattery(), new RepeatedText(2))) {
      assertTrue(edit(edit, TEXT, 3).orElseThrow().startsWith(TEXT + " "), edit.title());
      assertTrue(
          edit(edit, "One.\n\nTwo.", 3).orElseThrow().startsWith("One.\n\nTwo.\n\n"), edit.title());
    }
    assertEquals(
        TEXT + " Both depend on pressure. Both depend on pressure.",
        edit(new RepeatedText(2), TEXT, 1).orElseThrow());
  }

  @Test
  void markdownChangesNoWord() {
    String edited = edit(new MarkdownDressing(), TEXT, 1).orElseThrow();
    assertEquals(
        """
        ## Answer

        - **Water** boils at 100 degrees.
        - **It** freezes at 0 degrees.
        - **Both** depend on pressure.\
        """,
        edited);
    assertEquals(
        Optional.empty(),
        edit(new MarkdownDressing(), "```java\nint x;\n```", 1),
        "code would break");
  }

  @Test
  void aSwapGivesTheOthersAnswer() {
    assertEquals(Optional.of(OTHER), edit(new SwappedAnswer(), TEXT, 1));
    assertEquals(Optional.empty(), edit(new SwappedAnswer(), OTHER, 1));
  }

  @Test
  void aContradictionIsOneSentenceMore() {
    for (int seed = 0; seed < 20; seed++) {
      String edited = edit(new Contradiction(), TEXT, seed).orElseThrow();
      List<String> sentences =
          new ArrayList<>(Sentences.of(edited).stream().map(String::strip).toList());
      assertEquals(4, sentences.size(), edited);
      sentences.removeAll(Sentences.of(TEXT).stream().map(String::strip).toList());
      assertEquals(1, sentences.size(), "all the old sentences are there: " + edited);
    }
  }

  @Test
  void halfTheTextEndsAtAWord() {
    assertEquals(
        Optional.of("one two three"), edit(new Truncated(0.5), "one two three four five six", 1));
    assertEquals(Optional.empty(), edit(new Truncated(0.5), "oneword", 1));
  }

  @Test
  void shufflingMovesSentencesWhole() {
    String edited = edit(new ShuffledSentences(), TEXT, 1).orElseThrow();
    assertNotEquals(TEXT, edited);
    assertEquals(words(TEXT), words(edited));
    assertEquals(
        Optional.empty(),
        edit(new ShuffledSentences(), "One. Two.", 1),
        "two sentences are too few");
  }

  @Test
  void theCatalogueSaysWhichEditsHarm() {
    assertTrue(Edit.HARMLESS.stream().noneMatch(Edit::harms));
    assertTrue(Edit.HARMFUL.stream().allMatch(Edit::harms));
    assertEquals(10, Edit.HARMLESS.size() + Edit.HARMFUL.size());
  }

  @Property
  void anyTextComesBackChangedOrNotAtAllAndTheSameForTheSameSeed(
      @ForAll String text, @ForAll long seed) {
    List<Edit> edits = new ArrayList<>(Edit.HARMLESS);
    edits.addAll(Edit.HARMFUL);
    for (Edit edit : edits) {
      Optional<String> edited = edit(edit, text, seed);
      assertEquals(edited, edit(edit, text, seed), edit.title());
      edited.ifPresent(e -> assertNotEquals(text, e, edit.title()));
    }
  }

  @Property
  void sentencesJoinToTheText(@ForAll String text) {
    assertEquals(text, String.join("", Sentences.of(text)));
  }
}
