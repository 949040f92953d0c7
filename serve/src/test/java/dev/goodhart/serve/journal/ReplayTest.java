package dev.goodhart.serve.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.run.Progress;
import dev.goodhart.serve.scoring.Scoring;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
  @TempDir Path folder;

  /** What the response says: a number, or that there is none. */
  record Said() implements Signal {
    @Override
    public Reward of(Sample sample) {
      return sample.response().isEmpty()
          ? Reward.unscored("empty: nothing said")
          : Reward.of(Double.parseDouble(sample.response()));
    }
  }

  private static final RewardSpec NOW = RewardSpec.of("correct", new Said());

  /** The response is what it earns now. */
  private void journal(String... nowAndThen) {
    try (Journal journal = new Journal(folder, new Keeping(20_000, 0, true, false))) {
      for (int i = 0; i < nowAndThen.length; i += 2) {
        String then = nowAndThen[i + 1];
        Reward reward =
            then.isEmpty() ? Reward.unscored("timeout") : Reward.of(Double.parseDouble(then));
        journal.scored(
            Batches.asked("" + i, "r", null),
            List.of(Batches.scoring(Batches.sample("s" + i, nowAndThen[i]), reward)),
            "v1");
      }
    }
  }

  @Test
  void itCountsWhatChanged() {
    journal("1", "1", "0.5", "0", "2", "-1", "1", "", "", "1", "", "", "1", "1");

    ReplayReport report = Replay.of(folder, NOW, Progress.NONE);

    // Both times with a number: 1 0 -1 1 then, 1 0.5 2 1 now.
    var expected = new ReplayReport.Comparison(3, 2, 1, 1, 0.25, 1.125);
    assertEquals(expected, report.total());
    assertEquals(Map.of("correct", expected), report.parts());
    assertEquals(Map.of("v1", 7L), report.versions());
    assertEquals(Map.of("empty", 1L), report.newlyUnscored());
    assertEquals(Map.of(), report.notReplayable());
    assertEquals(
        List.of("s4", "s2", "s6", "s8"),
        report.examples().stream().map(ReplayReport.Example::id).toList());
    assertTrue(report.anyChange());
    assertTrue(report.text().contains("-1.00000 -> 2.00000"), report.text());
    assertTrue(report.text().contains("1.00000 -> unscored, empty: nothing said"), report.text());
  }

  @Test
  void theSameCodeGivesTheSame() throws Exception {
    journal("1", "1", "0.123456", "0.12345600001");
    Path file = Batches.files(folder).getFirst();
    Path packed = folder.resolve("old.jsonl.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }

    assertFalse(Replay.of(folder, NOW, Progress.NONE).anyChange());
    assertEquals(2, Replay.of(packed, NOW, Progress.NONE).total().same());
  }

  @Test
  void whatCannotBeScoredAgainIsSaid() throws Exception {
    journal("1", "1");
    Path file = Batches.files(folder).getFirst();
    String line = Files.readString(file);
    try (Journal journal = new Journal(folder, new Keeping(1, 0, false, false))) {
      journal.scored(Batches.asked("9", "r", null), Batches.batch(1, "1"), "v1");
    }
    Files.writeString(
        file,
        "{}\n" + line.replace("\"response\":\"1\"", "\"response\":\"2\"") + "{\"time\":",
        StandardOpenOption.APPEND);

    ReplayReport report = Replay.of(folder, NOW, Progress.NONE);

    assertEquals(1, report.total().same());
    assertEquals(
        Map.of(
            "its texts were left out", 1L,
            "it does not read back as it was scored", 1L,
            "not a line of a journal", 1L),
        report.notReplayable());
  }

  @Test
  void aPartsOwnPartsAreComparedToo() {
    Sample sample = Batches.sample("a", "1");
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      Reward then = Reward.of(1).withParts(Map.of("correct", ensemble(0.25, 0.75)));
      journal.scored(
          Batches.asked("1", "r", null),
          List.of(
              new Scoring(sample, dev.goodhart.serve.scoring.Digests.of(sample), then, Map.of())),
          "v1");
    }
    Signal now = each -> ensemble(0.5, 0.75);

    ReplayReport report = Replay.of(folder, RewardSpec.of("correct", now), Progress.NONE);

    assertEquals(
        new ReplayReport.Comparison(0, 1, 0, 0, 0.25, 0.5), report.parts().get("correct/0"));
    assertEquals(1, report.parts().get("correct/1").same());
  }

  private static Reward ensemble(double one, double two) {
    return Reward.of(1).withParts(Map.of("0", Reward.of(one), "1", Reward.of(two)));
  }

  @Test
  void progressCoversTheWholeJournal() throws Exception {
    String[] many = new String[2000];
    java.util.Arrays.fill(many, "1");
    journal(many);
    AtomicLong total = new AtomicLong();
    AtomicLong done = new AtomicLong();
    Progress progress =
        new Progress() {
          @Override
          public void start(String what, long all) {
            total.set(all);
          }

          @Override
          public void advance(long by) {
            done.addAndGet(by);
          }

          @Override
          public void done() {}
        };

    assertEquals(1000, Replay.of(folder, NOW, progress).total().same());

    long files = Batches.files(folder).size();
    assertTrue(total.get() - files <= done.get() && done.get() <= total.get(), done + "/" + total);
  }

  @Test
  void noJournalIsAUserError() {
    assertThrows(GoodhartException.class, () -> Replay.of(folder, NOW, Progress.NONE));
    assertThrows(
        GoodhartException.class, () -> Replay.of(folder.resolve("none"), NOW, Progress.NONE));
  }
}
