package dev.goodhart.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that the tests of the house look at. */
final class Checkout {
  static final Path ROOT = root();
  static final List<String> MODULES =
      List.of("core", "verify", "data", "neural", "lab", "serve", "spark", "cli");

  private Checkout() {}

  /** Every file below {@code module/folder} whose name ends so, in a fixed order. */
  static List<Path> files(String module, String folder, String ending) throws IOException {
    Path top = ROOT.resolve(module).resolve(folder);
    if (!Files.isDirectory(top)) return List.of();
    try (Stream<Path> paths = Files.walk(top)) {
      return paths.filter(path -> path.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static Path root() {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.exists(p.resolve("goodhart")) && Files.exists(p.resolve("core/pom.xml"))) return p;
    }
    throw new IllegalStateException("the tests of the house run inside a checkout");
  }
}
