package dev.goodhart.neural.reward;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The whole run: {@code -Dgoodhart.memory.calls=100000}, some minutes. */
class ScoringMemoryTest {
  private static final int CALLS = Integer.getInteger("goodhart.memory.calls", 3_000);

  @Test
  void scoringLeavesNothingBehind() throws IOException {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "Linux tells its memory");
    DecoderConfig config = DecoderConfig.tiny(40, DecoderConfig.Special.NONE).withLabels(2);
    Decoder decoder = HfFolder.random(config, 1, Device.CPU);
    RewardNet net = new RewardNet(List.of(decoder), 1);
    SplittableRandom random = new SplittableRandom(1);
    long before = 0;
    for (int call = 0; call < CALLS; call++) {
      List<Encoded> samples = new ArrayList<>();
      for (int i = 0; i <= call % 4; i++) {
        samples.add(Encoded.of(random.ints(1 + random.nextInt(24), 0, 40).toArray()));
      }
      net.scores(samples);
      if (call == CALLS / 3) before = resident();
    }
    long grown = resident() - before;

    assertTrue(grown < 24 << 20, "grew by " + (grown >> 10) + " KiB in " + CALLS + " calls");
    System.out.printf("%,d score calls: resident memory grew by %,d KiB%n", CALLS, grown >> 10);
  }

  private static long resident() throws IOException {
    System.gc();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
    throw new IOException("no VmRSS");
  }
}
