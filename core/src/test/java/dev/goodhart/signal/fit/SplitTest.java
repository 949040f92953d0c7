package dev.goodhart.signal.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.run.Seeds;
import dev.goodhart.signal.fit.Split.Part;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static long count(Part[] parts, Part part) {
    return Arrays.stream(parts).filter(p -> p == part).count();
  }

  @Test
  void takesTheSharesThatWereAskedFor() {
    int[] alone = IntStream.range(0, 1000).toArray();
    Part[] parts = Split.parts(alone, new boolean[1000], 0.2, 0.1, new Seeds(1));
    assertEquals(200, count(parts, Part.HELD_OUT));
    assertEquals(80, count(parts, Part.DEVELOPMENT)); // a tenth of the other 800
    assertEquals(720, count(parts, Part.TRAINING));
  }

  @Test
  void keepsFamiliesTogether() {
    int[] family = IntStream.range(0, 1000).map(p -> p - p % 3).toArray();
    Part[] parts = Split.parts(family, new boolean[1000], 0.3, 0.3, new Seeds(5));
    for (int p = 0; p < 1000; p++) {
      assertEquals(parts[family[p]], parts[p]);
    }
    assertEquals(300.0, count(parts, Part.HELD_OUT), 3);
  }

  @Test
  void theSameSeedPartsTheSameAndAnotherDoesNot() {
    int[] alone = IntStream.range(0, 100).toArray();
    Part[] one = Split.parts(alone, new boolean[100], 0.5, 0.1, new Seeds(1));
    assertArrayEquals(one, Split.parts(alone, new boolean[100], 0.5, 0.1, new Seeds(1)));
    assertNotEquals(
        Arrays.asList(one),
        Arrays.asList(Split.parts(alone, new boolean[100], 0.5, 0.1, new Seeds(2))));
  }

  @Test
  void whatAUserHoldsOutIsHeldOutWithItsFamilyAndNothingElse() {
    int[] family = {0, 1, 2, 2, 4, 5, 6, 7, 8, 9};
    boolean[] fixed = new boolean[10];
    fixed[3] = true;
    Part[] parts = Split.parts(family, fixed, 0.5, 0, new Seeds(1));
    for (int p = 0; p < 10; p++) {
      assertEquals(p == 2 || p == 3 ? Part.HELD_OUT : Part.TRAINING, parts[p]);
    }
  }

  @Test
  void aFamilyThatIsMuchOfTheDataIsATemplate() {
    int[] template = new int[100];
    assertTrue(Split.isTemplated(template));
    assertFalse(Split.isTemplated(IntStream.range(0, 100).toArray()));
    assertFalse(Split.isTemplated(new int[] {0, 0, 0, 3, 4}));
  }
}
