package dev.goodhart.serve.scoring;

import dev.goodhart.Message;
import dev.goodhart.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Digests of what a reward depends on. */
public final class Digests {
  /** Columns that only say where a sample belongs. */
  private static final Set<String> NAMES = Set.of("run", "step", "group");

  private static final MessageDigest SHA256 = lookUp();

  private Digests() {}

  /** Of all that a sample holds except what only names it. */
  public static String of(Sample sample) {
    MessageDigest sha = sha256();
    for (Message message : sample.prompt().messages()) {
      text(sha, message.role());
      text(sha, message.content());
    }
    sha.update((byte) 'r');
    text(sha, sample.response());
    value(sha, sample.reference());
    new TreeMap<>(sample.columns())
        .forEach(
            (name, column) -> {
              if (!NAMES.contains(name)) {
                text(sha, name);
                value(sha, column);
              }
            });
    return HexFormat.of().formatHex(sha.digest(), 0, 16);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  static MessageDigest sha256() {
    try {
      return (MessageDigest) SHA256.clone(); // to look it up takes as long as a short digest
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageDigest lookUp() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With its length before it, so that no two sequences of texts read the same. */
  private static void text(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(5).put((byte) 't').putInt(bytes.length).flip());
    sha.update(bytes);
  }

  private static void value(MessageDigest sha, @Nullable Object value) {
    switch (value) {
      case List<?> list -> {
        sha.update((byte) '[');
        list.forEach(each -> value(sha, each));
        sha.update((byte) ']');
      }
      case Map<?, ?> map -> {
        sha.update((byte) '{');
        map.forEach(
            (name, each) -> {
              text(sha, String.valueOf(name));
              value(sha, each);
            });
        sha.update((byte) '}');
      }
      case null -> sha.update((byte) '0');
      default -> {
        sha.update((byte) (value instanceof String ? '"' : '#'));
        text(sha, value.toString());
      }
    }
  }
}
