package dev.goodhart.signal.hashed;

import java.util.Set;

/**
 * Reads the {@link Features} of a response. An n-gram's bucket is the upper {@code bits} bits of a
 * 64-bit hash of the n-gram and its group; two n-grams that share a bucket share a weight.
 *
 * <p>Keeps its working memory between responses, so it must not be used by two threads at once.
 */
final class Extractor {
  private static final long PRIME = 0x9e3779b97f4a7c15L;
  private static final long START = 0x2545f4914f6cdd1dL;
  private static final long END = 0x27d4eb2f165667c5L;

  private final Set<FeatureGroup> groups;
  private final Tokens tokens = new Tokens();
  private final Buckets buckets;

  Extractor(int bits, Set<FeatureGroup> groups) {
    this.groups = Set.copyOf(groups);
    this.buckets = new Buckets(bits);
  }

  /** The words of a prompt, for its responses to be held against; empty where nobody asks. */
  Overlap.Words words(String prompt) {
    if (!groups.contains(FeatureGroup.PROMPT)) {
      return Overlap.Words.NONE;
    }
    tokens.read(prompt);
    return words();
  }

  Features of(Overlap.Words prompt, String response) {
    tokens.read(response);
    int[][] found = new int[Features.GROUPS][];
    int[] ends = new int[Features.GROUPS];
    int end = 0;
    for (FeatureGroup group : FeatureGroup.HASHED) {
      int[] some = groups.contains(group) ? ngrams(group) : new int[0];
      found[group.place] = some;
      end += some.length;
      ends[group.place] = end;
    }
    int[] ngrams = new int[end];
    for (int g = 0; g < Features.GROUPS; g++) {
      System.arraycopy(found[g], 0, ngrams, ends[g] - found[g].length, found[g].length);
    }
    float[] look = new float[Features.LOOK];
    if (groups.contains(FeatureGroup.STYLE)) {
      int words = groups.contains(FeatureGroup.WORDS) ? ends[0] : words(Tokens.OTHER).length;
      Style.write(tokens, words, look);
    }
    if (groups.contains(FeatureGroup.PROMPT)) {
      Overlap.write(prompt, words(), look);
    }
    return new Features(ngrams, ends, look);
  }

  private Overlap.Words words() {
    return new Overlap.Words(words(Tokens.OTHER), words(Tokens.LONG_WORD), words(Tokens.NUMBER));
  }

  /** The words of a kind; of {@link Tokens#OTHER} all. */
  private int[] words(byte kind) {
    buckets.clear(tokens.count);
    for (int i = 0; i < tokens.count; i++) {
      if (kind == Tokens.OTHER || tokens.kinds[i] == kind) {
        buckets.add(tokens.hashes[i]);
      }
    }
    return buckets.distinct();
  }

  private int[] ngrams(FeatureGroup group) {
    long salt = PRIME * (group.place + 1);
    long[] words = tokens.hashes;
    int n = tokens.count;
    buckets.clear(Math.max(6, Math.max(n + 1, tokens.characters)));
    switch (group) {
      case WORDS -> {
        for (int i = 0; i < n; i++) {
          buckets.add(words[i] ^ salt);
        }
      }
      case WORD_PAIRS -> {
        long before = START;
        for (int i = 0; i < n; i++) {
          buckets.add((before * PRIME + words[i]) ^ salt);
          before = words[i];
        }
        buckets.add((before * PRIME + END) ^ salt);
      }
      case CHARACTERS -> {
        long gram = 0;
        for (int i = 0; i < tokens.characters; i++) {
          gram = gram << 16 | tokens.text[i]; // the last four are all that a long holds
          if (i >= 3) {
            buckets.add(gram ^ salt);
          }
        }
      }
      case OPENINGS -> {
        long first = START;
        long last = END;
        for (int i = 0; i < Math.min(3, n); i++) {
          first = (first + words[i]) * PRIME;
          last = (last + words[n - 1 - i]) * PRIME;
          buckets.add(first ^ salt);
          buckets.add(last ^ salt);
        }
      }
      case STYLE, PROMPT -> throw new IllegalArgumentException(group + " is not hashed");
    }
    return buckets.distinct();
  }
}
