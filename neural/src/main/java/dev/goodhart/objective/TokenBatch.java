package dev.goodhart.objective;

import dev.goodhart.neural.engine.Ops;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The response tokens of some sampled responses in one row, one response behind the other, prompts
 * left out: what a {@link PolicyObjective} and a {@link Regulariser} compute with.
 *
 * @param now log-probabilities under the policy that is trained, with gradient, {@code [tokens]}
 * @param old the same under the policy that drew them, {@code [tokens]}
 * @param reference the same under the reference policy, {@code [tokens]}; null where nothing asks
 *     for it
 * @param entropy of the policy's whole distribution at each token, in nats, with gradient, {@code
 *     [tokens]}; null where nothing asks for it
 * @param advantage {@code [tokens]}
 * @param weight how much a token counts in the loss, {@code [tokens]}: the aggregation (by token,
 *     by sequence, by a constant) is in here, 0 for responses that are masked
 * @param lengths of the responses, {@code [responses]}, summing to tokens
 */
@SuppressWarnings("ArrayRecordComponent") // primitive arrays in hot paths
public record TokenBatch(
    Tensor now,
    Tensor old,
    @Nullable Tensor reference,
    @Nullable Tensor entropy,
    Tensor advantage,
    Tensor weight,
    int[] lengths) {
  public TokenBatch {
    long tokens = Arrays.stream(lengths).sum();
    Expect.shape("now", now, tokens);
    Expect.sameShape("old", old, "now", now);
    Expect.sameShape("advantage", advantage, "now", now);
    Expect.sameShape("weight", weight, "now", now);
    if (reference != null) Expect.sameShape("reference", reference, "now", now);
    if (entropy != null) Expect.sameShape("entropy", entropy, "now", now);
  }

  /** How many responses. */
  public int responses() {
    return lengths.length;
  }

  /** The log-probabilities under the reference. */
  public Tensor toReference() {
    if (reference == null) throw new IllegalStateException("no reference was asked for");
    return reference;
  }

  /** The entropies. */
  public Tensor entropies() {
    if (entropy == null) throw new IllegalStateException("no entropy was asked for");
    return entropy;
  }

  /** The mean over each response of something known by token, {@code [responses]}. */
  public Tensor meanByResponse(Tensor byToken) {
    Tensor sums = sumByResponse(byToken);
    return Ops.div(sums, Ops.like(sums, Arrays.stream(lengths).asDoubleStream().toArray()));
  }

  /** The sum over each response of something known by token, {@code [responses]}. */
  public Tensor sumByResponse(Tensor byToken) {
    Tensor zeros = Ops.like(byToken, new double[lengths.length]);
    return zeros.index_add(0, owners(), byToken);
  }

  /** Something known by response at each of its tokens, {@code [tokens]}. */
  public Tensor atTokens(Tensor byResponse) {
    return Ops.rows(byResponse, owners());
  }

  private Tensor owners() {
    long[] owners =
        IntStream.range(0, lengths.length)
            .boxed()
            .flatMapToLong(i -> IntStream.range(0, lengths[i]).mapToLong(t -> i))
            .toArray();
    return dev.goodhart.neural.engine.Device.of(now).longs(owners);
  }
}
