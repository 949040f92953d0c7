package dev.goodhart.objective;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * What each token costs, before {@link TokenBatch#weight()}.
 *
 * @param cost {@code [tokens]}, with gradient
 * @param also diagnostics by name, {@code [tokens]}, without: whether it was clipped, say; reported
 *     as means over tokens that count
 */
public record TokenLoss(Tensor cost, SequencedMap<String, Tensor> also) {
  public TokenLoss {
    also = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(also));
  }

  public static TokenLoss of(Tensor cost) {
    return new TokenLoss(cost, new LinkedHashMap<>());
  }

  /** The same with one more diagnostic. */
  public TokenLoss with(String name, Tensor byToken) {
    SequencedMap<String, Tensor> more = new LinkedHashMap<>(also);
    more.put(name, byToken.detach());
    return new TokenLoss(cost, more);
  }
}
