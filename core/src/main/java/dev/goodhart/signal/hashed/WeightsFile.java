package dev.goodhart.signal.hashed;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code weights.bin}: the members' weights, big-endian.
 *
 * <pre>{@code
 * int members, int bits, int values of the look
 * for each member: float intercept, the weights of the look as floats,
 *   which buckets have a weight as 2^bits bits (bucket i is bit i % 64 of long i / 64),
 *   the weights of those buckets as floats
 * }</pre>
 *
 * <p>Most buckets of a model that was fitted on little data have no weight.
 */
final class WeightsFile {
  static final String FILE = "weights.bin";

  private WeightsFile() {}

  static byte[] bytes(List<Weights> members) {
    Weights any = members.getFirst();
    int buckets = any.hashed().length;
    long size = 12;
    for (Weights member : members) {
      size += 4L + 4L * member.look().length + buckets / 8 + 4L * nonZero(member.hashed());
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size));
    bytes.putInt(members.size());
    bytes.putInt(Integer.numberOfTrailingZeros(buckets));
    bytes.putInt(any.look().length);
    for (Weights member : members) {
      bytes.putFloat(member.intercept());
      for (float weight : member.look()) {
        bytes.putFloat(weight);
      }
      for (int word = 0; word < buckets; word += 64) {
        long present = 0;
        for (int bit = 0; bit < 64; bit++) {
          present |= member.hashed()[word + bit] != 0 ? 1L << bit : 0;
        }
        bytes.putLong(present);
      }
      for (float weight : member.hashed()) {
        if (weight != 0) {
          bytes.putFloat(weight);
        }
      }
    }
    return bytes.array();
  }

  /**
   * Reads the first members.
   *
   * @throws IllegalArgumentException if the file does not hold what it should
   */
  static List<Weights> read(byte[] file, int bits, int wanted) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int members = bytes.getInt();
    if (bytes.getInt() != bits || bytes.getInt() != Features.LOOK || wanted > members) {
      throw new IllegalArgumentException(FILE);
    }
    List<Weights> read = new ArrayList<>();
    for (int k = 0; k < wanted; k++) {
      float intercept = bytes.getFloat();
      float[] look = new float[Features.LOOK];
      for (int i = 0; i < look.length; i++) {
        look[i] = bytes.getFloat();
      }
      long[] present = new long[(1 << bits) / 64];
      for (int i = 0; i < present.length; i++) {
        present[i] = bytes.getLong();
      }
      float[] hashed = new float[1 << bits];
      for (int i = 0; i < hashed.length; i++) {
        if ((present[i >> 6] >>> (i & 63) & 1) != 0) {
          hashed[i] = bytes.getFloat();
        }
      }
      read.add(new Weights(hashed, look, intercept));
    }
    return read;
  }

  private static int nonZero(float[] weights) {
    int count = 0;
    for (float weight : weights) {
      count += weight != 0 ? 1 : 0;
    }
    return count;
  }
}
