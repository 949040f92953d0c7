package dev.goodhart.data.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MinHashTest {
  /** Triples of "a b c d" are abc, bcd; of "a b c e" abc, bce: one of three is shared. */
  @Test
  void jaccardByHand() {
    assertEquals(1.0 / 3, Triples.jaccard("a b c d", "A, b: c e!"), 1e-12);
    assertEquals(1, Triples.jaccard("You're welcome!", "you’re welcome"), 1e-12);
    assertEquals(1, Triples.jaccard("x", "X."), 1e-12);
    assertEquals(0, Triples.jaccard("x", "y"), 1e-12);
    assertEquals(1, Triples.jaccard("", "..."), 1e-12);
  }

  private static String text(SplittableRandom random, int words) {
    return IntStream.range(0, words)
        .mapToObj(i -> "w" + random.nextInt(100_000))
        .collect(Collectors.joining(" "));
  }

  /** A word changed in the middle of n breaks three of n - 2 triples. */
  private static String changed(String text, int words, SplittableRandom random) {
    String[] all = text.split(" ");
    for (int i = 0; i < words; i++) {
      all[random.nextInt(all.length)] = "new" + random.nextInt(100_000);
    }
    return String.join(" ", all);
  }

  @Test
  void theEstimateFollowsTheExactSimilarity() {
    SplittableRandom random = new SplittableRandom(3);
    double error = 0;
    double bias = 0;
    int found = 0;
    int n = 200;
    for (int i = 0; i < n; i++) {
      String one = text(random, 100);
      String other = changed(one, 1 + i % 4, random);
      double exact = Triples.jaccard(one, other);
      MinHash index = new MinHash(10, new Seeds(i));
      index.add(one, 7);
      MinHash.Near near = index.add(other, 8);
      if (near != null) {
        found++;
        assertEquals(7, near.mark());
        error += Math.abs(near.similarity() - exact);
        bias += near.similarity() - exact;
      }
    }
    // Exact similarities go from 0.78 to 0.94: nearly all are found, with a standard error of at
    // most √(0.17/60) = 0.054.
    assertTrue(found >= 195, "found " + found);
    assertTrue(error / found < 0.054, "error " + error / found);
    assertTrue(Math.abs(bias / found) < 0.02, "bias " + bias / found);
  }

  @Test
  void textsOfTheirOwnAreNotTakenForOthers() {
    SplittableRandom random = new SplittableRandom(4);
    MinHash index = new MinHash(1000, new Seeds(1));
    for (int i = 0; i < 1000; i++) {
      MinHash.Near near = index.add(text(random, 50), i);
      assertTrue(near == null || near.similarity() < 0.3);
    }
  }

  @Test
  void afterTheLimitTextsAreLookedUpButNotRemembered() {
    SplittableRandom random = new SplittableRandom(5);
    MinHash index = new MinHash(2, new Seeds(1));
    String first = text(random, 50);
    String late = text(random, 50);
    assertNull(index.add(first, 1));
    assertNull(index.add(text(random, 50), 2));
    assertNull(index.add(late, 3));
    assertNull(index.add(late, 4));
    assertNotNull(index.add(first, 5));
    assertEquals(2, index.size());
    assertEquals(3, index.refused());
  }

  @Test
  void wordsAreLettersAndDigits() {
    assertEquals(
        Arrays.toString(MinHash.words("el niño 2 día")),
        Arrays.toString(MinHash.words("  EL Niño—2, día?\n")));
    assertEquals(0, MinHash.words("?! …").length);
  }
}
