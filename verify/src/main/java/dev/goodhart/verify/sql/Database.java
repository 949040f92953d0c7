package dev.goodhart.verify.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * A database that a row names.
 *
 * @param stamp changes when the file does
 */
record Database(Path file, String stamp) {
  private static final List<String> ENDINGS = List.of("", ".sqlite", ".sqlite3", ".db");

  /** There is no such database, or it lies elsewhere: the message is the reason, in a line. */
  static final class Missing extends RuntimeException {
    Missing(String message) {
      super(message);
    }
  }

  /**
   * Finds {@code NAME}, {@code NAME.sqlite}, {@code .sqlite3} or {@code .db}, or one of these in
   * the folder {@code NAME} as Spider and BIRD have it. Links are followed, but not out of the
   * folder.
   *
   * @throws Missing if there is none, or it could not be read as it is
   */
  static Database find(Path folder, String name) {
    try {
      Path root = folder.toRealPath();
      Path asked = root.resolve(name).normalize();
      if (!asked.startsWith(root) || asked.equals(root)) {
        throw new Missing("database: '" + brief(name) + "' leads out of " + folder);
      }
      Path last = asked.getFileName();
      for (String ending : ENDINGS) {
        for (Path file :
            List.of(asked.resolveSibling(last + ending), asked.resolve(last + ending))) {
          if (Files.isRegularFile(file)) {
            return of(root, file, name);
          }
        }
      }
    } catch (InvalidPathException e) {
      throw new Missing("database: '" + brief(name) + "' is no file name");
    } catch (IOException e) {
      throw new Missing("database: the folder " + folder + " cannot be read");
    }
    throw new Missing("database: there is no '" + brief(name) + "' in " + folder);
  }

  private static Database of(Path root, Path file, String name) throws IOException {
    Path real = file.toRealPath();
    if (!real.startsWith(root)) {
      throw new Missing("database: '" + brief(name) + "' leads out of " + root);
    }
    // Opened as immutable, SQLite would not look at what has not reached the file itself yet.
    for (String ending : List.of("-wal", "-journal")) {
      Path log = real.resolveSibling(real.getFileName() + ending);
      if (Files.exists(log) && Files.size(log) > 0) {
        throw new Missing(
            "database: '"
                + brief(name)
                + "' has changes in "
                + log.getFileName()
                + ": close its writer or checkpoint it");
      }
    }
    BasicFileAttributes is = Files.readAttributes(real, BasicFileAttributes.class);
    return new Database(
        real, is.size() + "/" + is.lastModifiedTime().toMillis() + "/" + is.fileKey());
  }

  private static String brief(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return line.length() > 80 ? line.substring(0, 80) + "..." : line;
  }
}
