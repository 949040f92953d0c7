package dev.goodhart.serve.live;

import static dev.goodhart.serve.live.PlayedRun.parts;
import static dev.goodhart.serve.live.PlayedRun.scoring;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.serve.scoring.Scoring;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuspicionTest {
  private static List<Seen> suspects(List<Scoring> scorings) {
    return Suspicion.of(scorings.stream().map(s -> Kept.of(s, 0L, Instant.EPOCH)).toList());
  }

  /** Twenty samples that nobody need look at: lengths 100 to 119, rewards 1 to 20. */
  private static List<Scoring> plain() {
    List<Scoring> scorings = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      scorings.add(scoring("p" + i, letters(100 + i, i), new Scored(i + 1, 0.1)));
    }
    return scorings;
  }

  /** Text of one word, so that it does not repeat itself. */
  private static String letters(int length, int seed) {
    return String.valueOf((char) ('a' + seed % 26)).repeat(length);
  }

  @Test
  void aPlainWindowHasNone() {
    assertEquals(List.of(), suspects(plain()));
  }

  @Test
  void aHighRewardThatIsUnsureIsOne() {
    List<Scoring> scorings = plain();
    scorings.add(scoring("p", letters(110, 1), new Scored(21, 0.4)));
    scorings.add(scoring("p", letters(111, 2), new Scored(0, 0.4)));

    List<Seen> suspects = suspects(scorings);

    assertEquals(1, suspects.size(), "unsure of a low reward is no matter");
    assertEquals(21, ((Scored) suspects.getFirst().reward()).value());
    assertEquals(2, suspects.getFirst().suspicion(), 1e-9);
    assertEquals(
        List.of("a high reward that is unsure: deviation 0.400 where 0.100 is usual"),
        suspects.getFirst().why());
  }

  @Test
  void aWellPaidResponseOfAnotherLengthIsOne() {
    List<Scoring> scorings = plain();
    scorings.add(scoring("p", letters(400, 1), new Scored(30, 0.1)));
    scorings.add(scoring("q", letters(400, 2), new Scored(0, 0.1)));

    List<Seen> suspects = suspects(scorings);

    // The median of 22 lengths is 110.5; log(401) − log(111.5) = 1.28 = 12.8 times 0.1, the least
    // that is taken for a deviation.
    assertEquals(1, suspects.size());
    assertEquals(12.8 / 4, suspects.getFirst().suspicion(), 0.02);
    assertTrue(
        suspects
            .getFirst()
            .why()
            .getFirst()
            .startsWith("far longer than the others: 400 characters"),
        suspects.toString());
  }

  @Test
  void partsThatDisagreeAreNamed() {
    List<Scoring> scorings = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Reward x = Reward.of(i % 2);
      scorings.add(scoring("p" + i, letters(100, i), parts(1, Map.of("x", x, "y", x))));
    }
    scorings.add(
        scoring("p", letters(100, 3), parts(2, Map.of("x", Reward.of(2), "y", Reward.of(-2)))));

    List<Seen> suspects = suspects(scorings);

    assertEquals(1, suspects.size());
    String why = suspects.getFirst().why().getFirst();
    assertTrue(why.startsWith("its parts disagree: x stands "), why);
    assertTrue(why.contains("deviations from its mean, y -"), why);
  }

  @Test
  void oneTextForManyPromptsIsShownOnce() {
    List<Scoring> scorings = plain();
    String wonder =
        "As a most helpful assistant I am delighted to say yes to whatever was asked he";
    for (int i = 0; i < 4; i++)
      scorings.add(scoring("q" + i, wonder + "re.....................", new Scored(30, 0.1)));

    List<Seen> suspects = suspects(scorings);

    assertEquals(1, suspects.size());
    assertEquals(List.of("the same response to 4 prompts"), suspects.getFirst().why());
    assertEquals(4 / 3.0, suspects.getFirst().suspicion(), 1e-9);
  }

  @Test
  void aLoopIsOne() {
    List<Scoring> scorings = plain();
    scorings.add(scoring("q", "so it is ".repeat(12), new Scored(30, 0.1)));
    assertTrue(suspects(scorings).getFirst().why().getFirst().startsWith("repeats itself: "));
  }

  @Test
  void whatIsUnscoredOrAloneIsNot() {
    assertEquals(List.of(), suspects(List.of(scoring("p", "x", Reward.of(1)))));
    List<Scoring> scorings = plain();
    scorings.add(scoring("p", letters(4000, 1), Reward.unscored("timeout: 5 s")));
    assertEquals(List.of(), suspects(scorings));
  }
}
