package dev.goodhart.signal;

import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;

/**
 * How far a response agrees with the reference from its beginning: for exact tasks where a policy
 * that knows nothing yet must be paid for every further character that is right.
 *
 * <pre>{@code reward = (characters before the first difference + ended) / (reference's length + 1)}
 * </pre>
 *
 * <p>where {@code ended} is 1 if the response is the reference and was ended by the model itself
 * (column {@code finish} is {@code eos}, or there is no such column), so that going on for ever
 * does not pay. In [0, 1].
 */
@Method
public record MatchedPrefix() implements Verifier {
  @Override
  public Reward of(Sample sample) {
    String reference = sample.reference();
    if (reference == null) {
      return Reward.unscored("matched-prefix: the sample has no reference");
    }
    String response = sample.response();
    int same = 0;
    while (same < Math.min(response.length(), reference.length())
        && response.charAt(same) == reference.charAt(same)) {
      same++;
    }
    Object finish = sample.columns().get("finish");
    boolean ended = response.equals(reference) && (finish == null || finish.equals("eos"));
    return Reward.of((same + (ended ? 1 : 0)) / (reference.length() + 1.0));
  }
}
