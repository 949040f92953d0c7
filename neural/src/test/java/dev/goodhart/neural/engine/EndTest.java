package dev.goodhart.neural.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndTest {
  @Test
  void aProcessThatIsAskedToEndFinishesThePassAndBeginsNoOther(@TempDir Path folder)
      throws Exception {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.library.path=",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Busy.class.getName())
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (process.isAlive() && Files.size(out) == 0) Thread.sleep(5);
    process.destroy(); // SIGTERM; Ctrl-C does the same
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still there");
    assertEquals(128 + 15, process.exitValue());
    assertEquals(List.of("computing", "finished"), Files.readAllLines(out));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(out), left.toList(), "a crash leaves a file");
    }
  }
}
