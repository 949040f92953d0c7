package dev.goodhart.signal;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The prompts that a model was fitted on, as sorted {@link PromptKey}s: eight bytes a prompt, and
 * no text leaves the data. In a model's folder it is the file {@code prompts.bin}.
 */
public final class TrainingPrompts {
  public static final String FILE = "prompts.bin";

  private final long[] keys;

  public TrainingPrompts(long[] keys) {
    this.keys = Arrays.stream(keys).sorted().distinct().toArray();
  }

  public boolean contains(Prompt prompt) {
    return Arrays.binarySearch(keys, PromptKey.of(prompt)) >= 0;
  }

  public int size() {
    return keys.length;
  }

  /** For the model's folder: the keys, ascending, big-endian. */
  public byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(keys.length, Long.BYTES));
    bytes.asLongBuffer().put(keys);
    return bytes.array();
  }

  public static TrainingPrompts read(Path folder) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(FILE)));
      long[] keys = new long[bytes.remaining() / Long.BYTES];
      bytes.asLongBuffer().get(keys);
      return new TrainingPrompts(keys);
    } catch (IOException e) {
      throw new GoodhartException(folder.resolve(FILE) + ": cannot be read: " + IoReason.of(e), e);
    }
  }
}
