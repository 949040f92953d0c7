package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A file's bytes, unpacked, and what format they are in. */
final class Source implements AutoCloseable {
  /** How much of the text is looked at to tell the formats apart. */
  private static final int HEAD = 1 << 20;

  final String file;
  private final Counting raw;
  private final BufferedInputStream text;
  final byte[] head;

  private Source(Path path, Counting raw) throws IOException {
    this.file = path.toString();
    this.raw = raw;
    this.text = new BufferedInputStream(unpack(raw), 1 << 16);
    text.mark(HEAD + 1);
    this.head = text.readNBytes(HEAD);
    text.reset();
  }

  static Rows open(Path path, int rowLimit) {
    if (Files.isDirectory(path)) {
      throw new GoodhartException(path + ": is a folder, expected a data file");
    }
    if (!Files.exists(path)) {
      throw new GoodhartException(path + ": no such file");
    }
    Counting raw = null;
    try {
      raw = new Counting(new BufferedInputStream(Files.newInputStream(path), 1 << 16));
      if (begins(raw, 'P', 'A', 'R', '1')) {
        raw.close();
        return engine("Parquet").open(path);
      }
      Source source = new Source(path, raw);
      return Formats.open(source, plainName(path), rowLimit);
    } catch (IOException e) {
      close(raw);
      throw unreadable(path.toString(), 0, e);
    } catch (RuntimeException e) {
      close(raw);
      throw e;
    }
  }

  /** The unpacked bytes, from the beginning. */
  InputStream stream() {
    return text;
  }

  long bytesRead() {
    return raw.count;
  }

  /** What to tell the user when the bytes stop coming. */
  static GoodhartException unreadable(String file, long line, IOException e) {
    String where = line == 0 ? file : file + ":" + line;
    String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new GoodhartException(
        e instanceof EOFException || e instanceof ZipException
            ? where
                + ": the compressed data is damaged or ends early ("
                + what
                + "): fetch the file again"
            : where + ": cannot be read: " + what,
        e);
  }

  @Override
  public void close() {
    close(text);
  }

  private static void close(@Nullable Closeable stream) {
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (IOException e) {
      // Nothing was written: a failed close of an input loses nothing.
    }
  }

  private static InputStream unpack(Counting raw) throws IOException {
    if (begins(raw, 0x1f, 0x8b)) {
      return new GZIPInputStream(raw, 1 << 16);
    }
    if (begins(raw, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new Unzstd(raw);
    }
    return raw;
  }

  private static boolean begins(InputStream stream, int... mark) throws IOException {
    stream.mark(mark.length);
    boolean same = true;
    for (int expected : mark) {
      same &= stream.read() == expected;
    }
    stream.reset();
    return same;
  }

  private static RowFormat engine(String name) {
    for (RowFormat format : ServiceLoader.load(RowFormat.class)) {
      if (format.name().equals(name)) {
        return format;
      }
    }
    throw new GoodhartException(
        "reading " + name + " needs an engine: add goodhart-data to the class path");
  }

  /** The file's name in lower case without a suffix that only says how it is compressed. */
  private static String plainName(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return name.replaceFirst("\\.(gz|gzip|zst|zstd)$", "");
  }

  /** Counts the bytes that were read, marks and resets included. */
  private static final class Counting extends FilterInputStream {
    private long count;
    private long marked;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      count += Math.max(n, 0);
      return n;
    }

    @Override
    public synchronized void mark(int limit) {
      super.mark(limit);
      marked = count;
    }

    @Override
    public synchronized void reset() throws IOException {
      super.reset();
      count = marked;
    }
  }

  /** Says "damaged" in the way of gz: the decoder has an unchecked exception of its own for it. */
  private static final class Unzstd extends FilterInputStream {
    Unzstd(InputStream in) {
      super(new ZstdInputStream(in));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (RuntimeException e) {
        throw new ZipException(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw "Not enough input bytes".equals(e.getMessage())
            ? new EOFException(e.getMessage())
            : e;
      }
    }
  }
}
