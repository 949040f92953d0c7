package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AurocTest {
  private static final double NAN = Double.NaN;

  private static double auroc(double[] scores, double... labels) {
    return Auroc.of(scores, labels, IntStream.range(0, scores.length).toArray());
  }

  @Test
  void goodAboveBadIsOneAndBelowIsZero() {
    assertEquals(1, auroc(new double[] {1, 2, 3, 4}, 0, 0, 1, 1));
    assertEquals(0, auroc(new double[] {1, 2, 3, 4}, 1, 1, 0, 0));
  }

  @Test
  void pairsAreCounted() {
    // good: 2, 4; bad: 1, 3. Right: 2>1, 4>1, 4>3; wrong: 2<3.
    assertEquals(0.75, auroc(new double[] {2, 4, 1, 3}, 1, 1, 0, 0));
  }

  @Test
  void aTieIsHalf() {
    // good: 1, 2; bad: 1. One tie, one right.
    assertEquals(0.75, auroc(new double[] {1, 2, 1}, 1, 1, 0));
    assertEquals(0.5, auroc(new double[] {7, 7, 7}, 1, 0, 1));
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertEquals(1, auroc(new double[] {1, 2, NAN, 9, 0}, 0, 1, 1, 0.5, NAN));
  }

  @Test
  void withoutBothKindsThereIsNoArea() {
    assertEquals(NAN, auroc(new double[] {1, 2}, 1, 1));
    assertEquals(NAN, auroc(new double[] {}));
  }

  @Property
  void itIsTheShareOfPairsInTheRightOrder(
      @ForAll @Size(min = 2, max = 12) List<@IntRange(min = 0, max = 5) Integer> drawn,
      @ForAll long random) {
    int[] scores = drawn.stream().mapToInt(Integer::intValue).toArray();
    double[] labels =
        IntStream.range(0, scores.length).mapToDouble(i -> (random >>> i) & 1).toArray();
    double won = 0;
    double all = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (labels[i] == 1 && labels[j] == 0) {
          all++;
          won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    assertEquals(won / all, auroc(IntStream.of(scores).asDoubleStream().toArray(), labels), 1e-12);
  }
}
