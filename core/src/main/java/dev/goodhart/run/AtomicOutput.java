package dev.goodhart.run;

import dev.goodhart.GoodhartException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A file that appears under its name whole or not at all: written beside it under a temporary name,
 * forced to the disk, then moved. Closed without {@link #commit()} (an error, Ctrl-C) it leaves
 * nothing behind.
 */
public final class AtomicOutput implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final OutputStream stream;
  private boolean committed;

  /**
   * @throws GoodhartException if the folder cannot be made or written
   */
  public AtomicOutput(Path target) {
    this.target = target.toAbsolutePath();
    this.temporary =
        this.target.resolveSibling(
            "." + target.getFileName() + ".partial-" + ProcessHandle.current().pid());
    try {
      if (Files.isDirectory(target)) {
        throw new GoodhartException(target + ": is a folder, expected a file to write");
      }
      Files.createDirectories(java.util.Objects.requireNonNull(this.target.getParent()));
      channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new GoodhartException(target + ": cannot be written: " + IoReason.of(e), e);
    }
    temporary.toFile().deleteOnExit();
    stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
  }

  /** Writes a whole text in UTF-8. */
  public static void write(Path target, String text) {
    try (AtomicOutput output = new AtomicOutput(target)) {
      output.stream().write(text.getBytes(StandardCharsets.UTF_8));
      output.commit();
    } catch (IOException e) {
      throw new GoodhartException(target + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  /**
   * Writes texts in UTF-8 that belong together: when one does not fit on the disk, none appears.
   */
  public static void write(Map<Path, String> texts) {
    List<AtomicOutput> outputs = new ArrayList<>();
    try {
      for (Map.Entry<Path, String> text : texts.entrySet()) {
        AtomicOutput output = new AtomicOutput(text.getKey());
        outputs.add(output);
        output.stream().write(text.getValue().getBytes(StandardCharsets.UTF_8));
        output.seal();
      }
      for (AtomicOutput output : outputs) {
        output.commit();
      }
    } catch (IOException e) {
      Path failed = outputs.getLast().target;
      throw new GoodhartException(failed + ": cannot be written: " + IoReason.of(e), e);
    } finally {
      outputs.forEach(AtomicOutput::close);
    }
  }

  /** Writes lines in UTF-8 as they come, each with a line break after it. */
  public static void writeLines(Path target, Iterator<String> lines) {
    try (AtomicOutput output = new AtomicOutput(target)) {
      while (lines.hasNext()) {
        output.stream().write((lines.next() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      output.commit();
    } catch (IOException e) {
      throw new GoodhartException(target + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  /** Where to write; buffered. */
  public OutputStream stream() {
    return stream;
  }

  /** Makes what was written appear under its name, replacing what was there. */
  public void commit() throws IOException {
    seal();
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    committed = true;
  }

  /** Everything is on the disk, not yet under its name. */
  private void seal() throws IOException {
    if (channel.isOpen()) {
      stream.flush();
      channel.force(true);
      channel.close();
    }
  }

  @Override
  public void close() {
    if (committed) {
      return;
    }
    try {
      channel.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The temporary file stays; deleteOnExit tries again, and nothing has its final name.
    }
  }
}
