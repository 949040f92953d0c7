package dev.goodhart.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicOutputTest {
  @TempDir Path folder;

  private long files() throws IOException {
    try (var list = Files.list(folder)) {
      return list.count();
    }
  }

  @Test
  void nothingHasTheFinalNameBeforeTheCommit() throws IOException {
    Path target = folder.resolve("sub/out.txt");
    try (AtomicOutput output = new AtomicOutput(target)) {
      output.stream().write('x');
      assertFalse(Files.exists(target));
      output.commit();
    }
    assertEquals("x", Files.readString(target));
  }

  @Test
  void withoutACommitNothingIsLeftAndTheOldFileStays() throws IOException {
    Path target = Files.writeString(folder.resolve("out.txt"), "old");
    try (AtomicOutput output = new AtomicOutput(target)) {
      output.stream().write('x');
    }
    assertEquals("old", Files.readString(target));
    assertEquals(1, files());
  }

  @Test
  void aCommitReplacesWhatWasThere() throws IOException {
    Path target = Files.writeString(folder.resolve("out.txt"), "old");
    AtomicOutput.write(target, "new");
    assertEquals("new", Files.readString(target));
    assertEquals(1, files());
  }

  @Test
  void aFolderInThePlaceOfTheFileIsTheUsersMistake() {
    String message =
        assertThrows(GoodhartException.class, () -> AtomicOutput.write(folder, "x")).getMessage();
    assertTrue(message.endsWith("is a folder, expected a file to write"), message);
  }

  @Test
  void aFileInThePlaceOfAFolderIsTheUsersMistake() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    String message =
        assertThrows(
                GoodhartException.class, () -> AtomicOutput.write(file.resolve("out.txt"), "x"))
            .getMessage();
    assertEquals(
        file.resolve("out.txt") + ": cannot be written: " + file + " is not a folder", message);
  }

  @Test
  void ofTextsThatBelongTogetherNoneAppearsWhenOneCannot() throws IOException {
    Path one = folder.resolve("a.json");
    Path two = folder.resolve("b.html");
    Files.createDirectory(two);
    Map<Path, String> texts = new LinkedHashMap<>();
    texts.put(one, "1");
    texts.put(two, "2");
    assertThrows(GoodhartException.class, () -> AtomicOutput.write(texts));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(two), left.toList());
    }
    Files.delete(two);
    AtomicOutput.write(texts);
    assertEquals("1", Files.readString(one));
    assertEquals("2", Files.readString(two));
  }
}
