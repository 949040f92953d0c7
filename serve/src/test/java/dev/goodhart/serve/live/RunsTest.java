package dev.goodhart.serve.live;

import static dev.goodhart.serve.live.PlayedRun.parts;
import static dev.goodhart.serve.live.PlayedRun.rewards;
import static dev.goodhart.serve.live.PlayedRun.scoring;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.audit.AuditedSample;
import dev.goodhart.audit.Finding;
import dev.goodhart.audit.LengthDrift;
import dev.goodhart.audit.Monitor;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Scoring;
import dev.goodhart.signal.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunsTest {
  @Test
  void aStepIsOverWhenTheNextHasHalfAsMany() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      played.send("r", 0L, rewards(0, 1, 1, 2));
      played.send("r", 1L, rewards(5));
      assertEquals(List.of(), played.run("r").points(0), "one of four");
      played.send("r", 0L, rewards(6, 6));
      played.send("r", 1L, rewards(5, 5));

      List<Point> points = played.run("r").points(0);
      assertEquals(1, points.size());
      Point point = points.getFirst();
      assertEquals(0L, point.step());
      assertEquals(6, point.samples());
      Summary reward = point.reward();
      assertNotNull(reward);
      // 0 1 1 2 6 6: mean 16/6, squares about it 78 − 6 · (16/6)².
      assertEquals(16 / 6.0, reward.mean(), 1e-12);
      assertEquals(Math.sqrt((78 - 256 / 6.0) / 5), reward.deviation(), 1e-12);
      assertEquals(1.5, reward.median(), 1e-12);
      assertEquals(0.5, reward.low(), 1e-12);
      assertEquals(6, reward.high(), 1e-12);
    }
  }

  @Test
  void aStepIsOverWhenTheOneAfterNextBeginsOrAfterAMinuteOfSilence() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      played.send("r", 7L, rewards(0, 1, 1, 2));
      played.send("r", 8L, rewards(0));
      played.send("r", 9L, rewards(0));
      assertEquals(2, played.run("r").points(0).size(), "seven, and eight with it");
      played.pass(Duration.ofSeconds(59));
      assertEquals(2, played.run("r").points(0).size());
      played.pass(Duration.ofSeconds(1));
      assertEquals(List.of(7L, 8L, 9L), steps(played.run("r")));
    }
  }

  @Test
  void whatComesTooLateIsCounted() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      played.send("r", 1L, rewards(0, 1));
      played.send("r", 2L, rewards(0, 1));
      played.send("r", 1L, rewards(9, 9, 9));

      assertEquals(3, played.run("r").totals().late());
      assertEquals(7, played.run("r").totals().samples());
      assertEquals(2, played.run("r").points(0).getFirst().samples());
    }
  }

  @Test
  void aRunThatIsResumedFromAnEarlierStepGoesOn() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      played.send("r", 100L, rewards(0, 1));
      played.send("r", 101L, rewards(0, 1));
      played.pass(Duration.ofMinutes(2));
      played.send("r", 90L, rewards(0, 1));
      played.send("r", 91L, rewards(0, 1));
      assertEquals(List.of(100L, 101L, 90L), steps(played.run("r")));
      assertEquals(0, played.run("r").totals().late());
    }
  }

  @Test
  void aSamplesOwnStepGoesFirst() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      Sample third = new Sample("", Prompt.of("p"), "r", null, Map.of("step", 3));
      played.send("r", 1L, List.of(scoring(third, Reward.of(1))));
      assertEquals(3L, played.run("r").totals().step());
    }
  }

  @Test
  void withoutStepsAWindowIsSoManySamplesOrSoMuchTime() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      double[] many = new double[300];
      played.send("r", null, rewards(many));
      assertEquals(0, played.run("r").points(0).size(), "not within a second");
      played.pass(Duration.ofSeconds(1));
      assertEquals(1, played.run("r").points(0).size());
      assertEquals(300, played.run("r").points(0).getFirst().samples());

      played.send("r", null, rewards(new double[15]));
      played.pass(Duration.ofMinutes(1));
      assertEquals(1, played.run("r").points(0).size(), "fifteen are too few after a minute");
      played.send("r", null, rewards(1));
      assertEquals(2, played.run("r").points(0).size());

      played.send("r", null, rewards(1));
      played.pass(Duration.ofMinutes(10));
      assertEquals(3, played.run("r").points(0).size(), "after ten minutes any will do");
    }
  }

  @Test
  void unscoredSamplesAreNoZerosAndPartsHaveCurvesOfTheirOwn() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      played.send(
          "r",
          0L,
          List.of(
              scoring("p", "a", parts(3, Map.of("x", Reward.of(1), "y", Reward.of(2)))),
              scoring(
                  "p",
                  "bcd",
                  Reward.unscored("y failed: no")
                      .withParts(Map.of("x", Reward.of(5), "y", Reward.unscored("no: verdict"))))));
      played.pass(Duration.ofMinutes(1));

      Point point = played.run("r").points(0).getFirst();
      assertEquals(1, point.unscored());
      assertEquals(3, mean(point.reward()));
      assertEquals(3, mean(point.parts().get("x")));
      assertEquals(2, mean(point.parts().get("y")));
      assertEquals(2, mean(point.length()));
      Health y =
          played.runs.signals().stream()
              .filter(h -> h.signal().equals("y"))
              .findFirst()
              .orElseThrow();
      assertEquals(2, y.samples());
      assertEquals(1, y.unscored());
      assertEquals("no", y.reason());
      assertEquals(1, y.median(), 0.09);
    }
  }

  @Test
  void anAlarmReachesTheClientTheLogAndWhoeverListens() throws Exception {
    try (PlayedRun played = new PlayedRun(new LengthDrift(1.5, 3, 2))) {
      List<Finding> told = List.of();
      for (long step = 0; step < 10; step++) {
        String response = "x".repeat(step < 5 ? 100 : 300);
        Scoring scoring = scoring("p", response, Reward.of(1));
        told = played.send("r", step, List.of(scoring, scoring));
      }

      assertEquals(1, played.alarms.size());
      Alarm alarm = played.alarms.getFirst();
      assertEquals("r", alarm.run());
      assertEquals(5L, alarm.step());
      assertEquals("length-drift", alarm.finding().name());
      assertEquals(List.of(alarm.finding()), told);
      assertEquals(List.of(alarm), played.run("r").alarms());
      assertEquals(List.of(), played.send("other", 0L, rewards(1)), "another run has none");

      played.pass(Duration.ofMinutes(11));
      for (long step = 10; step < 22; step++) told = played.send("r", step, rewards(1, 1));
      assertTrue(told.stream().noneMatch(f -> f.equals(alarm.finding())), "it is old news by now");
    }
  }

  @Test
  void aMonitorThatFailsIsSwitchedOffAndTheOthersGoOn() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Monitor broken =
        () ->
            (samples, rewards) -> {
              asked.incrementAndGet();
              throw new IllegalStateException("broken: on purpose");
            };
    try (PlayedRun played = new PlayedRun(broken, new LengthDrift(1.5, 3, 2))) {
      for (long step = 0; step < 10; step++) {
        Scoring scoring = scoring("p", "x".repeat(step < 5 ? 100 : 300), Reward.of(1));
        played.send("r", step, List.of(scoring, scoring));
      }
      assertEquals(1, asked.get());
      assertEquals(1, played.alarms.size());
    }
  }

  @Test
  void aMonitorThatHangsHoldsUpNoRequest() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Monitor hanging =
        () ->
            (samples, rewards) -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return List.of();
            };
    try (PlayedRun played = new PlayedRun(hanging)) {
      Asked asked = new Asked("1", "test", "anyone", "r", 1L, Long.MAX_VALUE, null);
      Asked next = asked.of("r", 2L);
      List<Scoring> scorings = rewards(1, 2);
      for (int i = 0; i < 100_000; i++) {
        played.runs.scored(i < 10 ? asked : next, scorings, "v");
      }
      Runs.Totals totals = played.runs.totals();
      assertEquals(200_000, totals.heard());
      assertTrue(totals.dropped() > 100_000, totals.toString());
      never.countDown();
    }
  }

  @Test
  void aShareIsAuditedBesideTheRequests() throws Exception {
    // The reward counts characters; what is wanted is the opposite.
    Signal trusted = sample -> Reward.of(-sample.response().length());
    try (PlayedRun played = new PlayedRun(new AuditedSample(trusted, 0.5, 0.2, 0.3, 20, 2))) {
      for (int i = 0; i < 100; i++) {
        played.send("r", (long) i, List.of(scoring("p", "x".repeat(i), Reward.of(i))));
      }
      for (int i = 0; i < 500 && played.alarms.isEmpty(); i++) Thread.sleep(10);

      assertEquals(
          List.of("audited-sample"), played.alarms.stream().map(a -> a.finding().name()).toList());
      assertEquals(-1, played.alarms.getFirst().finding().figures().get("correlation"));
      long audited = played.run("r").totals().audited();
      assertTrue(audited >= 20 && audited < 80, audited + " of 100");
    }
  }

  @Test
  void aTrustedSignalThatHangsHoldsNothingUp() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Signal hanging =
        sample -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Reward.unscored("interrupted");
        };
    try (PlayedRun played = new PlayedRun(new AuditedSample(hanging, 1, 0.2, 0.3, 20, 1))) {
      for (int i = 0; i < 400; i++) {
        played.send("r", (long) i, List.of(scoring("p" + i, "x", Reward.of(i))));
      }
      // One is being asked about and 256 wait.
      assertEquals(400 - 257, played.runs.totals().unaudited());
      assertEquals(400, played.run("r").totals().samples());
    }
  }

  @Test
  void theRunUnheardOfForLongestMakesRoom() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      for (int i = 0; i < 64; i++) {
        played.send("run " + i, 0L, rewards(1));
        played.advance(Duration.ofMillis(1));
      }
      played.send("run 0", 0L, rewards(1));
      played.advance(Duration.ofMillis(1));
      played.send("one more", 0L, rewards(1));

      assertEquals(64, played.runs.runs().size());
      assertTrue(played.runs.run("run 0").isPresent());
      assertTrue(played.runs.run("run 1").isEmpty());
      assertEquals("one more", played.runs.runs().getFirst().name());
    }
  }

  @Test
  void aLongRunIsThinnedWhereItIsOldest() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      for (int step = 0; step < 3000; step++) played.send("r", (long) step, rewards(step, step));

      List<Long> steps = steps(played.run("r"));
      assertTrue(steps.size() <= 1024 && steps.size() > 700, steps.size() + " points");
      assertEquals(0L, steps.getFirst());
      assertEquals(2998L, steps.getLast());
      List<Long> sorted = new ArrayList<>(steps);
      Collections.sort(sorted);
      assertEquals(sorted, steps);
      assertEquals(
          IntStream.range(2900, 2999).mapToObj(Long::valueOf).toList(),
          steps.subList(steps.size() - 99, steps.size()));
    }
  }

  @Test
  void whatThereIsNoRoomForIsLeftOutAndCounted() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      String huge = "x".repeat(20 << 20);
      List<Scoring> heavy =
          List.of(scoring("p", huge, Reward.of(1)), scoring("p", huge, Reward.of(1)));
      played.send("r", 0L, heavy);
      assertEquals(2, played.runs.totals().dropped());
      assertEquals(2, played.runs.totals().heard());
      assertTrue(played.runs.run("r").isEmpty());
    }
  }

  @Test
  void veryLongResponsesAreKeptWithoutTheirMiddle() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      String text = "begin " + "x".repeat(1 << 20) + " end";
      played.send("r", 0L, List.of(scoring("p", text, Reward.of(1))));
      Seen seen = played.run("r").latest().getFirst();
      assertEquals(text.length(), seen.length());
      assertTrue(seen.sample().response().length() <= 4000);
      assertTrue(seen.sample().response().startsWith("begin x"));
      assertTrue(seen.sample().response().endsWith("x end"));
    }
  }

  @Test
  void manyThreadsAreAllHeard() throws Exception {
    try (PlayedRun played = new PlayedRun()) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        String run = "run " + t % 2;
        threads.add(
            Thread.startVirtualThread(
                () -> {
                  Asked asked = new Asked("1", "test", "anyone", run, 1L, Long.MAX_VALUE, null);
                  for (int i = 0; i < 500; i++) played.runs.scored(asked, rewards(1, 2), "v");
                }));
      }
      for (Thread thread : threads) thread.join();
      played.runs.settle();
      assertEquals(8000, played.runs.totals().heard());
      assertEquals(0, played.runs.totals().dropped());
      assertEquals(4000, played.run("run 0").totals().samples());
      assertEquals(4000, played.run("run 1").totals().samples());
    }
  }

  private static double mean(@org.jspecify.annotations.Nullable Summary summary) {
    assertNotNull(summary);
    return summary.mean();
  }

  private static List<Long> steps(Run run) {
    return run.points(0).stream().map(Point::step).toList();
  }
}
