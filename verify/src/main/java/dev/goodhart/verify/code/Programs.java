package dev.goodhart.verify.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds programs of this machine. */
final class Programs {
  private Programs() {}

  /**
   * The first of these names that is in one of the system's folders or on the PATH, as it is named
   * there.
   */
  static Optional<Path> find(String... names) {
    for (String name : names) {
      for (Path folder : folders()) {
        Path program = folder.resolve(name);
        if (Files.isExecutable(program) && !Files.isDirectory(program)) {
          return Optional.of(program);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The system's own folders first: what a distribution installs is readable for every user, so
   * also inside.
   */
  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>(List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin")));
    String path = System.getenv("PATH");
    for (String folder : path == null ? new String[0] : path.split(":")) {
      if (folder.startsWith("/")) {
        folders.add(Path.of(folder));
      }
    }
    return folders;
  }

  static Path real(Path program) {
    try {
      return program.toRealPath();
    } catch (IOException e) {
      return program;
    }
  }
}
