package dev.goodhart.signal;

import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a response agrees with the reference from its beginning: for exact tasks where a policy
 * that knows nothing yet must be paid for every further character that is right.
 *
 * <pre>{@code reward = (characters before the first difference + ended) / (reference's length + 1)}
 * </pre>
 *
 * <p>where {@code ended} is 1 if the response is the reference and was ended by the model itself
 * (column {@code finish} is {@code eos}, or there is no such column), so that going on for ever
 * does not pay. In [0, 1]. The part {@code steps} holds what each matching character earns, named
 * by where it ends, for credit by token.
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
    double each = 1 / (reference.length() + 1.0);
    Map<String, Reward> steps = new LinkedHashMap<>();
    for (int i = 1; i <= same; i++) {
      steps.put(Integer.toString(i), Reward.of(each));
    }
    Scored reward = Reward.of((same + (ended ? 1 : 0)) * each);
    return steps.isEmpty() ? reward : reward.withParts(Map.of("steps", reward.withParts(steps)));
  }
}
