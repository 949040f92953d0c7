package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OneOfManyTest {
  @Test
  void aTieAtTheTopIsNotStrictlyFirst() {
    // Ranks of the right one: 1, then 2 (tie at the top, counted against it), then 3.
    Scores scores = Scores.of("r", 3, 1, 2, 3, 3, 1, 1, 2, 3);
    OneOfMany result = OneOfMany.of(Sets.oneOfMany(3, 3), scores, Sets.bootstrap());
    assertEquals(1 / 3.0, result.strict().estimate(), 1e-12);
    assertEquals((1 + 0.5 + 0) / 3, result.shared().estimate(), 1e-12);
    assertEquals((1 + 1 / 2.0 + 1 / 3.0) / 3, result.reciprocalRank().estimate(), 1e-12);
    assertEquals(1 / 3.0, result.chance(), 1e-12);
  }

  @Test
  void aRowWithAnUnscoredResponseIsLeftOut() {
    Scores scores = Scores.of("r", 3, 1, 2, 9, Sets.NONE, 1);
    OneOfMany result = OneOfMany.of(Sets.oneOfMany(2, 3), scores, Sets.bootstrap());
    assertEquals(1, result.rows());
    assertEquals(1, result.unscored());
    assertEquals(1, result.strict().estimate());
  }

  @Test
  void aConstantRewardFindsNothing() {
    OneOfMany result =
        OneOfMany.of(Sets.oneOfMany(5, 10), Scores.of("r", new double[50]), Sets.bootstrap());
    assertEquals(0, result.strict().estimate());
    assertEquals(0.1, result.shared().estimate(), 1e-12);
    assertEquals(0.1, result.reciprocalRank().estimate(), 1e-12);
  }
}
