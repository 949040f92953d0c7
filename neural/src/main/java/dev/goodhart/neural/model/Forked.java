package dev.goodhart.neural.model;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Responses behind their prompts in one row, each prompt once however many responses it has: the
 * states of a prompt's tokens do not depend on what is written behind it. With n responses of L
 * tokens to a prompt of P the row has P + n (L − 1) tokens in place of n (P + L); what a response's
 * last token would be followed by is not asked for.
 *
 * <p>The prompts stand first. A response's tokens see the prompt's and those before them in the
 * response; responses of like length go through attention together, padded to the longest, as long
 * as that at most doubles the work.
 */
public final class Forked implements Attention {
  private static final double WASTE = 2;

  private final Tensor ids;
  private final Tensor positions;
  private final Packed prompts;
  private final List<Bucket> buckets = new ArrayList<>();
  private final int longest;

  /** Where the last token of each response's prompt is, and the first of the response. */
  private final long[] forks;

  private final long[] firsts;

  /**
   * @param queries rows of the tokens, padded, {@code [n · length]}
   * @param keys rows of what they may see, padded, {@code [n · width]}
   * @param mask true where a token may look, {@code [n, 1, length, width]}
   * @param own which of the padded rows are tokens; null for all
   */
  private record Bucket(
      Tensor queries, Tensor keys, Tensor mask, @Nullable Tensor own, int n, int length) {}

  private Forked(List<int[]> prompts, List<int[]> responses, int window, Device device) {
    int n = responses.size();
    Map<List<Integer>, Integer> numbers = new LinkedHashMap<>();
    List<int[]> distinct = new ArrayList<>();
    int[] of = new int[n];
    for (int i = 0; i < n; i++) {
      int[] prompt = prompts.get(i);
      if (responses.get(i).length == 0) {
        throw new IllegalArgumentException("a response must have at least one token");
      }
      of[i] =
          numbers.computeIfAbsent(
              Arrays.stream(prompt).boxed().toList(),
              none -> {
                distinct.add(prompt);
                return distinct.size() - 1;
              });
    }
    int[] order = byLength(IntStream.range(0, distinct.size()), p -> distinct.get(p).length);
    long[] starts = new long[distinct.size()];
    long at = 0;
    for (int p : order) {
      starts[p] = at;
      at += distinct.get(p).length;
    }
    this.prompts = Packed.of(Arrays.stream(order).mapToObj(distinct::get).toList(), window, device);
    int tokens = this.prompts.tokens();
    int[] behind =
        byLength(
            IntStream.range(0, n).filter(i -> responses.get(i).length > 1),
            i -> responses.get(i).length);
    this.forks = new long[n];
    this.firsts = new long[n];
    for (int i = 0; i < n; i++) forks[i] = starts[of[i]] + prompts.get(i).length - 1;
    for (int i : behind) {
      firsts[i] = tokens;
      tokens += responses.get(i).length - 1;
    }
    long[] row = new long[tokens - Math.toIntExact(at)];
    long[] place = new long[row.length];
    int most = Arrays.stream(this.prompts.lengths()).max().orElse(1);
    int next = 0;
    for (int i : behind) {
      for (int t = 0; t < responses.get(i).length - 1; t++, next++) {
        row[next] = responses.get(i)[t];
        place[next] = prompts.get(i).length + t;
        most = Math.max(most, prompts.get(i).length + t + 1);
      }
    }
    this.longest = most;
    this.ids = joined(this.prompts.ids(), row, device);
    this.positions = joined(this.prompts.positions(), place, device);
    int from = 0;
    while (from < behind.length) {
      int to = from;
      long padded = 0;
      long asked = 0;
      int width = 0;
      while (to < behind.length) {
        int length = responses.get(behind[to]).length - 1;
        int sees = prompts.get(behind[to]).length + length;
        width = Math.max(width, sees);
        padded = (long) (to - from + 1) * length * width;
        asked += (long) length * sees;
        if (padded > WASTE * asked) break;
        to++;
      }
      int[] some = Arrays.copyOfRange(behind, from, to);
      buckets.add(bucket(some, prompts, responses, window, device));
      from = to;
    }
  }

