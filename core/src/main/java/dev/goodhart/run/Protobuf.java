package dev.goodhart.run;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One message of Protocol Buffers being written, field by field: a number for the field and its
 * wire type, then the value. A dozen lines in place of a library and its generated classes.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int BITS_64 = 1;
  private static final int BYTES = 2;
  private static final int BITS_32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** {@code int32}, {@code int64}, {@code enum}. */
  Protobuf number(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** {@code double}. */
  Protobuf real(int field, double value) {
    tag(field, BITS_64);
    littleEndian(Double.doubleToLongBits(value), 8);
    return this;
  }

  /** {@code float}. */
  Protobuf real32(int field, float value) {
    tag(field, BITS_32);
    littleEndian(Float.floatToIntBits(value), 4);
    return this;
  }

  /** {@code repeated double}, packed. */
  Protobuf reals(int field, double[] values) {
    tag(field, BYTES);
    varint(8L * values.length);
    for (double value : values) littleEndian(Double.doubleToLongBits(value), 8);
    return this;
  }

  /** {@code string}; also {@code bytes} that hold UTF-8. */
  Protobuf text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  Protobuf message(int field, Protobuf message) {
    return bytes(field, message.bytes());
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private Protobuf bytes(int field, byte[] bytes) {
    tag(field, BYTES);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  private void tag(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. */
  private void varint(long value) {
    for (; (value & ~0x7fL) != 0; value >>>= 7) {
      out.write((int) (value & 0x7f | 0x80));
    }
    out.write((int) value);
  }

  private void littleEndian(long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (bits >>> 8 * i));
    }
  }
}
