package dev.goodhart.steer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BestOfNCurveTest {
  /** Of 1 2 3 4, pairs: 4 is in three of six, 3 the best of two, 2 of one: (3*40 + 2*30 + 20)/6. */
  @Test
  void pairsOfFour() {
    double[] proxy = {3, 1, 4, 2};
    double[] gold = {30, 10, 40, 20};
    assertArrayEquals(new double[] {200.0 / 6}, BestOfNCurve.of(proxy, gold, 2), 1e-12);
  }

  @Test
  void allOfThemIsTheTopItemAndOneIsTheMean() {
    double[] proxy = {3, 1, 4, 2};
    double[] gold = {7, 8, -5, 2};
    assertArrayEquals(new double[] {-5, 3}, BestOfNCurve.of(proxy, gold, 4, 1), 1e-12);
  }

  @Test
  void itemsThatTieAtTheTopShareIt() {
    double[] proxy = {1, 1, 0};
    double[] gold = {10, 20, 0};
    assertArrayEquals(new double[] {15}, BestOfNCurve.of(proxy, gold, 3), 1e-12);
    // all tie: the choice is random, whatever n
    double[] equal = {5, 5, 5};
    assertArrayEquals(new double[] {10, 10, 10}, BestOfNCurve.of(equal, gold, 1, 2, 3), 1e-12);
  }

  @Property(tries = 200)
  void agreesWithEverySubset(
      @ForAll @Size(min = 1, max = 9)
          List<@IntRange(min = 0, max = 3) Integer> proxiesList, // many ties
      @ForAll @Size(9) List<@DoubleRange(min = -10, max = 10) Double> goldsList) {
    double[] golds = array(goldsList);
    double[] proxy = array(proxiesList);
    double[] gold = Arrays.copyOf(golds, proxy.length);
    for (int n = 1; n <= proxy.length; n++) {
      assertEquals(bruteForce(proxy, gold, n), BestOfNCurve.of(proxy, gold, n)[0], 1e-9);
    }
  }

  /** The mean over all subsets of size n of the gold of the highest proxy, ties shared evenly. */
  private static double bruteForce(double[] proxy, double[] gold, int n) {
    double sum = 0;
    int subsets = 0;
    for (int set = 0; set < 1 << proxy.length; set++) {
      if (Integer.bitCount(set) != n) {
        continue;
      }
      double best = Double.NEGATIVE_INFINITY;
      double total = 0;
      int ties = 0;
      for (int i = 0; i < proxy.length; i++) {
        if ((set >> i & 1) == 0 || proxy[i] < best) {
          continue;
        }
        if (proxy[i] > best) {
          best = proxy[i];
          total = 0;
          ties = 0;
        }
        total += gold[i];
        ties++;
      }
      sum += total / ties;
      subsets++;
    }
    return sum / subsets;
  }

  @Property(tries = 100)
  void theWeightsAreRatiosOfBinomialCoefficients(
      @ForAll @IntRange(min = 1, max = 60) int size, @ForAll @IntRange(min = 1, max = 60) int any) {
    int n = 1 + any % size;
    double[] weights = BestOfNCurve.weights(size, n);
    for (int i = 1; i <= size; i++) {
      double exact =
          new BigDecimal(binomial(i - 1, n - 1))
              .divide(new BigDecimal(binomial(size, n)), MathContext.DECIMAL64)
              .doubleValue();
      assertEquals(exact, weights[i - 1], 1e-13);
    }
  }

  private static BigInteger binomial(int n, int k) {
    BigInteger value = BigInteger.ONE;
    for (int i = 1; i <= k; i++) {
      value = value.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
    }
    return k > n ? BigInteger.ZERO : value;
  }

  /** C(12600, 6300) has 3,791 digits; the ratios neither overflow nor lose the sum. */
  @Test
  void theWeightsSumToOneWhereTheCoefficientsOverflow() {
    for (int n : new int[] {1, 2, 100, 6300, 12_500, 12_600}) {
      assertEquals(1, Arrays.stream(BestOfNCurve.weights(12_600, n)).sum(), 1e-9);
    }
  }

  @Property(tries = 100)
  void theProxysOwnCurveNeverFalls(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -10, max = 10) Double> proxyList) {
    double[] proxy = array(proxyList);
    int[] ns = new int[proxy.length];
    Arrays.setAll(ns, i -> i + 1);
    double[] curve = BestOfNCurve.of(proxy, proxy, ns);
    for (int i = 1; i < curve.length; i++) {
      assertTrue(curve[i] >= curve[i - 1] - 1e-9);
    }
  }

  @Test
  void whatHasNoAnswerIsRefused() {
    double[] two = {1, 2};
    assertThrows(IllegalArgumentException.class, () -> BestOfNCurve.of(two, two, 0));
    assertThrows(IllegalArgumentException.class, () -> BestOfNCurve.of(two, two, 3));
    assertThrows(IllegalArgumentException.class, () -> BestOfNCurve.of(two, new double[3], 1));
    double[] noNumber = {1, Double.NaN};
    assertThrows(IllegalArgumentException.class, () -> BestOfNCurve.of(noNumber, two, 1));
  }

  private static double[] array(List<? extends Number> numbers) {
    return numbers.stream().mapToDouble(Number::doubleValue).toArray();
  }
}
