package dev.goodhart.neural.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Fixtures.NextToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code -Dgoodhart.memory.steps=10000} makes a long test of it. */
class MemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int STEPS = Integer.getInteger("goodhart.memory.steps", 300);

  @Test
  void nativeMemoryStaysFlat() throws IOException {
    assumeTrue(Files.exists(STATUS), "needs Linux to tell the memory of a process");
    // A step's tensors take a megabyte: a leak of a hundredth of them would be seen.
    Decoder decoder = Fixtures.decoder(64, 32, 2);
    List<int[]> data = Fixtures.counting(STEPS, 64, 24, 1);
    try (Parameters parameters = Parameters.of(decoder);
        var learner =
            new Learner<>(
                parameters, new NextToken(parameters.decoder(decoder)), AdamW.standard(), 60, 1)) {
      var order = new Order(data.size(), data.size() / 6, 1);
      for (int i = 0; i < 200; i++) learner.step(order.batch(i, data), 1e-3);
      System.gc();
      long before = resident();
      long most = 0;
      for (int i = 0; i < STEPS; i++) {
        learner.step(order.batch(i, data), 1e-3);
        if (i % 100 == 99) most = Math.max(most, resident());
      }
      System.gc();
      long grown = Math.min(most, resident()) - before;
      assertTrue(grown < 24_000, "grew by " + grown + " kB in " + STEPS + " steps");
    }
  }

  private static long resident() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
