package dev.goodhart.advantage;

/**
 * One advantage a response, in the group's order.
 *
 * @param values the advantages; meaningless where the mask is false (0 there)
 * @param mask which responses may enter the loss
 */
@SuppressWarnings(
    "ArrayRecordComponent") // primitive arrays in hot paths; compared by their contents nowhere
public record Advantages(double[] values, boolean[] mask) {
  public Advantages {
    if (values.length != mask.length) {
      throw new IllegalArgumentException(
          "values [" + values.length + "] and mask [" + mask.length + "] must match");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new ArithmeticException(
            "the advantage of response " + i + " must be finite, not " + values[i]);
      }
    }
  }
}
