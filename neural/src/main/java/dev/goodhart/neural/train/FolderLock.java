package dev.goodhart.neural.train;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two trainings out of one folder. The system lets go of it when a process ends, however it
 * ends; the empty file stays.
 */
public record FolderLock(FileChannel channel) implements AutoCloseable {
  public static FolderLock of(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) != null) return new FolderLock(channel);
      channel.close();
      throw new GoodhartException(folder + ": another training is under way in this folder");
    } catch (IOException e) {
      throw new GoodhartException(folder + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written.
    }
  }
}
