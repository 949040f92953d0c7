package dev.goodhart.neural.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Fixtures.NextToken;
import dev.goodhart.run.MetricsLog;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final List<int[]> DATA = Fixtures.counting(60, 17, 12, 1);
  private static final List<int[]> HELD_OUT = Fixtures.counting(20, 17, 12, 2);

  private static Recipe recipe(int epochs, double rate, int patience) {
    return new Recipe(
        epochs, 8, 64, new Schedule(rate, 0.1, 0.1), AdamW.standard(), 1, 4, patience, 5);
  }

  private record Trained(Trainer.Result result, double[] weights, double loss) {}

  private static Trained train(Recipe recipe, Path folder, boolean resume, Progress progress) {
    Decoder decoder = Fixtures.decoder(17, 16, 1);
    try (Parameters parameters = Parameters.of(decoder)) {
      var task = new NextToken(parameters.decoder(decoder));
      var result =
          new Trainer<>(recipe, 3, parameters, task)
              .keptIn(folder, resume)
              .reporting(progress)
              .train(DATA, HELD_OUT);
      try (var learner = new Learner<>(parameters, task, AdamW.standard(), 1000, 1)) {
        return new Trained(
            result, Ops.doubles(parameters.values()), learner.evaluate(HELD_OUT).loss());
      }
    }
  }

  @Test
  void learnsToCount(@TempDir Path folder) throws IOException {
    Trained trained = train(recipe(12, 1e-2, 0), folder, false, Progress.NONE);

    // 60 examples in steps of at most 8: 8 steps an epoch.
    assertEquals(96, trained.result.steps());
    // One of two steps must be guessed at the first token: below half of ln 17.
    assertTrue(trained.loss < Math.log(17) / 2, "loss " + trained.loss);
    assertEquals(trained.result.bestLoss(), trained.loss, 1e-5);
    List<String> rows = Files.readAllLines(folder.resolve(MetricsLog.FILE));
    assertEquals(96, rows.size());
    assertTrue(rows.get(3).contains("\"evaluation/loss\":"), rows.get(3));
  }

  @Test
  void endsEarlyWithTheBestWeights(@TempDir Path folder) {
    // A rate far too high: it gets worse from the first evaluation or soon after.
    Trained trained = train(recipe(50, 2, 3), folder, false, Progress.NONE);

    assertEquals(trained.result.bestStep() + 3 * 4, trained.result.steps());
    assertEquals(trained.result.bestLoss(), trained.loss, 1e-5);
  }

  @Test
  void everyExampleIsSeenOnceAnEpoch() {
    var order = new Order(10, 3, 4);
    List<Integer> all = IntStream.range(0, 10).boxed().toList();
    List<List<Integer>> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < 2; epoch++) {
      List<Integer> seen = new ArrayList<>();
      for (int step = 0; step < 3; step++) {
        List<Integer> batch = order.batch(3L * epoch + step, all);
        assertTrue(batch.size() == 3 || batch.size() == 4, batch.toString());
        seen.addAll(batch);
      }
      assertEquals(all, seen.stream().sorted().toList());
      epochs.add(seen);
    }
    assertTrue(!epochs.get(0).equals(epochs.get(1)));
    assertEquals(epochs.get(0).subList(0, 3), new Order(10, 3, 4).batch(0, all));
  }

  @Test
  void passesStayBelowTheirTokensAndLoseNothing() {
    Task<int[]> task = new NextToken(Fixtures.decoder(17, 16, 1));
    List<List<int[]>> passes = Passes.of(DATA, task, 30);

    assertEquals(60, passes.stream().flatMap(List::stream).distinct().count());
    for (List<int[]> pass : passes) {
      assertTrue(pass.stream().mapToInt(e -> e.length).sum() <= 30);
    }
    // Longer than a pass: alone.
    assertEquals(60, Passes.of(DATA, task, 1).size());
  }

  @Test
  void aTrainingThatWasStoppedGoesOnAsIfItHadNotBeen(@TempDir Path folder) throws IOException {
    Trained whole = train(recipe(3, 1e-2, 0), folder.resolve("whole"), false, Progress.NONE);
    Path stopped = folder.resolve("stopped");
    for (int at : new int[] {3, 7, 8, 1}) {
      assertThrows(Stop.class, () -> train(recipe(3, 1e-2, 0), stopped, true, new StopAfter(at)));
    }
    Trained resumed = train(recipe(3, 1e-2, 0), stopped, true, Progress.NONE);

    assertArrayEquals(whole.weights, resumed.weights, 0);
    assertEquals(whole.result, resumed.result);
    assertEquals(rows(folder.resolve("whole")), rows(stopped));
    // And once it is over, there is nothing left to do.
    Trained again = train(recipe(3, 1e-2, 0), stopped, true, new StopAfter(1));
    assertArrayEquals(whole.weights, again.weights, 0);
  }

  private static List<String> rows(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve(MetricsLog.FILE)).stream()
        .map(row -> row.replaceAll("\"tokens-per-second\":[0-9.E]+", ""))
        .toList();
  }

  @Test
  void aFullDiskIsAnErrorAndTheLastCheckpointStands(@TempDir Path folder) throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full here");
    assertThrows(Stop.class, () -> train(recipe(3, 1e-2, 0), folder, true, new StopAfter(7)));
    Path checkpoint = folder.resolve(Checkpoint.FILE);
    byte[] before = Files.readAllBytes(checkpoint);
    // What is written through this link meets a disk without room.
    Files.createSymbolicLink(folder.resolve("." + Checkpoint.FILE + ".partial"), full);

    var e =
        assertThrows(
            GoodhartException.class, () -> train(recipe(3, 1e-2, 0), folder, true, Progress.NONE));

    assertEquals(checkpoint + ": cannot be written: No space left on device", e.getMessage());
    assertArrayEquals(before, Files.readAllBytes(checkpoint));
    Trained resumed = train(recipe(3, 1e-2, 0), folder, true, Progress.NONE);
    Trained whole = train(recipe(3, 1e-2, 0), folder.resolve("whole"), false, Progress.NONE);
    assertArrayEquals(whole.weights, resumed.weights, 0);
  }

  @Test
  void aDamagedCheckpointIsAnError(@TempDir Path folder) throws IOException {
    assertThrows(Stop.class, () -> train(recipe(3, 1e-2, 0), folder, true, new StopAfter(7)));
    Path checkpoint = folder.resolve(Checkpoint.FILE);
    byte[] whole = Files.readAllBytes(checkpoint);
    Files.write(checkpoint, Arrays.copyOf(whole, whole.length / 2));

    var e =
        assertThrows(
            GoodhartException.class, () -> train(recipe(3, 1e-2, 0), folder, true, Progress.NONE));

    assertTrue(e.getMessage().startsWith(checkpoint + ": damaged"), e.getMessage());
  }

  @Test
  void twoTrainingsDoNotShareAFolder(@TempDir Path folder) {
    var inside =
        new Progress() {
          @Override
          public void start(String what, long total) {
            var e =
                assertThrows(
                    GoodhartException.class,
                    () -> train(recipe(1, 1e-2, 0), folder, false, Progress.NONE));
            assertEquals(folder + ": another training is under way in this folder", e.getMessage());
          }

          @Override
          public void advance(long by) {}

          @Override
          public void done() {}
        };

    assertEquals(8, train(recipe(1, 1e-2, 0), folder, false, inside).result.steps());
  }

  @Test
  void theCheckpointOfAnotherTrainingIsRefused(@TempDir Path folder) {
    train(recipe(1, 1e-2, 0), folder, false, Progress.NONE);

    var e =
        assertThrows(
            GoodhartException.class, () -> train(recipe(1, 2e-2, 0), folder, true, Progress.NONE));

    assertTrue(e.getMessage().contains("belongs to another training"), e.getMessage());
  }

  @Test
  void progressTellsTheSpeed(@TempDir Path folder) {
    List<String> notes = new ArrayList<>();
    train(
        recipe(1, 1e-2, 0),
        folder,
        false,
        new Progress() {
          @Override
          public void start(String what, long total) {
            notes.add(what + " of " + total);
          }

          @Override
          public void note(String text) {
            notes.add(text);
          }

          @Override
          public void advance(long by) {}

          @Override
          public void done() {}
        });

    assertEquals("training, step of 8", notes.getFirst());
    assertTrue(notes.getLast().matches("[\\d,]+ tokens/s, loss \\d\\.\\d{4}"), notes.getLast());
    assertEquals(9, notes.size(), Arrays.toString(notes.toArray()));
  }

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class StopAfter implements Progress {
    private int left;

    StopAfter(int steps) {
      left = steps;
    }

    @Override
    public void start(String what, long total) {}

    @Override
    public void advance(long by) {
      if (--left == 0) throw new Stop();
    }

    @Override
    public void done() {}
  }
}
