package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BestOfNTest {
  /** Two responses, 1/2 each: 1 - 1/16 and 1/16. */
  @Test
  void bestOfNOfKnownResponses() {
    double[] half = {0.5, 0.5};
    double[] best = BestOfN.distribution(half, new double[] {0, 1}, 4);
    assertEquals(1.0 / 16, best[0], 1e-15);
    assertEquals(15.0 / 16, best[1], 1e-15);
    double exact = 15 / 16.0 * Math.log(15 / 8.0) + Math.log(1 / 8.0) / 16;
    assertEquals(exact, BestOfN.kl(half, new double[] {0, 1}, 4), 1e-15);
    assertEquals(0, BestOfN.kl(half, new double[] {3, 3}, 64), 1e-15);
    assertEquals(Math.log(2), BestOfN.kl(half, new double[] {0, 1}, 10_000), 1e-12);
    assertThrows(
        IllegalArgumentException.class,
        () -> BestOfN.kl(new double[] {0.5, 0.4}, new double[] {0, 1}, 2));
    assertThrows(IllegalArgumentException.class, () -> BestOfN.kl(half, new double[] {0}, 2));
  }

  /** Against every ordered draw of three, with ties broken evenly. */
  @Property(tries = 100)
  void bestOfNIsWhatEnumerationSays(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int m) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] p = random.doubles(m, 0.01, 1).toArray();
    double sum = Arrays.stream(p).sum();
    Arrays.setAll(p, y -> p[y] / sum);
    double[] rewards = random.ints(m, 0, 3).asDoubleStream().toArray();
    double[] expected = new double[m];
    for (int code = 0; code < m * m * m; code++) {
      int[] drawn = {code % m, code / m % m, code / m / m};
      double most = Arrays.stream(drawn).mapToDouble(y -> rewards[y]).max().orElseThrow();
      long ties = Arrays.stream(drawn).filter(y -> rewards[y] == most).count();
      for (int y : drawn) {
        expected[y] += rewards[y] == most ? p[drawn[0]] * p[drawn[1]] * p[drawn[2]] / ties : 0;
      }
    }
    assertArrayEquals(expected, BestOfN.distribution(p, rewards, 3), 1e-12);
  }

  @Property(tries = 300)
  void theExactKlNeverExceedsTheBound(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 200) int m,
      @ForAll @IntRange(min = 1, max = 1000) int n) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] p = random.doubles(m, 1e-6, 1).toArray();
    double sum = Arrays.stream(p).sum();
    Arrays.setAll(p, y -> p[y] / sum);
    double[] rewards = random.ints(m, 0, 1 + random.nextInt(2 * m)).asDoubleStream().toArray();
    double kl = BestOfN.kl(p, rewards, n);
    assertTrue(kl >= 0 && kl <= BestOfN.klBound(n) + 1e-12, kl + " of " + BestOfN.klBound(n));
    assertEquals(1, Arrays.stream(BestOfN.distribution(p, rewards, n)).sum(), 1e-9);
  }

  /** Many responses without ties come near it: the sum is a quadrature of the integral. */
  @Test
  void withoutTiesTheBoundIsReached() {
    int m = 100_000;
    double[] p = new double[m];
    Arrays.fill(p, 1.0 / m);
    double[] rewards = IntStream.range(0, m).asDoubleStream().toArray();
    assertEquals(BestOfN.klBound(16), BestOfN.kl(p, rewards, 16), 1e-4);
  }

  /**
   * A response of probability 1e-17, invisible in 1 - F, is the best of exp(40) with 1 -
   * exp(-2.35).
   */
  @Test
  void aVastNKeepsItsDigits() {
    double[] base = {0.5, 0.5 - 1e-17, 1e-17};
    double n = Math.exp(40); // n p = 2.35
    double[] best = BestOfN.distribution(base, new double[] {0, 1, 2}, n);
    assertEquals(-Math.expm1(-n * 1e-17), best[2], 1e-9);
    assertEquals(Math.exp(-n * 1e-17), best[1], 1e-9);
    assertEquals(0, best[0], 0);
  }

  /** Gold 0 and 1, the proxy the wrong way round: 1/16 after best-of-4. */
  @Test
  void expectedGoldByAProxyThatIsWrong() {
    double[] half = {0.5, 0.5};
    assertEquals(
        1 / 16.0, BestOfN.expected(half, new double[] {1, 0}, new double[] {0, 1}, 4), 1e-15);
  }

  @Test
  void theNOfABound() {
    assertEquals(1, BestOfN.nAtKl(0), 1e-9);
    assertEquals(4, BestOfN.nAtKl(Math.log(4) - 0.75), 1e-9);
    assertThrows(IllegalArgumentException.class, () -> BestOfN.nAtKl(-1));
  }
}
