package dev.goodhart.neural.generate;

import static dev.goodhart.neural.engine.Ops.less;
import static dev.goodhart.neural.engine.Ops.slice;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Attention;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.Packed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the tokens that a model has read: room for so many rows of so many tokens,
 * taken once. A row holds one sequence from its first place on, whatever the length of the others,
 * so nothing is padded. Where a model sees a window only, a row is a ring of that length: position
 * p stands at place p mod window, and what the window has left is overwritten. (Attention does not
 * mind the order of the places: positions are turned into keys before.)
 *
 * <p>Each layer keeps {@code [rows, places, kv-heads, d]} of both, so that a token's numbers lie
 * together and are written in one piece. For one thread.
 */
final class KvCache implements AutoCloseable {
  private final int rows;
  private final int places;
  private final Device device;

  /** Places from here on were never written in any row. */
  private int fresh;

  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();

  /**
   * @param context how many tokens a row may get
   * @param budget in bytes
   * @throws GoodhartException if more would be needed
   */
  KvCache(DecoderConfig config, Device device, int rows, int context, long budget) {
    long needed = bytes(config, device, rows, context);
    if (needed > budget) {
      throw new GoodhartException(
          String.format(
              "the cache of %d rows of %d tokens would take %s, and %s are allowed; take %d rows,"
                  + " or fewer tokens a row",
              rows, context, size(needed), size(budget), Math.max(1, rows * budget / needed)));
    }
    this.rows = rows;
    this.places = places(config, context);
    this.device = device;
    for (int i = 0; i < config.layers(); i++) {
      keys.add(layer(config));
      values.add(layer(config));
    }
  }

  private Tensor layer(DecoderConfig config) {
    return Scope.outside(
        () ->
            device.empty(
                device.computeType(), (long) rows * places, config.kvHeads(), config.headDim()));
  }

  private static int places(DecoderConfig config, int context) {
    int window = config.slidingWindow();
    return window > 0 ? Math.min(window, context) : context;
  }

  /**
   * Sets places to 0 before they are first used. Rows that are shorter hide them, but a hidden NaN
   * would still be one; and memory that is not touched yet is not taken from the machine yet.
   */
  private void use(int end) {
    if (end <= fresh) return;
    int to = Math.min(places, Math.max(end, fresh + 64));
    for (List<Tensor> side : List.of(keys, values)) {
      for (Tensor layer : side) {
        Tensor byRow = layer.view(rows, places, layer.size(1), layer.size(2));
        slice(byRow, 1, fresh, to).zero_();
      }
    }
    fresh = to;
  }

  /** What a cache takes: 2 · layers · rows · places · kv-heads · d numbers. */
  static long bytes(DecoderConfig config, Device device, int rows, int context) {
    long width = device.computeType() == ScalarType.Float ? 4 : 2;
    return 2L
        * config.layers()
        * rows
        * places(config, context)
        * config.kvHeads()
        * config.headDim()
        * width;
  }

  static String size(long bytes) {
    return bytes < 10L << 20
        ? String.format("%.1f KiB", bytes / 1024.0)
        : bytes < 10L << 30
            ? String.format("%.0f MiB", bytes / 1048576.0)
            : String.format("%.1f GiB", bytes / 1073741824.0);
  }

  /** Whether a row of so many tokens still holds its first one. */
  boolean holdsStartOf(int length) {
    return length <= places;
  }

  /** Makes the first tokens of a row those of another. */
  void copy(int from, int to, int tokens) {
    long count = Math.min(tokens, places);
    for (List<Tensor> side : List.of(keys, values)) {
      for (Tensor layer : side) {
        slice(layer, 0, (long) to * places, (long) to * places + count)
            .copy_(slice(layer, 0, (long) from * places, (long) from * places + count));
      }
    }
  }

  /**
   * One forward pass over the next token of the first rows and, behind them, over whole sequences
   * that begin in other rows.
   *
   * @param lengths of rows 0 to lengths.length - 1 before the token
   * @param begun the whole sequences, or null for none
   * @param into the rows that they go into
   */
  Attention pass(int[] lengths, @Nullable Packed begun, int[] into) {
    return new Pass(lengths, begun, into);
  }

