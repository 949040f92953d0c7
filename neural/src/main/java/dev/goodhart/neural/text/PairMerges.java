package dev.goodhart.neural.text;

import dev.goodhart.run.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The counting behind {@link BytePairEncoding}. Each merge touches only the words that hold the
 * pair: every pair remembers in which words it was ever seen, and a queue holds the pairs by an
 * upper bound of their count, which is checked when a pair comes out of it.
 */
final class PairMerges {
  /** A pair of tokens: how often it stands in the words, and in which ones it was seen. */
  private static final class Pair {
    final int left;
    final int right;
    long count;
    int[] words = new int[4];
    int seen;

    Pair(int left, int right) {
      this.left = left;
      this.right = right;
    }

    void in(int word) {
      if (seen > 0 && words[seen - 1] == word) return;
      if (seen == words.length) words = Arrays.copyOf(words, 2 * seen);
      words[seen++] = word;
    }
  }

  /** A pair in the queue with the count that it had when it was put there. */
  private record Candidate(long count, Pair pair) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      if (count != other.count) return Long.compare(other.count, count);
      if (pair.left != other.pair.left) return Integer.compare(pair.left, other.pair.left);
      return Integer.compare(pair.right, other.pair.right);
    }
  }

  private final List<int[]> words = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

  /** Pairs that this merge made more frequent. */
  private final List<Pair> grown = new ArrayList<>();

  void add(byte[] word, int count) {
    int[] tokens = new int[word.length];
    for (int i = 0; i < word.length; i++) tokens[i] = word[i] & 0xff;
    for (int i = 0; i + 1 < tokens.length; i++) {
      Pair pair = pair(tokens[i], tokens[i + 1]);
      pair.count += count;
      pair.in(words.size());
    }
    words.add(tokens);
    counts.add(count);
  }

  /**
   * @param size how many tokens there may be, the 256 bytes included
   * @return the pairs that became tokens, spelt in the alphabet of bytes, in that order
   */
  List<String[]> learn(int size, int minimumFrequency, Progress progress) {
    List<String> tokens = new ArrayList<>();
    Map<String, Integer> ids = new HashMap<>();
    for (int b = 0; b < 256; b++) tokens.add(String.valueOf(ByteLevel.character(b)));
    List<String[]> merges = new ArrayList<>();
    Set<Long> merged = new HashSet<>();
    pairs.values().forEach(pair -> queue.add(new Candidate(pair.count, pair)));
    while (tokens.size() < size) {
      Candidate next = queue.poll();
      if (next == null) break;
      Pair pair = next.pair;
      if (pair.count != next.count) {
        if (pair.count > 0) queue.add(new Candidate(pair.count, pair));
        continue;
      }
      if (pair.count < minimumFrequency) break;
      String[] merge = {tokens.get(pair.left), tokens.get(pair.right)};
      // An earlier pair may have spelt a half of this one anew, and the pair with it.
      if (merged.add(key(pair.left, pair.right))) merges.add(merge);
      // ab + c and a + bc spell one token.
      int id = ids.computeIfAbsent(merge[0] + merge[1], spelt -> tokens.size());
      if (id == tokens.size()) {
        tokens.add(merge[0] + merge[1]);
        progress.advance(1);
      }
      merge(pair, id);
    }
    return merges;
  }

  private void merge(Pair pair, int id) {
    int[] holding = pair.words;
    int seen = pair.seen;
    for (int i = 0; i < seen; i++) merge(pair.left, pair.right, id, holding[i]);
    pairs.remove(key(pair.left, pair.right));
    pair.count = 0;
    for (Pair more : grown) queue.add(new Candidate(more.count, more));
    grown.clear();
  }

  /** In one word; the neighbours of a merged pair lose a pair with its halves and gain one. */
  private void merge(int left, int right, int id, int index) {
    int[] word = words.get(index);
    int count = counts.get(index);
    int length = 0;
    int i = 0;
    while (i < word.length) {
      if (i + 1 == word.length || word[i] != left || word[i + 1] != right) {
        word[length++] = word[i++];
        continue;
      }
      if (length > 0) {
        change(word[length - 1], left, -count, index);
        change(word[length - 1], id, count, index);
      }
      if (i + 2 < word.length) {
        change(right, word[i + 2], -count, index);
        change(id, word[i + 2], count, index);
      }
      word[length++] = id;
      i += 2;
    }
    if (length < word.length) words.set(index, Arrays.copyOf(word, length));
  }

  private void change(int left, int right, int by, int word) {
    Pair pair = pair(left, right);
    pair.count += by;
    if (by > 0) {
      pair.in(word);
      if (grown.isEmpty() || grown.getLast() != pair) grown.add(pair);
    }
  }

  private Pair pair(int left, int right) {
    return pairs.computeIfAbsent(key(left, right), key -> new Pair(left, right));
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }
}
