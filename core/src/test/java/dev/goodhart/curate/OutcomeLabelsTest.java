package dev.goodhart.curate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.curate.OutcomeLabels.Candidate;
import dev.goodhart.curate.OutcomeLabels.Labelled;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OutcomeLabelsTest {
  private static final Candidate RIGHT = new Candidate("right", 1, true);
  private static final Candidate WRONG = new Candidate("wrong", 1, false);
  private static final Candidate NOTHING = new Candidate("nothing", 0.5, false);
  private static final Candidate BOTH_EMPTY = new Candidate("both empty", 0.5, true);
  private static final Candidate FAILS = new Candidate("fails", 0, false);

  private static String labels(boolean balanced, Candidate... candidates) {
    return new OutcomeLabels(balanced)
        .of(List.of(candidates), new SplittableRandom(1)).stream()
            .map(l -> l.candidate().sql() + (l.right() ? "+" : "-"))
            .collect(Collectors.joining(" "));
  }

  @Test
  void rightWrongAndLeftOut() {
    assertEquals("right+ wrong- nothing-", labels(false, WRONG, NOTHING, BOTH_EMPTY, FAILS, RIGHT));
  }

  @Test
  void aQuestionWithoutBothKindsIsLeftOut() {
    assertEquals("", labels(false, RIGHT, FAILS, BOTH_EMPTY));
    assertEquals("", labels(true, WRONG, NOTHING, BOTH_EMPTY));
    assertEquals("", labels(true));
  }

  @Test
  void theSameTextCountsOnce() {
    assertEquals("right+ wrong-", labels(false, RIGHT, WRONG, RIGHT, WRONG, WRONG));
  }

  @Test
  void balancedKeepsAsManyOfEither() {
    for (int seed = 0; seed < 20; seed++) {
      List<Labelled> kept =
          new OutcomeLabels(true).of(List.of(WRONG, NOTHING, RIGHT), new SplittableRandom(seed));
      assertEquals(2, kept.size());
      assertEquals(1, kept.stream().filter(Labelled::right).count());
    }
  }
}
