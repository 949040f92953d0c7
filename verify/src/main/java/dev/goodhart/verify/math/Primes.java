package dev.goodhart.verify.math;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prime factors by trial division. */
final class Primes {
  private static final int[] SMALL = primes();

  /**
   * Prime factors with their multiplicities, negative for the denominator; a large rest counts as a
   * prime.
   */
  static Map<BigInteger, Integer> factors(Rational value) {
    Map<BigInteger, Integer> factors = new TreeMap<>();
    factor(value.num(), 1, factors);
    factor(value.den(), -1, factors);
    return factors;
  }

  private static void factor(BigInteger n, int sign, Map<BigInteger, Integer> into) {
    if (n.bitLength() > 512) {
      throw new TooLarge("a number too large to factor");
    }
    for (int p : SMALL) {
      if (n.bitLength() < 40 && n.longValue() < (long) p * p) {
        break;
      }
      BigInteger prime = BigInteger.valueOf(p);
      BigInteger[] parts = n.divideAndRemainder(prime);
      while (parts[1].signum() == 0) {
        into.merge(prime, sign, Integer::sum);
        n = parts[0];
        parts = n.divideAndRemainder(prime);
      }
    }
    if (!n.equals(BigInteger.ONE)) {
      BigInteger root = n.sqrt();
      boolean square = root.multiply(root).equals(n);
      into.merge(square ? root : n, square ? 2 * sign : sign, Integer::sum);
    }
  }

  private static int[] primes() {
    List<Integer> primes = new ArrayList<>();
    for (int n = 2; n < 2_000; n++) {
      int candidate = n;
      if (primes.stream().noneMatch(p -> candidate % p == 0)) {
        primes.add(n);
      }
    }
    return primes.stream().mapToInt(Integer::intValue).toArray();
  }

  private Primes() {}
}
