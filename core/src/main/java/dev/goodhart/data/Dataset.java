package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of examples whatever its format and layout, streamed; it can be read any number of times.
 *
 * <pre>{@code
 * Dataset data = Dataset.open(Path.of("pairs.jsonl.gz"), Reading.DEFAULT);
 * try (Cursor<Preference> pairs = data.preferences()) {
 *   while (pairs.hasNext()) { ... }
 * }
 * }</pre>
 */
public final class Dataset {
  /** How many rows, and how many columns' worth of text, the layout is recognised from. */
  private static final int FIRST_ROWS = 100;

  private final Path file;
  private final Reading reading;
  private final Recognition.Found found;

  private Dataset(Path file, Reading reading, Recognition.Found found) {
    this.file = file;
    this.reading = reading;
    this.found = found;
  }

  /**
   * Looks at the first rows and recognises the layout.
   *
   * @throws GoodhartException if the file cannot be read, is empty, or its layout cannot be told
   */
  public static Dataset open(Path file, Reading reading) {
    List<Row> first = new ArrayList<>();
    BadRow bad = null;
    try (Rows rows = Rows.open(file, reading.rowLimit())) {
      for (int i = 0; i < FIRST_ROWS && rows.hasNext(); i++) {
        switch (rows.next()) {
          case Row row -> first.add(row);
          case BadRow b -> {
            bad = bad == null ? b : bad;
          }
        }
      }
    }
    if (bad != null && reading.onBadRow() == OnBadRow.FAIL) {
      throw Entries.stopped(bad);
    }
    if (bad != null && first.isEmpty()) {
      throw new GoodhartException(bad.message());
    }
    if (first.isEmpty()) {
      throw new GoodhartException(file + ": has no rows");
    }
    return new Dataset(file, reading, Recognition.in(file.toString(), first, reading));
  }

  /** Recognises the layout and stops at a bad row. */
  public static Dataset open(Path file) {
    return open(file, Reading.DEFAULT);
  }

  public Path file() {
    return file;
  }

  /** The file's size; -1 where it cannot be told. */
  public long bytes() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }

  public Layout layout() {
    return found.recognition().layout();
  }

  /** Which columns were found and what they are used for. */
  public Recognition recognition() {
    return found.recognition();
  }

  /** {@code sha256:…} of the file as it lies on the disk. */
  public String digest() {
    return Provenance.digest(file);
  }

  /**
   * The rows, exactly one {@link Entry} each; bad ones are dealt with as the {@link Reading} says.
   */
  public Entries entries() {
    return new Entries(Rows.open(file, reading.rowLimit()), found, reading);
  }

  /** The examples of the good rows. */
  public Cursor<Example> examples() {
    return new Flat<>(entries(), Entry.Good::examples);
  }

  /**
   * The pairs: as the rows have them, or every two responses of different rank.
   *
   * @throws GoodhartException if the layout compares nothing, saying how to get pairs from it
   */
  public Cursor<Preference> preferences() {
    if (!layout().hasPairs()) {
      throw new GoodhartException(
          file
              + ": holds "
              + layout().id()
              + ", no pairs"
              + (layout() == Layout.RATINGS
                  ? "; make pairs of responses to the same prompt with: goodhart curate pairs"
                  : ""));
    }
    return new Flat<>(entries(), good -> good.examples().stream().flatMap(Pairs::of).toList());
  }
}
