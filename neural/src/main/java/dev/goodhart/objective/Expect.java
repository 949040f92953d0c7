package dev.goodhart.objective;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Shapes and numbers at the door: broadcasting would turn a mistake into a number. */
final class Expect {
  private Expect() {}

  static void sameShape(String name, Tensor tensor, String other, Tensor like) {
    long[] given = tensor.shape();
    long[] expected = like.shape();
    if (!Arrays.equals(given, expected)) {
      throw new IllegalArgumentException(
          name + " has shape " + show(given) + ", " + other + " has " + show(expected));
    }
  }

  static void shape(String name, Tensor tensor, long... expected) {
    long[] given = tensor.shape();
    if (!Arrays.equals(given, expected)) {
      throw new IllegalArgumentException(
          name + " has shape " + show(given) + ", expected " + show(expected));
    }
  }

  /** Any number of rows of this width. */
  static void rows(String name, Tensor tensor, long width) {
    long[] given = tensor.shape();
    if (given.length != 2 || given[1] != width) {
      throw new IllegalArgumentException(
          name + " has shape " + show(given) + ", expected [batch, " + width + "]");
    }
  }

  /** Finite and at least 0, or the name is in the message. */
  static void atLeastZero(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and at least 0, not " + value);
    }
  }

  /** Finite and above 0, or the name is in the message. */
  static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and above 0, not " + value);
    }
  }

  /** A share of wrong labels: half of them wrong would teach nothing. */
  static void flips(String name, double value) {
    if (!(value >= 0 && value < 0.5)) {
      throw new IllegalArgumentException(name + " must lie in [0, 0.5), not " + value);
    }
  }

  private static String show(long[] shape) {
    return Arrays.toString(shape);
  }
}
