package dev.goodhart.verify.code;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.InflaterInputStream;

/**
 * LiveCodeBench's private tests: JSON text, pickled as one string, compressed and in base 64. Of
 * pickle only what a string needs is understood, so nothing in such a file can make anything run.
 */
final class PackedTests {
  private static final int LARGEST = 1 << 30;

  private PackedTests() {}

  /** The JSON text; a text that already is JSON comes back as it is. */
  static String unpacked(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("[") || stripped.startsWith("{")) {
      return stripped;
    }
    try (InflaterInputStream in =
        new InflaterInputStream(
            new ByteArrayInputStream(Base64.getMimeDecoder().decode(stripped)))) {
      byte[] pickle = in.readNBytes(LARGEST);
      return string(ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException | IllegalArgumentException | java.nio.BufferUnderflowException e) {
      throw new TestsException(
          "'private_test_cases' is neither JSON nor packed as LiveCodeBench packs it");
    }
  }

  private static String string(ByteBuffer pickle) throws IOException {
    while (true) {
      int code = pickle.get();
      switch (code) {
        case (byte) 0x80 -> pickle.get(); // protocol
        case (byte) 0x95 -> pickle.getLong(); // frame
        case 'X' -> {
          return text(pickle, pickle.getInt());
        }
        case (byte) 0x8c -> {
          return text(pickle, pickle.get() & 0xff);
        }
        case (byte) 0x8d -> {
          return text(pickle, Math.toIntExact(pickle.getLong()));
        }
        default -> throw new IOException("pickle code " + code);
      }
    }
  }

  private static String text(ByteBuffer pickle, int size) throws IOException {
    if (size < 0 || size > pickle.remaining()) {
      throw new IOException("a text of " + size + " bytes");
    }
    byte[] bytes = new byte[size];
    pickle.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
