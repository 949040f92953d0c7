package dev.goodhart.advantage;

import java.util.Arrays;
import java.util.List;

/**
 * The advantages of a group's tokens.
 *
 * @param values {@code [response][token]}, finite; meaningless where the mask is false (0 there)
 * @param returns what the critic should have expected, {@code [response][token]}; empty for a
 *     method without critic
 * @param mask which responses may enter the loss
 */
@SuppressWarnings("ArrayRecordComponent") // primitive arrays in hot paths
public record TokenAdvantages(double[][] values, double[][] returns, boolean[] mask) {
  public TokenAdvantages {
    if (values.length != mask.length || (returns.length != 0 && returns.length != mask.length)) {
      throw new IllegalArgumentException(
          "values ["
              + values.length
              + "], returns ["
              + returns.length
              + "] and mask ["
              + mask.length
              + "] must match");
    }
    for (int i = 0; i < values.length; i++) {
      for (double value : values[i]) {
        if (!Double.isFinite(value)) {
          throw new ArithmeticException(
              "the advantages of response " + i + " must be finite, not " + value);
        }
      }
    }
  }

  /** The same advantage for every token of a response. */
  static TokenAdvantages each(Advantages advantages, List<Tokens> tokens) {
    double[][] values = new double[tokens.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new double[tokens.get(i).size()];
      Arrays.fill(values[i], advantages.values()[i]);
    }
    return new TokenAdvantages(values, new double[0][], advantages.mask());
  }
}
