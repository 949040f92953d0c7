package dev.goodhart.neural.model;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Sequences one after the other in one row, without padding: each token sees those before it in its
 * own sequence. Neighbours of equal length go through attention together, so a batch that is sorted
 * by length takes the fewest calls.
 *
 * @param ids token ids, {@code [tokens]}
 * @param positions of each token in its sequence, from 0, {@code [tokens]}
 * @param lengths of the sequences, each at least 1
 * @param window how many tokens one sees at most, itself included; 0 for all
 */
public record Packed(Tensor ids, Tensor positions, int[] lengths, int window) implements Attention {
  /** Packs sequences for a model. */
  public static Packed of(List<int[]> sequences, Decoder decoder) {
    return of(sequences, decoder.config().slidingWindow(), decoder.device());
  }

  static Packed of(List<int[]> sequences, int window, Device device) {
    int[] lengths = sequences.stream().mapToInt(s -> s.length).toArray();
    int total = Arrays.stream(lengths).sum();
    long[] ids = new long[total];
    long[] positions = new long[total];
    int at = 0;
    for (int[] sequence : sequences) {
      if (sequence.length == 0) {
        throw new IllegalArgumentException("a sequence must have at least one token");
      }
      for (int i = 0; i < sequence.length; i++, at++) {
        ids[at] = sequence[i];
        positions[at] = i;
      }
    }
    return new Packed(device.longs(ids), device.longs(positions), lengths, window);
  }

  /**
   * Parts sequences into passes of at most so many tokens (or of a single longer one), short ones
   * with short ones: their numbers, each once.
   */
  public static List<int[]> passes(int[] lengths, int tokens) {
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> passes = new ArrayList<>();
    for (int from = 0; from < order.length; ) {
      int to = from;
      long sum = 0;
      while (to < order.length && (to == from || sum + lengths[order[to]] <= tokens)) {
        sum += lengths[order[to++]];
      }
      passes.add(Arrays.copyOfRange(order, from, to));
      from = to;
    }
    return passes;
  }

  public int tokens() {
    return Arrays.stream(lengths).sum();
  }

  /** Where each sequence's last token stands in the row. */
  public long[] last() {
    long[] last = new long[lengths.length];
    long end = 0;
    for (int i = 0; i < lengths.length; i++) {
      end += lengths[i];
      last[i] = end - 1;
    }
    return last;
  }

  @Override
  public Tensor of(int layer, Tensor q, Tensor k, Tensor v, double scale) {
    List<Tensor> parts = new ArrayList<>();
    int[] counts = neighbours();
    long[] sizes = new long[counts.length];
    for (int g = 0, i = 0; g < counts.length; i += counts[g++]) {
      sizes[g] = (long) counts[g] * lengths[i];
    }
    // Split and not sliced: the gradients of all slices are then put together in one go, where
    // each slice would add one of the whole row's size.
    List<Tensor> qs = Ops.split(q, 0, sizes);
    List<Tensor> ks = Ops.split(k, 0, sizes);
    List<Tensor> vs = Ops.split(v, 0, sizes);
    long at = 0;
    for (int g = 0, i = 0; g < counts.length; i += counts[g++]) {
      Tensor first = Ops.slice(positions, 0, at, at + lengths[i]);
      parts.add(alike(qs.get(g), ks.get(g), vs.get(g), first, scale));
      at += sizes[g];
    }
    return parts.size() == 1 ? parts.getFirst() : Ops.cat(0, parts);
  }

  /** How many sequences of one length stand beside each other, again and again. */
  private int[] neighbours() {
    int[] counts = new int[lengths.length];
    int groups = 0;
    for (int i = 0; i < lengths.length; i++) {
      if (i > 0 && lengths[i] != lengths[i - 1]) groups++;
      counts[groups]++;
    }
    return Arrays.copyOf(counts, groups + 1);
  }

  /**
   * Several sequences of one length.
   *
   * @param at the positions of the first one
   */
  private Tensor alike(Tensor q, Tensor k, Tensor v, Tensor at, double scale) {
    int length = Math.toIntExact(at.size(0));
    Tensor heads = byHead(q, length);
    Tensor keys = shared(byHead(k, length), heads);
    Tensor values = shared(byHead(v, length), heads);
    Tensor seen =
        window > 0 && length > window
            ? Ops.attention(heads, keys, values, scale, band(at))
            : Ops.attention(heads, keys, values, scale, true);
    return seen.transpose(1, 2).reshape(q.size(0), q.size(1), q.size(2));
  }

  /** {@code [sequences · length, heads, d]} as {@code [sequences, heads, length, d]}. */
  private static Tensor byHead(Tensor x, int length) {
    return x.view(x.size(0) / length, length, x.size(1), x.size(2)).transpose(1, 2);
  }

  /** Each head of keys or values repeated for the query heads that share it. */
  static Tensor shared(Tensor x, Tensor heads) {
    long n = x.size(0);
    long kv = x.size(1);
    long each = heads.size(1) / kv;
    if (each == 1) return x;
    return x.unsqueeze(2)
        .expand(n, kv, each, x.size(2), x.size(3))
        .reshape(n, kv * each, x.size(2), x.size(3));
  }

  /** True where the query of a row may see the key of a column: the last {@code window} tokens. */
  private Tensor band(Tensor at) {
    return inBand(at.unsqueeze(1), at.unsqueeze(0));
  }

  private Tensor inBand(Tensor query, Tensor key) {
    Tensor ahead = key.sub(query);
    Tensor behind = Ops.add(ahead, window);
    return Ops.less(ahead, 1).logical_and(Ops.greater(behind, 0));
  }
}
