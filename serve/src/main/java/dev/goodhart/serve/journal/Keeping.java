package dev.goodhart.serve.journal;

/**
 * How a {@link Journal} is kept.
 *
 * @param segment bytes after which a new file is begun
 * @param segments how many files are kept, the oldest go first; 0 keeps them all
 * @param texts whether samples are kept whole, so that they can be scored again; otherwise only
 *     their ids and digests
 * @param force whether every answer waits until the disk has it, which survives a power cut;
 *     otherwise it waits until the operating system has it, which survives the death of the server
 */
public record Keeping(long segment, int segments, boolean texts, boolean force) {
  /** Whole samples, files of 256 MiB, all of them, handed to the operating system. */
  public static final Keeping USUAL = new Keeping(256L << 20, 0, true, false);

  public Keeping {
    if (segment < 1) {
      throw new IllegalArgumentException("segment must be at least 1 byte, not " + segment);
    }
    if (segments < 0) {
      throw new IllegalArgumentException("segments must be at least 0, not " + segments);
    }
  }
}
