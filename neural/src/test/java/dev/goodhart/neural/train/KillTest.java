package dev.goodhart.neural.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.run.MetricsLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training in another process, killed with SIGKILL again and again and resumed each time.
 *
 * <p>{@code -Dgoodhart.kills=300} makes a long test of it.
 */
class KillTest {
  private static final int KILLS = Integer.getInteger("goodhart.kills", 20);

  @Test
  void killedAtAnyMomentItEndsWithTheSameBits(@TempDir Path folder) throws Exception {
    assertEquals(0, finish(start(folder.resolve("whole"))));
    byte[] expected = weights(folder.resolve("whole"));
    List<String> metrics = metrics(folder.resolve("whole"));

    List<Callable<Integer>> chains = new ArrayList<>();
    for (int chain = 0; chain < 2; chain++) {
      int number = chain;
      chains.add(() -> killed(folder, number, expected, metrics));
    }
    int inWriting = 0;
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (Future<Integer> chain : threads.invokeAll(chains)) inWriting += chain.get();
    }
    assertTrue(inWriting >= KILLS / 10, "kills while a checkpoint was written: " + inWriting);
  }

  /** Runs trainings until there were enough kills. */
  private static int killed(Path folder, int chain, byte[] expected, List<String> metrics)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(chain);
    int kills = 0;
    int inWriting = 0;
    for (int run = 0; kills < KILLS / 2; run++) {
      Path own = folder.resolve(chain + "-" + run);
      boolean over = false;
      while (!over && kills < KILLS / 2) {
        Process process = start(own);
        BufferedReader out = process.inputReader();
        String line;
        do {
          line = out.readLine();
        } while (line != null && !line.equals("started"));
        over = process.waitFor(random.nextInt(250), TimeUnit.MILLISECONDS);
        if (over) break;
        if (random.nextBoolean()) waitForWriting(own, process);
        process.destroyForcibly().waitFor();
        kills++;
        if (Files.exists(partial(own))) inWriting++;
      }
      if (!over) assertEquals(0, finish(start(own)));
      assertArrayEquals(expected, weights(own), "chain " + chain + ", run " + run);
      assertEquals(metrics, metrics(own));
    }
    return inWriting;
  }

  private static Path partial(Path folder) {
    return folder.resolve("." + Checkpoint.FILE + ".partial");
  }

  private static void waitForWriting(Path folder, Process process) {
    long end = System.nanoTime() + 1_000_000_000L;
    while (!Files.exists(partial(folder)) && process.isAlive() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static Process start(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Djava.library.path=",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Killed.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static int finish(Process process) throws InterruptedException {
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "does not end");
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static byte[] weights(Path folder) throws IOException {
    return Files.readAllBytes(folder.resolve(Killed.WEIGHTS));
  }

  /** Without the times. */
  private static List<String> metrics(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve(MetricsLog.FILE)).stream()
        .map(row -> row.replaceAll("\"tokens-per-second\":[0-9.E]+", ""))
        .toList();
  }
}
