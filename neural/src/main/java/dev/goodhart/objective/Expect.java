package dev.goodhart.objective;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Shapes at the door: broadcasting would turn a mistake into a number. */
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

  private static String show(long[] shape) {
    return Arrays.toString(shape);
  }
}
