package dev.goodhart.neural.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndTest {
  @TempDir Path folder;

  @Test
  void aProcessThatIsAskedToEndWhileItComputesEndsWithoutACrash() throws Exception {
    for (int i = 0; i < 2; i++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djava.library.path=",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Busy.class.getName())
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertEquals("computing", process.inputReader().readLine());
      Thread.sleep(20L * i);
      process.destroy(); // SIGTERM, as Ctrl-C would be
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still there");
      assertEquals(128 + 15, process.exitValue());
    }
    assertEquals(List.of(), left());
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
