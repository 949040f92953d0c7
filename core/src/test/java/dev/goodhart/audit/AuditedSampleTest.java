package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Length.Unit;
import dev.goodhart.spec.RewardSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class AuditedSampleTest {
  private static final AuditedSample MONITOR =
      new AuditedSample(new Length(Unit.CHARACTERS), 0.05, 0.2, 0.3, 10, 1);

  private static List<Finding> pairs(Monitor.Watch watch, IntUnaryOperator trusted, int count) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      findings.addAll(watch.audited(Reward.of(i % 10), Reward.of(trusted.applyAsInt(i % 10))));
    }
    return findings;
  }

  @Test
  void aRewardThatPartsFromWhatIsTrustedIsTold() {
    Monitor.Watch watch = MONITOR.start();

    assertEquals(List.of(), pairs(watch, i -> i * i, 40), "the same order");
    List<Finding> findings = pairs(watch, i -> -i, 10);

    // By the tenth the order is reversed; the alarm comes on the way there, once.
    assertEquals(1, findings.size());
    double told = findings.getFirst().figures().getOrDefault("correlation", Double.NaN);
    // Fisher's z of 0.999 is 3.80, three standard errors are 3 √(2/7) = 1.60: r ≤ tanh(2.20) =
    // 0.976, so that the drop of 0.3 decides.
    assertTrue(told <= 0.7, findings.toString());
    assertEquals(1, findings.getFirst().figures().get("at-first"), 1e-12);
    assertTrue(
        findings.getFirst().says().startsWith("On the last 10 audited samples the reward goes"),
        findings.toString());
  }

  @Test
  void aRewardThatNeverWentWithItIsToldAtOnce() {
    assertEquals(1, pairs(MONITOR.start(), i -> -i, 10).size());
  }

  @Test
  void correlationIsSpearmans() {
    // Ranks 1..10 against 2 1 4 3 6 5 8 7 10 9: Σd² = 10, 1 − 6·10/(10·99) = 0.939; then with the
    // halves swapped, 6..10 1..5: Σd² = 250, 1 − 1500/990 = −0.515.
    Monitor.Watch watch = MONITOR.start();
    assertEquals(List.of(), pairs(watch, i -> i ^ 1, 10));
    Monitor.Watch other = MONITOR.start();
    Finding swapped = pairs(other, i -> (i + 5) % 10, 10).getFirst();
    assertEquals(1 - 1500.0 / 990, swapped.figures().get("correlation"), 1e-12);
  }

  @Test
  void whatIsConstantOrUnscoredHasNoCorrelation() {
    assertEquals(List.of(), pairs(MONITOR.start(), i -> 1, 100));
    Monitor.Watch watch = MONITOR.start();
    for (int i = 0; i < 100; i++) {
      assertEquals(List.of(), watch.audited(Reward.of(i), Reward.unscored("judge failed: 502")));
      assertEquals(List.of(), watch.audited(Reward.unscored("timeout: 5 s"), Reward.of(-i)));
    }
  }

  @Test
  void theShareIsTakenByDigestAndAlwaysTheSame() {
    SplittableRandom random = new Seeds(5).of("digests", 0);
    int picked = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[16];
      random.nextBytes(bytes);
      String digest = HexFormat.of().formatHex(bytes);
      picked += MONITOR.picks(digest) ? 1 : 0;
      assertEquals(MONITOR.picks(digest), MONITOR.picks(digest));
    }
    // 1,000 with a deviation of 31.
    assertEquals(1000, picked, 124);
    assertTrue(MONITOR.picks("0".repeat(32)));
    assertTrue(new AuditedSample(new Length(Unit.WORDS), 1, 0, 0.3, 10, 1).picks("f".repeat(32)));
  }

  @Test
  void aSpecNamesItsTrustedSignal() {
    RewardSpec spec =
        RewardSpec.parse(
            """
            signals: { length: { length: {} } }
            monitor:
              - audited-sample: { signal: { length: { unit: words } }, share: 0.1 }
              - format-share: { format: { length: {} } }
            """,
            "spec.yaml",
            Path.of("."));
    assertEquals(
        List.of(
            new AuditedSample(new Length(Unit.WORDS), 0.1, 0.2, 0.3, 100, 4),
            new FormatShare(new Length(Unit.CHARACTERS), 0.2, 5)),
        spec.monitor());
    assertEquals(spec, RewardSpec.parse(spec.toYaml(Path.of(".")), "again.yaml", Path.of(".")));
  }

  @Test
  void thresholdsAreChecked() {
    Length length = new Length(Unit.WORDS);
    assertThrows(
        IllegalArgumentException.class, () -> new AuditedSample(length, 0, 0.2, 0.3, 100, 4));
    assertThrows(
        IllegalArgumentException.class, () -> new AuditedSample(length, 0.1, 1, 0.3, 100, 4));
    assertThrows(
        IllegalArgumentException.class, () -> new AuditedSample(length, 0.1, 0.2, 0, 100, 4));
    assertThrows(
        IllegalArgumentException.class, () -> new AuditedSample(length, 0.1, 0.2, 0.3, 9, 4));
    assertThrows(
        IllegalArgumentException.class, () -> new AuditedSample(length, 0.1, 0.2, 0.3, 100, 0));
  }
}
