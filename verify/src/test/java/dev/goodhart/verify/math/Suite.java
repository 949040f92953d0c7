package dev.goodhart.verify.math;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Reads the suites beside the tests. */
final class Suite {
  /** The lines of a resource, but for the empty ones and the comment that it opens with. */
  static List<String> lines(String resource) {
    try (InputStream in =
        Objects.requireNonNull(Suite.class.getResourceAsStream(resource), resource)) {
      List<String> all = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return all.subList(all.indexOf(""), all.size()).stream()
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Suite() {}
}
