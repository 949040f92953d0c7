package dev.goodhart.neural.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * What some examples cost, on average.
 *
 * @param loss a scalar that autograd can follow into the parameters
 * @param also what else is to be reported, means over the same examples by name: {@code accuracy}
 */
public record Cost(Tensor loss, SequencedMap<String, Tensor> also) {
  public Cost {
    also = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(also));
  }

  public static Cost of(Tensor loss) {
    return new Cost(loss, new LinkedHashMap<>());
  }

  /** The same with one more figure to report. */
  public Cost with(String name, Tensor mean) {
    Map<String, Tensor> more = new LinkedHashMap<>(also);
    more.put(name, mean);
    return new Cost(loss, new LinkedHashMap<>(more));
  }
}