  private final class Pass implements Attention {
    private final int next;
    private final @Nullable Packed begun;

    /** Where the keys of all tokens of the pass go, and from which tokens they are taken. */
    private final Tensor written;

    private final @Nullable Tensor taken;

    /** How many places of a row the next tokens may see at most, and what is added to hide more. */
    private final int seen;

    private final @Nullable Tensor mask;

    Pass(int[] lengths, @Nullable Packed begun, int[] into) {
      this.next = lengths.length;
      this.begun = begun;
      LongStream.Builder to = LongStream.builder();
      LongStream.Builder from = LongStream.builder();
      for (int row = 0; row < next; row++) {
        to.add((long) row * places + lengths[row] % places);
        from.add(row);
      }
      int at = next;
      boolean all = true;
      int end = 0;
      for (int i = 0; begun != null && i < into.length; i++) {
        int length = begun.lengths()[i];
        // Of a sequence that is longer than the window only the end is kept.
        int first = Math.max(0, length - places);
        end = Math.max(end, Math.min(length, places));
        all &= first == 0;
        for (int p = first; p < length; p++) {
          to.add((long) into[i] * places + p % places);
          from.add(at + p);
        }
        at += length;
      }
      written = device.longs(to.build().toArray());
      taken = all ? null : device.longs(from.build().toArray());
      int[] visible = Arrays.stream(lengths).map(n -> Math.min(n + 1, places)).toArray();
      seen = Arrays.stream(visible).max().orElse(0);
      use(Math.max(end, seen));
      mask = Arrays.stream(visible).allMatch(n -> n == seen) ? null : mask(visible);
    }

    /** {@code [next, 1, 1, seen]}: 0 where a row has a token, else −∞. */
    private Tensor mask(int[] visible) {
      long[] places = LongStream.range(0, seen).toArray();
      long[] ends = Arrays.stream(visible).asLongStream().toArray();
      Tensor ahead = device.longs(places).unsqueeze(0).sub(device.longs(ends).unsqueeze(1));
      Tensor zeros = device.zeros(device.computeType(), next, seen);
      return Ops.fill(zeros, less(ahead, 0).logical_not(), Double.NEGATIVE_INFINITY)
          .view(next, 1, 1, seen);
    }

    @Override
    public Tensor of(int layer, Tensor q, Tensor k, Tensor v, double scale) {
      write(keys.get(layer), k);
      write(values.get(layer), v);
      if (begun == null) return next(layer, q, scale);
      Tensor whole = begun.of(layer, rest(q), rest(k), rest(v), scale);
      if (next == 0) return whole;
      return Ops.cat(0, List.of(next(layer, slice(q, 0, 0, next), scale), whole));
    }

    private Tensor rest(Tensor x) {
      return next == 0 ? x : slice(x, 0, next, x.size(0));
    }

    private void write(Tensor cache, Tensor numbers) {
      cache.index_copy_(0, written, taken == null ? numbers : Ops.rows(numbers, taken));
    }

    /** Query heads that share a head of keys are that head's queries: nothing is repeated. */
    private Tensor next(int layer, Tensor q, double scale) {
      Tensor k = seen(keys.get(layer));
      Tensor v = seen(values.get(layer));
      long kvHeads = k.size(1);
      Tensor groups = q.view(next, kvHeads, q.size(1) / kvHeads, q.size(2));
      Tensor out =
          mask == null
              ? Ops.attention(groups, k, v, scale, false)
              : Ops.attention(groups, k, v, scale, mask);
      return out.reshape(next, q.size(1), q.size(2));
    }

    /** {@code [next, kv-heads, seen, d]}. A view. */
    private Tensor seen(Tensor cache) {
      Tensor byRow =
          slice(cache, 0, 0, (long) next * places).view(next, places, cache.size(1), cache.size(2));
      return slice(byRow, 1, 0, seen).transpose(1, 2);
    }
  }

  @Override
  public void close() {
    keys.forEach(Tensor::close);
    values.forEach(Tensor::close);
    keys.clear();
    values.clear();
  }
}
