package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.TraceNoise.Type;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TraceNoiseTest {
  @Test
  void aTraceHoldsEveryOperationWithItsOperands() {
    Trace trace = new Trace((line, result) -> result, 0);
    TracedInteger seven = trace.of(7);
    TracedInteger result = seven.plus(trace.of(5)).times(trace.of(3)).minus(seven);

    assertEquals(29, result.value()); // (7 + 5) 3 - 7
    assertArrayEquals(new int[] {12, 36, 29}, trace.values());
    assertEquals("*", trace.lines().get(1).operation());
    assertArrayEquals(new int[] {12, 3}, trace.lines().get(1).operands());
    assertFalse(trace.lines().get(1).isWrong());
  }

  @Test
  void aModulusReducesEveryResultAndNoOperand() {
    Trace trace = new Trace((line, result) -> result, 10);
    assertEquals(8, trace.of(3).minus(trace.of(15)).value()); // -12 = 8 - 20
    assertEquals(1, trace.of(7).times(trace.of(3)).value());
  }

  @Test
  void aFaultIsCarriedOnAndTheLinesAfterItStillFollowFromIt() {
    Trace trace = new Trace((line, result) -> line == 0 ? 13 : result, 0);
    trace.of(7).plus(trace.of(5)).times(trace.of(3));

    assertArrayEquals(new int[] {13, 39}, trace.values());
    assertTrue(trace.lines().get(0).isWrong());
    assertFalse(trace.lines().get(1).isWrong());
  }

  @Test
  void aWrongComparisonTakesTheProgramAnotherWay() {
    Trace trace = new Trace((line, result) -> 1 - result, 0);
    assertEquals(0, trace.of(3).less(trace.of(4)).value());
  }

  @Test
  void aComputationThatNeverEndsIsEnded() {
    Trace trace = new Trace((line, result) -> 0, 0);
    TracedInteger count = trace.of(0);
    assertThrows(
        ArithmeticException.class,
        () -> {
          while (count.less(trace.of(10)).value() == 0) {
            count.plus(trace.of(1));
          }
        });
  }

  @Test
  void dynamicNoiseChangesTheComputationAndStaticNoiseTheTextButNotTheAnswer() {
    var random = new SplittableRandom(1);
    int[] values = {12, 36, 29};
    assertArrayEquals(values, new TraceNoise(Type.DYNAMIC, 1, 1).written(values, random));
    assertEquals(12, new TraceNoise(Type.STATIC, 1, 1).fault(random).of(0, 12));

    int[] written = new TraceNoise(Type.STATIC, 1, 1).written(values, random);
    assertTrue(written[0] != 12 && written[1] != 36);
    assertEquals(29, written[2]);
    assertTrue(new TraceNoise(Type.DYNAMIC, 1, 1).fault(random).of(0, 12) != 12);
  }

  @Test
  void aShareOfTheSolutionsIsNoisyAndOfTheirLinesARate() {
    var random = new SplittableRandom(2);
    var noise = new TraceNoise(Type.STATIC, 0.3, 0.4);
    int noisy = 0;
    int replaced = 0;
    for (int i = 0; i < 20_000; i++) {
      TraceNoise drawn = noise.drawn(random);
      noisy += drawn.rate() > 0 ? 1 : 0;
      replaced += drawn.written(new int[] {50, 1}, random)[0] != 50 ? 1 : 0;
    }
    assertEquals(0.4, noisy / 20_000.0, 4 * Math.sqrt(0.24 / 20_000));
    assertEquals(0.12, replaced / 20_000.0, 4 * Math.sqrt(0.12 * 0.88 / 20_000));
  }

  @Property(tries = 500)
  void withoutARateNothingChanges(
      @ForAll Type type, @ForAll @Size(min = 1, max = 6) int[] values, @ForAll long seed) {
    var random = new SplittableRandom(seed);
    var noise = new TraceNoise(type, 0, 1);
    assertArrayEquals(values, noise.written(values, random));
    assertEquals(values[0], noise.fault(random).of(0, values[0]));
  }

  @Property(tries = 2000)
  void aReplacementDiffersInOneDigit(
      @ForAll @IntRange(min = -999_999_999, max = 999_999_999) int value, @ForAll long seed) {
    String was = Integer.toString(value);
    String is = Integer.toString(TraceNoise.replaced(value, new SplittableRandom(seed)));
    assertEquals(was.length(), value < 0 && is.equals("0") ? 2 : is.length());
    if (is.length() == was.length()) {
      int differ = 0;
      for (int i = 0; i < was.length(); i++) differ += was.charAt(i) != is.charAt(i) ? 1 : 0;
      assertEquals(1, differ);
    }
  }

  @Test
  void everyOtherDigitIsAsLikely() {
    var random = new SplittableRandom(3);
    int[] counts = new int[10];
    for (int i = 0; i < 90_000; i++) counts[TraceNoise.replaced(4, random)]++;
    for (int digit = 0; digit < 10; digit++) {
      assertEquals(digit == 4 ? 0 : 10_000, counts[digit], digit == 4 ? 0 : 400);
    }
  }

  @Test
  void ratesAndSharesAreProbabilities() {
    assertThrows(IllegalArgumentException.class, () -> new TraceNoise(Type.STATIC, 1.1, 1));
    assertThrows(IllegalArgumentException.class, () -> new TraceNoise(Type.STATIC, 1, -0.1));
  }
}
