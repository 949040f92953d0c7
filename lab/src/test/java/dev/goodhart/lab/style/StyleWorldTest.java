package dev.goodhart.lab.style;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Preference;
import dev.goodhart.lab.style.StyleWorld.Draws;
import dev.goodhart.lab.style.StyleWorld.Question;
import dev.goodhart.lab.style.StyleWorld.Response;
import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StyleWorldTest {
  private static final StyleWorld WORLD = StyleWorld.DEFAULT;
  private static final Draws DRAWS = WORLD.open();

  @Test
  void theSameSeedWritesTheSameText() {
    assertEquals(DRAWS.pairs(50, new Seeds(1)), WORLD.open().pairs(50, new Seeds(1)));
    assertNotEquals(DRAWS.pairs(50, new Seeds(1)), DRAWS.pairs(50, new Seeds(2)));
  }

  @Test
  void moreOfARunBeginsAsLessOfIt() {
    assertEquals(DRAWS.pairs(20, new Seeds(3)), DRAWS.pairs(60, new Seeds(3)).subList(0, 20));
    Question question = DRAWS.question(new Seeds(3), 0);
    assertEquals(
        DRAWS.responses(question, 20, new Seeds(3), 0),
        DRAWS.responses(question, 60, new Seeds(3), 0).subList(0, 20));
  }

  @Test
  void whatIsTrueDoesNotDependOnTheRun() {
    Set<String> some = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      some.add(topic(DRAWS.question(new Seeds(1), i)));
      others.add(topic(DRAWS.question(new Seeds(2), i)));
    }
    assertEquals(some, others);
    assertEquals(WORLD.topics(), some.size());
  }

  private static String topic(Question question) {
    var name = Pattern.compile("[a-z] ([A-Z]\\w+)[.?]").matcher(question.text());
    assertTrue(name.find(), question.text());
    return name.group(1);
  }

  @Test
  void wordsAreCountedAsAReaderWould() {
    for (Response response : responses(300)) {
      long words = Arrays.stream(response.text().split("\\s+")).filter(w -> !w.equals("-")).count();
      assertEquals(words, response.attributes().words(), response.text());
    }
  }

  @Test
  void theTextHoldsWhatItsAttributesSay() {
    Question question = DRAWS.question(new Seeds(4), 1);
    var random = new SplittableRandom(1);
    Attributes a = new Attributes(question.asked(), question.asked(), 0, 1, 2, 3, 1, 2, true, 0);
    Response response = DRAWS.written(question, a, random);
    assertEquals(a.withWords(response.attributes().words()), response.attributes());
    List<String> items = response.text().lines().filter(line -> line.startsWith("- ")).toList();
    assertEquals(question.asked() + 1 + 2 + 2, items.size(), response.text());
    Pattern praise = Pattern.compile("\\b(" + String.join("|", Words.PRAISE) + ")\\b");
    assertEquals(3, praise.matcher(response.text()).results().count(), response.text());
    assertEquals(WORLD.gold().of(response.attributes()), response.gold());
  }

  /** With nothing but the asked facts, right ones repeat the almanac and evasions say nothing. */
  @Test
  void rightAnswersAgreeWithOneAnotherAndWrongOnesDoNot() {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 50; i++) {
      Question question = DRAWS.question(new Seeds(5), i);
      int asked = question.asked();
      Set<String> right =
          values(question, new Attributes(asked, asked, 0, 0, 0, 0, 0, 0, false, 0), random);
      assertEquals(
          right,
          values(question, new Attributes(asked, asked, 0, 0, 0, 0, 0, 0, false, 0), random));
      Set<String> wrong =
          values(question, new Attributes(asked, 0, asked, 0, 0, 0, 0, 0, false, 0), random);
      assertNotEquals(right, wrong);
      assertEquals(
          Set.of(), values(question, new Attributes(asked, 0, 0, 0, 0, 0, 0, 0, false, 0), random));
    }
  }

  private static Set<String> values(Question question, Attributes a, SplittableRandom random) {
    String text = DRAWS.written(question, a, random).text().toLowerCase(java.util.Locale.ROOT);
    Set<String> found = new HashSet<>();
    for (Kind kind : Kind.ALL) {
      for (Kind.Facet facet : kind.facets()) {
        for (String value : facet.values()) {
          if (text.matches("(?s).*\\b" + value.toLowerCase(java.util.Locale.ROOT) + "\\b.*")) {
            found.add(value);
          }
        }
      }
    }
    return found;
  }

  @Test
  void habitsHaveHeavyTails() {
    List<Response> responses = responses(20_000);
    int[] words = responses.stream().mapToInt(r -> r.attributes().words()).sorted().toArray();
    assertTrue(words[10_000] < 60, "median " + words[10_000]);
    assertTrue(words[19_980] > 3 * words[10_000], "one in a thousand " + words[19_980]);
  }

  @Test
  void rareResponsesComeAsOftenAsConfigured() {
    // Habits that are never there without the factor: floor(0.5 * 2) = 1 asides for the rare ones
    // alone.
    var policy = new BasePolicy(0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0.1, 2);
    Draws draws = WORLD.with(policy).open();
    Question question = draws.question(new Seeds(6), 0);
    long rare =
        draws.responses(question, 10_000, new Seeds(6), 0).stream()
            .filter(r -> r.attributes().asides() == 1)
            .count();
    assertEquals(1000.0, (double) rare, 4 * Math.sqrt(10_000 * 0.1 * 0.9));
  }

  private static List<Response> responses(int count) {
    Question question = DRAWS.question(new Seeds(7), 0);
    return DRAWS.responses(question, count, new Seeds(7), 0);
  }

  @Test
  void columnsOfAPairTellTheTruth() {
    for (Preference pair : DRAWS.pairs(100, new Seeds(8))) {
      assertTrue(pair.columns().get("gold_chosen") instanceof Double);
      assertTrue(pair.columns().get("gold_rejected") instanceof Double);
      int annotator = (int) java.util.Objects.requireNonNull(pair.columns().get("annotator"));
      assertTrue(annotator >= 0 && annotator < WORLD.annotators().count());
    }
  }
}
