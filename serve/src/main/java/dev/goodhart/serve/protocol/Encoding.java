package dev.goodhart.serve.protocol;

import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.scoring.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * How a body wants vectors written.
 *
 * @param base64 the bytes of 32-bit floats in base64; otherwise a list of numbers
 */
record Encoding(boolean base64, ByteOrder order) {
  static Encoding of(Fields body) {
    String format = body.optionalText("encoding_format").orElse("float");
    String type = body.optionalText("embed_dtype").orElse("float32");
    if (!format.equals("float") && !format.equals("base64")) {
      throw Refusal.bad("encoding_format: expected float or base64, not " + format);
    }
    if (!type.equals("float32")) {
      throw Refusal.bad("embed_dtype: expected float32, not " + type);
    }
    boolean big = body.optionalText("endianness").orElse("native").equals("big");
    return new Encoding(
        format.equals("base64"), big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  /** A vector of one. */
  Object write(double value) {
    if (!base64) {
      return List.of(value);
    }
    return Base64.getEncoder()
        .encodeToString(
            ByteBuffer.allocate(Float.BYTES).order(order).putFloat((float) value).array());
  }
}
