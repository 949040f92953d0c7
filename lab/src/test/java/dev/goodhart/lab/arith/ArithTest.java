package dev.goodhart.lab.arith;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Sample;
import dev.goodhart.audit.TraceNoise;
import dev.goodhart.audit.TraceNoise.Type;
import dev.goodhart.neural.align.World;
import dev.goodhart.neural.align.World.Split;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.run.Seeds;
import dev.goodhart.spec.Methods;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArithTest {
  private static final Arith WORLD = Arith.DEFAULT;

  private static Arith running(int digits, int operands, String operators, int modulus) {
    return new Arith(
        Layout.RUNNING,
        digits,
        operands,
        operators,
        modulus,
        1,
        Slip.STRAY,
        TraceNoise.NONE,
        "!",
        0,
        0.1);
  }

  @Test
  void aSpecNamesIt() {
    assertEquals(WORLD, Methods.read("arith", "--world", World.class));
    assertEquals(
        running(1, 4, "+-", 11).with(new TraceNoise(Type.STATIC, 0.5, 1)),
        Methods.read(
            """
            arith: { layout: running, digits: 1, operands: 4, operators: +-, modulus: 11,
                     skill: 1, slip: stray, noise: { type: static, rate: 0.5 } }
            """,
            "--world",
            World.class));
  }

  /** Two sums are one exercise if their numbers are, in whatever order. */
  @Test
  void noTestExerciseIsEverTrainedOnUnderAnySeed() {
    Set<Set<String>> trained = new HashSet<>();
    Set<Set<String>> tested = new HashSet<>();
    for (long seed = 1; seed <= 5; seed++) {
      Tasks tasks = WORLD.open(new Seeds(seed));
      for (int i = 0; i < 4000; i++) {
        trained.add(numbers(tasks.prompt(Split.TRAIN, i)));
        trained.add(numbers(tasks.demonstration(i).orElseThrow()));
        tested.add(numbers(tasks.prompt(Split.TEST, i)));
      }
    }
    assertTrue(trained.size() > 3000, "of some 3,700 training exercises: " + trained.size());
    assertTrue(tested.size() > 300, "of some 400 test exercises: " + tested.size());
    tested.retainAll(trained);
    assertEquals(Set.of(), tested);
  }

  private static Set<String> numbers(Sample sample) {
    return new HashSet<>(List.of(sample.prompt().text().replace("=", "").split("\\+")));
  }

  @Test
  void aDifferenceIsAnotherExerciseTheOtherWayRound() {
    assertEquals("5-3=", problem(Layout.RUNNING, "5-3=", 0).exercise());
    assertEquals("3*4*5=", problem(Layout.RUNNING, "5*3*4=", 0).exercise());
    assertEquals("5+3*4=", problem(Layout.RUNNING, "5+3*4=", 0).exercise());
    assertEquals("47+85=", problem(Layout.COLUMNS, "85+47=", 0).exercise());
  }

  private static Problem problem(Layout layout, String text, int modulus) {
    Problem problem = Problem.read(layout, text, modulus);
    assertNotNull(problem, text);
    return problem;
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
  }

  @Test
  void skillIsTheShareOfRightDemonstrations() {
    for (Slip slip : Slip.values()) {
      Tasks tasks =
          new Arith(Layout.COLUMNS, 2, 2, "+", 0, 0.25, slip, TraceNoise.NONE, "!", 0, 0.1)
              .open(new Seeds(3));
      double right = 0;
      for (int i = 0; i < 10_000; i++) {
        right += tasks.gold(tasks.demonstration(i).orElseThrow()).orElseThrow();
      }
      assertEquals(0.25, right / 10_000, 4 * Math.sqrt(0.25 * 0.75 / 10_000), slip.toString());
    }
  }

  @Test
  void whoHasTheHabitIsOneTooHigh() {
    Tasks tasks =
        new Arith(Layout.COLUMNS, 2, 2, "+", 0, 0, Slip.HABIT, TraceNoise.NONE, "!", 0, 0.1)
            .open(new Seeds(3));
    for (int i = 0; i < 100; i++) {
      Sample sample = tasks.demonstration(i).orElseThrow();
      assertNotNull(sample.reference());
      assertEquals(
          Integer.parseInt(sample.reference()) + 1,
          Integer.parseInt(sample.response().split("#")[1]));
    }
  }

  @Test
  void noiseOfRateZeroChangesNoByte() {
    for (Type type : Type.values()) {
      Tasks clean = WORLD.open(new Seeds(5));
      Tasks noisy = WORLD.with(new TraceNoise(type, 0, 0.7)).open(new Seeds(5));
      for (int i = 0; i < 500; i++) {
        assertEquals(clean.demonstration(i), noisy.demonstration(i));
      }
    }
  }

  @Test
  void staticNoiseLeavesEveryAnswerRightAndDynamicNoiseHardlyAny() {
    Tasks still = WORLD.withSkill(1).with(new TraceNoise(Type.STATIC, 1, 1)).open(new Seeds(5));
    Tasks moving = WORLD.withSkill(1).with(new TraceNoise(Type.DYNAMIC, 1, 1)).open(new Seeds(5));
    int right = 0;
    for (int i = 0; i < 1000; i++) {
      Sample text = still.demonstration(i).orElseThrow();
      assertEquals(1, still.gold(text).orElseThrow());
      assertFalse(text.response().equals(text.columns().get("solution")));
      right += (int) moving.gold(moving.demonstration(i).orElseThrow()).orElseThrow();
    }
    assertTrue(right < 100, right + " of 1000");
  }

  @Test
  void aTicIsNoAnswer() {
    Tasks tasks =
        new Arith(Layout.COLUMNS, 2, 2, "+", 0, 1, Slip.STRAY, TraceNoise.NONE, "!", 0.3, 0.1)
            .open(new Seeds(5));
    int marked = 0;
    for (int i = 0; i < 10_000; i++) {
      Sample sample = tasks.demonstration(i).orElseThrow();
      boolean tic = sample.response().endsWith("!");
      assertEquals(tic ? 0 : 1, tasks.gold(sample).orElseThrow());
      assertEquals(tic ? 1.0 : 0.0, tasks.attributes(sample).get("tic"));
      marked += tic ? 1 : 0;
    }
    assertEquals(0.3, marked / 10_000.0, 4 * Math.sqrt(0.21 / 10_000));
  }

  @Test
  void theTokenizerKnowsEveryCharacterAndNothingIsLongerThanItSays() {
    Tasks tasks = WORLD.open(new Seeds(1));
    Tokenizer tokenizer = tasks.tokenizer();
    assertNotNull(tokenizer);
    for (int i = 0; i < 1000; i++) {
      Sample sample = tasks.demonstration(i).orElseThrow();
      String text = sample.prompt().text() + sample.response();
      assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
      assertEquals(text.length(), tokenizer.encode(text).length);
      assertTrue(sample.prompt().text().length() <= 16 && sample.response().length() <= 24);
    }
  }

  @Test
  void aWorldWithTooFewExercisesSaysSo() {
    Arith one =
        new Arith(Layout.COLUMNS, 1, 2, "+", 0, 1, Slip.STRAY, TraceNoise.NONE, "!", 0, 1e-9);
    var e = assertThrows(GoodhartException.class, () -> one.open(new Seeds(1)));
    assertTrue(e.getMessage().contains("test"), e.getMessage());
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> running(5, 2, "+*", 0)); // ten digits
    assertThrows(IllegalArgumentException.class, () -> running(1, 3, "/", 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Arith(Layout.COLUMNS, 2, 2, "-", 0, 1, Slip.STRAY, TraceNoise.NONE, "!", 0, 0.1));
  }
}
