package dev.goodhart.verify.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Texts that are packed beside the tests. */
final class ResourcesForTests {
  private ResourcesForTests() {}

  static String text(String name) {
    try (InputStream in =
        Objects.requireNonNull(ResourcesForTests.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
