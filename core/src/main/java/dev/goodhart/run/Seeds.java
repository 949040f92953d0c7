package dev.goodhart.run;

import java.util.SplittableRandom;

/**
 * Random streams, one a purpose: adding a draw to one never changes another. The same seed and
 * purpose give the same stream on every machine.
 *
 * @param seed the user's seed
 */
public record Seeds(long seed) {
  /** The stream for a purpose, {@code "holdout"} say. */
  public SplittableRandom of(String purpose) {
    return of(purpose, 0);
  }

  /**
   * The stream for the index-th of several equal purposes: a member of an ensemble, a bootstrap
   * replicate.
   */
  public SplittableRandom of(String purpose, long index) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, then mixed with seed and index
    for (int i = 0; i < purpose.length(); i++) {
      hash = (hash ^ purpose.charAt(i)) * 0x100000001b3L;
    }
    return new SplittableRandom(mix(mix(hash ^ mix(seed)) + index));
  }

  /** MurmurHash3's finaliser: every input bit moves every output bit. */
  private static long mix(long z) {
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
