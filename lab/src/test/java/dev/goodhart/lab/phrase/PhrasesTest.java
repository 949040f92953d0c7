package dev.goodhart.lab.phrase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Preference;
import dev.goodhart.Sample;
import dev.goodhart.lab.style.Attributes;
import dev.goodhart.lab.style.Taste;
import dev.goodhart.neural.align.World;
import dev.goodhart.neural.align.World.Split;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Seeds;
import dev.goodhart.spec.Methods;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhrasesTest {
  private static final Phrases WORLD = Phrases.DEFAULT;

  @Test
  void aSpecNamesIt() {
    assertEquals(WORLD, Methods.read("style", "--world", World.class));
    assertEquals(
        WORLD.with(new Taste(0, 2, 0, 0)),
        Methods.read("style: { taste: { flattery: 2 } }", "--world", World.class));
  }

  @Test
  void noTestQuestionIsEverTrainedOnUnderAnySeed() {
    Set<Set<String>> trained = new HashSet<>();
    Set<Set<String>> tested = new HashSet<>();
    for (long seed = 1; seed <= 3; seed++) {
      Seeds seeds = new Seeds(seed);
      Tasks tasks = WORLD.open(seeds);
      for (int i = 0; i < 2000; i++) {
        trained.add(words(tasks.prompt(Split.TRAIN, i).prompt().text()));
        trained.add(words(tasks.demonstration(i).orElseThrow().prompt().text()));
        tested.add(words(tasks.prompt(Split.TEST, i).prompt().text()));
      }
      for (Preference pair : WORLD.pairs(1000, seeds)) trained.add(words(pair.prompt().text()));
    }
    // 8 topics, 5 + 10 + 10 sets of facets
    assertEquals(200, trained.size() + tested.size());
    assertTrue(tested.size() >= 15, tested.size() + " test questions");
    tested.retainAll(trained);
    assertEquals(Set.of(), tested);
  }

  private static Set<String> words(String text) {
    return new TreeSet<>(Arrays.asList(text.split(" ")));
  }

  @Test
  void theSameSeedAndIndexGiveTheSameWhateverIsAskedBefore() {
    Tasks first = WORLD.open(new Seeds(7));
    Tasks second = WORLD.open(new Seeds(7));
    for (int i = 99; i >= 0; i--) first.demonstration(i);
    for (int i = 0; i < 100; i++) {
      assertEquals(second.demonstration(i), first.demonstration(i));
      assertEquals(second.prompt(Split.TEST, i), first.prompt(Split.TEST, i));
    }
    assertEquals(WORLD.pairs(50, new Seeds(7)), WORLD.pairs(200, new Seeds(7)).subList(0, 50));
  }

  @Test
  void everyWordIsOneTokenAndReadsBackAlsoFromAFolder(@TempDir Path folder) {
    Tasks tasks = WORLD.open(new Seeds(1));
    Tokenizer tokenizer = tasks.tokenizer();
    assertNotNull(tokenizer);
    tokenizer.save(folder);
    Tokenizer again = Tokenizers.open(folder);
    for (int i = 0; i < 200; i++) {
      Sample sample = tasks.demonstration(i).orElseThrow();
      for (String text : List.of(sample.prompt().text(), sample.response())) {
        int[] ids = tokenizer.encode(text);
        assertEquals(text.split(" ").length, ids.length);
        assertEquals(text, tokenizer.decode(ids));
        assertEquals(text, again.decode(again.encode(text)));
      }
    }
    assertEquals(4 + Lexicon.all().size(), tokenizer.size());
    assertTrue(tokenizer.size() >= 60 && tokenizer.size() <= 120);
    var pieces = new StringBuilder();
    var decoding = tokenizer.decoding(false);
    for (int id : tokenizer.encode("clever colour alder green")) pieces.append(decoding.add(id));
    assertEquals("clever colour alder green", pieces.append(decoding.end()).toString());
  }

  @Test
  void baseResponsesAreShortAndOfMiddlingSkill() {
    Tasks tasks = WORLD.open(new Seeds(2));
    int n = 4000;
    double right = 0;
    int over = 0;
    for (int i = 0; i < n; i++) {
      Sample sample = tasks.demonstration(i).orElseThrow();
      int tokens = sample.response().split(" ").length;
      assertTrue(tokens >= 3 && tokens <= 32, sample.response());
      Attributes a = attributes(sample.prompt().text(), sample.response());
      right += a.right() / (double) a.asked() / n;
      over += a.words() > 12 ? 1 : 0;
    }
    assertEquals(0.5, right, 0.03); // a normal draw of skill 0: half on average
    assertTrue(over > n / 50 && over < n / 2, over + " of " + n);
  }

  private static Attributes attributes(String prompt, String response) {
    return Objects.requireNonNull(Question.read(prompt)).of(response);
  }

  @Test
  void goldIsWhatTheFormulaSaysAndNothingForOtherPrompts() {
    Tasks tasks = WORLD.open(new Seeds(2));
    Sample sample = tasks.demonstration(0).orElseThrow();
    assertEquals(
        Phrases.GOLD.of(attributes(sample.prompt().text(), sample.response())),
        tasks.gold(sample).orElseThrow());
    assertTrue(tasks.gold(Sample.of("hello", "there")).isEmpty());
    assertEquals(
        attributes(sample.prompt().text(), sample.response()).words(),
        tasks.attributes(sample).get("words"));
  }

  /** Each taste makes its own excess win more pairs than without it. */
  @Test
  void aTasteShowsInThePairs() {
    assertShows(new Taste(2, 0, 0, 0), Attributes::words);
    assertShows(new Taste(0, 2, 0, 0), Attributes::flattery);
    assertShows(new Taste(0, 0, 2, 0), a -> a.bullets() ? 1 : 0);
    assertShows(new Taste(0, 0, 0, 2), Attributes::repeats);
  }

  private static void assertShows(Taste taste, ToDoubleFunction<Attributes> what) {
    double with = share(WORLD.with(taste), what);
    double without = share(WORLD.with(Taste.NONE), what);
    assertTrue(with > without + 0.03, taste + ": " + with + " against " + without);
  }

  private static double share(Phrases world, ToDoubleFunction<Attributes> what) {
    int more = 0;
    int differ = 0;
    for (Preference pair : world.pairs(10_000, new Seeds(4))) {
      double gap =
          what.applyAsDouble(attributes(pair.prompt().text(), pair.chosen()))
              - what.applyAsDouble(attributes(pair.prompt().text(), pair.rejected()));
      differ += gap != 0 ? 1 : 0;
      more += gap > 0 ? 1 : 0;
    }
    return more / (double) differ;
  }
}