  private static int[] byLength(IntStream some, java.util.function.IntUnaryOperator length) {
    return some.boxed()
        .sorted(Comparator.comparingInt(length::applyAsInt))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Tensor joined(Tensor first, long[] then, Device device) {
    return then.length == 0 ? first : Ops.cat(0, List.of(first, device.longs(then)));
  }

  private Bucket bucket(
      int[] some, List<int[]> prompts, List<int[]> responses, int window, Device device) {
    int length = responses.get(some[some.length - 1]).length - 1;
    int width = 0;
    for (int i : some) {
      width = Math.max(width, prompts.get(i).length + responses.get(i).length - 1);
    }
    long[] queries = new long[some.length * length];
    long[] keys = new long[some.length * width];
    long[] sees = new long[some.length * length * width];
    List<Long> own = new ArrayList<>();
    for (int k = 0; k < some.length; k++) {
      int i = some[k];
      int prompt = prompts.get(i).length;
      int response = responses.get(i).length - 1;
      for (int c = 0; c < width; c++) {
        keys[k * width + c] =
            c < prompt ? forks[i] - prompt + 1 + c : firsts[i] + Math.min(c - prompt, response - 1);
      }
      for (int t = 0; t < length; t++) {
        int padded = k * length + t;
        queries[padded] = firsts[i] + Math.min(t, response - 1);
        if (t < response) own.add((long) padded);
        int last = prompt + Math.min(t, response - 1);
        int begin = window > 0 ? Math.max(0, last - window + 1) : 0;
        Arrays.fill(sees, padded * width + begin, padded * width + last + 1, 1);
      }
    }
    Tensor mask = device.longs(sees).view(some.length, 1, length, width);
    return new Bucket(
        device.longs(queries),
        device.longs(keys),
        Ops.greater(mask, 0),
        own.size() == queries.length
            ? null
            : device.longs(own.stream().mapToLong(Long::longValue).toArray()),
        some.length,
        length);
  }

  /**
   * Lays responses out for a model.
   *
   * @param prompts token ids, at least one each
   * @param responses to them, one each, at least one token each
   */
  public static Forked of(List<int[]> prompts, List<int[]> responses, Decoder decoder) {
    return of(prompts, responses, decoder.config().slidingWindow(), decoder.device());
  }

  static Forked of(List<int[]> prompts, List<int[]> responses, int window, Device device) {
    return new Forked(prompts, responses, window, device);
  }

  /** The model's last hidden states, {@code [tokens, hidden]}. */
  public Tensor hidden(Decoder decoder) {
    return decoder.hidden(ids, positions, longest, this);
  }

  /** How many tokens the row has. */
  public long tokens() {
    return ids.size(0);
  }

  /** In which row the model is about to write a response's token. */
  public long before(int response, int token) {
    return token == 0 ? forks[response] : firsts[response] + token - 1;
  }

  @Override
  public Tensor of(int layer, Tensor q, Tensor k, Tensor v, double scale) {
    long first = prompts.tokens();
    List<Tensor> parts = new ArrayList<>();
    parts.add(prompts.of(layer, upTo(q, first), upTo(k, first), upTo(v, first), scale));
    for (Bucket bucket : buckets) {
      Tensor heads = byHead(Ops.rows(q, bucket.queries), bucket.n);
      Tensor seen =
          Ops.attention(
              heads,
              Packed.shared(byHead(Ops.rows(k, bucket.keys), bucket.n), heads),
              Packed.shared(byHead(Ops.rows(v, bucket.keys), bucket.n), heads),
              scale,
              bucket.mask);
      Tensor flat =
          seen.transpose(1, 2).reshape((long) bucket.n * bucket.length, q.size(1), q.size(2));
      parts.add(bucket.own == null ? flat : Ops.rows(flat, bucket.own));
    }
    return parts.size() == 1 ? parts.getFirst() : Ops.cat(0, parts);
  }

  private static Tensor upTo(Tensor x, long rows) {
    return x.size(0) == rows ? x : Ops.slice(x, 0, 0, rows);
  }

  /** {@code [n · length, heads, d]} as {@code [n, heads, length, d]}. */
  private static Tensor byHead(Tensor x, int n) {
    return x.view(n, x.size(0) / n, x.size(1), x.size(2)).transpose(1, 2);
  }
}
