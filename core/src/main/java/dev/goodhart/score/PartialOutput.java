package dev.goodhart.score;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * An output of lines that can be gone on with after a kill. Lines are appended to {@code
 * <out>.partial}; beside it {@code <out>.partial.of} says what they are of. A last line that was
 * cut off by the kill is cut away on resuming and counts as not written.
 */
final class PartialOutput {
  private final Path out;
  private final Path partial;
  private final Path of;
  private final String fingerprint;

  PartialOutput(Path out, String fingerprint) {
    this.out = out.toAbsolutePath();
    this.partial = this.out.resolveSibling(out.getFileName() + ".partial");
    this.of = this.out.resolveSibling(out.getFileName() + ".partial.of");
    this.fingerprint = fingerprint;
    if (Files.isDirectory(out)) {
      throw new GoodhartException(out + ": is a folder, expected a file to write");
    }
  }

  Path file() {
    return partial;
  }

  /** Begins anew; an earlier partial file is dropped. */
  long start() {
    try {
      Files.createDirectories(Objects.requireNonNull(out.getParent()));
      Files.deleteIfExists(partial);
      Files.writeString(of, fingerprint);
      return 0;
    } catch (IOException e) {
      throw new GoodhartException(out + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  /**
   * The number of lines that are already there; begins anew where there is nothing to go on with.
   */
  long resume() {
    try {
      if (!Files.exists(partial)) {
        return start();
      }
      if (!Files.readString(of).equals(fingerprint)) {
        throw new GoodhartException(
            partial
                + ": was written for other data or another spec; score without --resume to begin"
                + " anew");
      }
      return wholeLines();
    } catch (NoSuchFileException e) {
      throw new GoodhartException(
          of
              + ": is missing, so nobody can tell what "
              + partial.getFileName()
              + " was scored with; score without --resume to begin anew",
          e);
    } catch (IOException e) {
      throw new GoodhartException(partial + ": cannot be read: " + IoReason.of(e), e);
    }
  }

  /** Counts the lines and cuts away what follows the last line's end. */
  private long wholeLines() throws IOException {
    long lines = 0;
    long end = 0;
    long at = 0;
    try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
      byte[] block = new byte[1 << 16];
      for (int n = file.read(block); n > 0; n = file.read(block)) {
        for (int i = 0; i < n; i++) {
          at++;
          if (block[i] == '\n') {
            lines++;
            end = at;
          }
        }
      }
      file.setLength(end);
    }
    return lines;
  }

  OutputStream open() throws IOException {
    return new BufferedOutputStream(
        Files.newOutputStream(partial, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
        1 << 16);
  }

  void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  void finish() throws IOException {
    Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(of);
  }
}
