package dev.goodhart.data;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real files beside the repository; a test that needs one is skipped where it is not there. */
public final class SharedData {
  public static Path file(String name) {
    Path file = folder().resolve(name);
    Assumptions.assumeTrue(Files.exists(file), () -> file + " is not there: set GOODHART_DATA");
    return file;
  }

  private static Path folder() {
    String given = System.getProperty("goodhart.data", System.getenv("GOODHART_DATA"));
    if (given != null) {
      return Path.of(given);
    }
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("goodhart"))) {
      root = root.getParent();
    }
    return root.resolveSibling("shared").resolve("data");
  }

  private SharedData() {}
}
