package dev.goodhart.neural.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run in another process, killed with SIGKILL again and again and resumed each time.
 *
 * <p>{@code -Dgoodhart.kills=100} makes a long test of it.
 */
class KilledRunTest {
  private static final int KILLS = Integer.getInteger("goodhart.kills", 5);

  @Test
  void killedAtAnyMomentItEndsWithTheSameBits(@TempDir Path folder) throws Exception {
    Path whole = folder.resolve("whole");
    assertEquals(0, start(whole).waitFor());
    SplittableRandom random = new SplittableRandom(7);
    int kills = 0;
    for (int run = 0; kills < KILLS; run++) {
      Path own = folder.resolve("run-" + run);
      boolean over = false;
      while (!over && kills < KILLS) {
        Process process = start(own);
        String line;
        do {
          line = process.inputReader().readLine();
        } while (line != null && !line.equals("started"));
        over = process.waitFor(300 + random.nextInt(2000), TimeUnit.MILLISECONDS);
        if (!over) {
          process.destroyForcibly().waitFor();
          kills++;
        }
      }
      if (!over) assertEquals(0, start(own).waitFor());
      for (String file :
          List.of(
              "checkpoint.safetensors",
              "rollouts.jsonl",
              "examples.jsonl",
              "model/model.safetensors")) {
        assertArrayEquals(
            Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(own.resolve(file)), file);
      }
      assertEquals(Runs.metrics(whole), Runs.metrics(own));
    }
  }

  private static Process start(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.library.path=",
            "-Dgoodhart.threads=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledRun.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
