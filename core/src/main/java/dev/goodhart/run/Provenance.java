package dev.goodhart.run;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Where a model, a report or a run came from: enough to make it again.
 *
 * @param command what was asked for, in words or as typed
 * @param seed the seed of all random streams
 * @param data digests of the files read, by file name: {@code sha256:...}
 * @param versions of Goodhart, Java and whatever else took part, by name
 */
public record Provenance(
    String command, long seed, Map<String, String> data, Map<String, String> versions) {
  public static Provenance of(String command, long seed, Path... data) {
    Map<String, String> digests = new java.util.LinkedHashMap<>();
    for (Path file : data) {
      digests.put(String.valueOf(file.getFileName()), digest(file));
    }
    return new Provenance(command, seed, digests, running());
  }

  /** The versions of what runs here: Goodhart's and Java's. */
  public static Map<String, String> running() {
    Map<String, String> versions = new java.util.LinkedHashMap<>();
    String own = Provenance.class.getPackage().getImplementationVersion();
    versions.put("goodhart", own == null ? "development" : own);
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  /** {@code sha256:} and the hexadecimal digest of a file's bytes. */
  public static String digest(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      try (DigestInputStream digesting = new DigestInputStream(in, sha)) {
        digesting.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return "sha256:" + HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
