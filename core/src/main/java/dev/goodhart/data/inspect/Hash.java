package dev.goodhart.data.inspect;

/**
 * 64-bit hashes of texts: two different ones among ten million collide with a chance of about 3 in
 * a million.
 */
final class Hash {
  static long of(String text) {
    long hash = 0x9e3779b97f4a7c15L ^ text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
      hash ^= hash >>> 29; // FNV alone lets the high bits of a char out too slowly
    }
    return mix(hash);
  }

  /** Several hashes as one; the order counts. */
  static long join(long... hashes) {
    long joined = 0;
    for (long hash : hashes) {
      joined = mix(joined * 31 + hash);
    }
    return joined;
  }

  /** MurmurHash3's finaliser: every input bit moves every output bit. */
  static long mix(long z) {
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  private Hash() {}
}
