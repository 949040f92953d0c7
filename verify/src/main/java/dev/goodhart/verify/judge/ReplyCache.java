package dev.goodhart.verify.judge;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Replies on the disk, one file each, named by the digest of the server and the whole request:
 * model, sampling, messages, and with them template, rubric and judged text. A file appears under
 * its name whole or not at all, so processes may share a folder and be killed at any time; one that
 * a failing disk has damaged is asked for again.
 */
record ReplyCache(Path folder) {
  private static final long LARGEST = 16 << 20;

  /** A reply with the request that it answers. */
  private record Entry(String url, String request, Reply reply) {}

  static String digest(String url, String request) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update((url + "\n" + request).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Optional<Reply> read(String url, String request) {
    Path file = file(digest(url, request));
    try {
      if (!Files.exists(file) || Files.size(file) > LARGEST) {
        return Optional.empty();
      }
      @Nullable Entry entry = Completion.JSON.readValue(Files.readAllBytes(file), Entry.class);
      // A damaged file may hold "null".
      boolean same = entry != null && url.equals(entry.url) && request.equals(entry.request);
      return same ? Optional.ofNullable(entry.reply) : Optional.empty();
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  void write(String url, String request, Reply reply) {
    Path file = file(digest(url, request));
    try {
      Path parent = Objects.requireNonNull(file.getParent());
      Files.createDirectories(parent);
      // Not AtomicOutput: two threads may write the same reply. Not forced to the disk either: what
      // a power cut damages is asked for again.
      Path made = Files.createTempFile(parent, ".", ".partial");
      try {
        Files.write(made, Completion.JSON.writeValueAsBytes(new Entry(url, request, reply)));
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      throw new GoodhartException(folder + ": cannot keep a judge's replies: " + IoReason.of(e), e);
    }
  }

  private Path file(String digest) {
    return folder.resolve(digest.substring(0, 2)).resolve(digest + ".json");
  }
}
