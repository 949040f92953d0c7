package dev.goodhart.verify.judge;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The mark that sets judged text apart from what is said to the judge, and that the judge's verdict
 * begins with: twelve hexadecimal digits,
 *
 * <pre>{@code mark = HMAC-SHA256(secret, everything that is asked)[0..5]}</pre>
 *
 * <p>Whoever writes the judged text would have to guess 48 bits to close the delimiter or to put a
 * verdict into the judge's mouth, and every change of the text changes the mark. The same question
 * under the same secret has the same mark, so that its reply is found in the cache; the secret is
 * kept beside the replies, and lasts for a run where none are kept.
 */
final class Marks {
  private static final int SECRET = 32;

  private final SecretKeySpec secret;

  private Marks(byte[] secret) {
    this.secret = new SecretKeySpec(secret, "HmacSHA256");
  }

  static Marks fresh() {
    return new Marks(random());
  }

  /** With the secret of a folder; the first to come makes it. */
  static Marks in(Path folder) {
    Path file = folder.resolve("secret");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Path made = Files.createTempFile(folder, ".secret", ""); // readable by its owner alone
        try {
          Files.write(made, random());
          Files.createLink(file, made); // whole or not at all, and never in place of another's
        } catch (FileAlreadyExistsException e) {
          // another process was first
        } finally {
          Files.delete(made);
        }
      }
      byte[] secret = Files.readAllBytes(file);
      if (secret.length != SECRET) {
        throw new GoodhartException(
            file + ": not a judge's secret; remove the folder, or name another as cache");
      }
      return new Marks(secret);
    } catch (IOException | UnsupportedOperationException e) {
      String why = e instanceof IOException io ? IoReason.of(io) : "no hard links there";
      throw new GoodhartException(folder + ": cannot keep a judge's replies: " + why, e);
    }
  }

  private static byte[] random() {
    byte[] secret = new byte[SECRET];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /**
   * @param parts of the question; their borders count
   */
  String of(Iterable<String> parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        mac.update(bytes);
      }
      return HexFormat.of().formatHex(mac.doFinal(), 0, 6);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
