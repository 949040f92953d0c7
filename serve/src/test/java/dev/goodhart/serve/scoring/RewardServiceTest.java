package dev.goodhart.serve.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.Weighted;
import dev.goodhart.run.Deadline;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Pace;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RewardServiceTest {
  /** A signal in a few words. */
  private static final class Made implements Signal {
    private final Pace pace;
    private final Function<List<Sample>, List<Reward>> work;

    Made(Pace pace, Function<List<Sample>, List<Reward>> work) {
      this.pace = pace;
      this.work = work;
    }

    @Override
    public Pace pace() {
      return pace;
    }

    static Made slow(Function<Sample, Reward> each) {
      return new Made(Pace.SLOW, batch -> batch.stream().map(each).toList());
    }

    @Override
    public Reward of(Sample sample) {
      return of(List.of(sample)).getFirst();
    }

    @Override
    public List<Reward> of(List<Sample> batch) {
      return work.apply(batch);
    }
  }

  private static final Load SMALL = new Load(4, Duration.ofMillis(50), 2, 4, 0, Optional.empty());

  private static RewardService service(Signal signal, Load load) {
    return service(Map.of("s", signal), load);
  }

  /** The sum of the signals. */
  private static RewardService service(Map<String, Signal> signals, Load load) {
    Map<String, Double> ones = new LinkedHashMap<>();
    signals.keySet().forEach(name -> ones.put(name, 1.0));
    return new RewardService(
        new RewardSpec(signals, Map.of(), Optional.of(new Weighted(ones)), List.of()),
        load,
        List.of(),
        new PrometheusRegistry());
  }

  private static Asked asked(double seconds) {
    return new Asked(
        "1", "test", "anyone", "r", null, System.nanoTime() + (long) (seconds * 1e9), null);
  }

  private static Sample sample(String response) {
    return Sample.of("p", response);
  }

  private static List<Sample> samples(int n) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < n; i++) samples.add(sample("r" + i));
    return samples;
  }

  private static List<Reward> rewards(Answer answer) {
    return answer.scorings().stream().map(Scoring::reward).toList();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted");
    }
  }

  @Test
  void anEmptyBatchHasNoRewards() {
    try (var service = service(new Length(Length.Unit.CHARACTERS), SMALL)) {
      assertEquals(List.of(), service.score(asked(1), List.of()).scorings());
    }
  }

  @Test
  void whatIsNotThereByTheDeadlineIsUnscoredAndTheRestIsNot() {
    Made some =
        Made.slow(
            s -> {
              if (s.response().equals("r1")) sleep(20_000);
              return Reward.of(1);
            });
    try (var service = service(some, SMALL)) {
      long start = System.nanoTime();
      List<Reward> rewards = rewards(service.score(asked(0.5), samples(3)));

      assertEquals(1, ((Scored) rewards.get(0)).value());
      assertEquals("timeout", assertInstanceOf(Unscored.class, rewards.get(1)).kind());
      assertEquals(1, ((Scored) rewards.get(2)).value());
      assertTrue(System.nanoTime() - start < 5e9);
    }
  }

  @Test
  void threadsThatNeverComeBackAreReplaced() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    Made deaf =
        Made.slow(
            s -> {
              while (s.response().equals("hang") && release.getCount() > 0) {
                try {
                  release.await();
                } catch (InterruptedException e) {
                  // does not listen
                }
              }
              return Reward.of(1);
            });
    try (var service = service(deaf, SMALL)) { // two workers
      for (int i = 0; i < 4; i++) {
        assertInstanceOf(
            Unscored.class, rewards(service.score(asked(0.05), List.of(sample("hang")))).get(0));
      }
      assertInstanceOf(
          Scored.class, rewards(service.score(asked(5), List.of(sample("well")))).get(0));
      release.countDown();
    }
  }

  @Test
  void aSignalThatHangsDoesNotHoldUpAnother() throws Exception {
    List<Long> quick = Collections.synchronizedList(new ArrayList<>());
    long start = System.nanoTime();
    Made hangs =
        Made.slow(
            s -> {
              sleep(10_000);
              return Reward.of(1);
            });
    Made fast =
        Made.slow(
            s -> {
              quick.add(System.nanoTime() - start);
              return Reward.of(1);
            });
    Map<String, Signal> both = new LinkedHashMap<>();
    both.put("hangs", hangs);
    both.put("fast", fast);
    try (var service = service(both, SMALL)) {
      List<Reward> rewards = rewards(service.score(asked(1), samples(4)));

      assertEquals(4, quick.size());
      assertTrue(quick.stream().allMatch(nanos -> nanos < 1e9), quick.toString());
      // The part that was scored is still there.
      assertEquals(Reward.of(1), rewards.get(0).parts().get("fast"));
      assertInstanceOf(Unscored.class, rewards.get(0));
    }
  }

  @Test
  void aModelScoresTheSamplesOfManyRequestsAtOnceInOrder() throws Exception {
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    Made model =
        new Made(
            Pace.BATCHED,
            batch -> {
              sizes.add(batch.size());
              sleep(10);
              return batch.stream()
                  .map(s -> (Reward) Reward.of(Double.parseDouble(s.response().substring(1))))
                  .toList();
            });
    try (var service = service(model, SMALL);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reward>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Sample sample = sample("r" + i);
        answers.add(
            clients.submit(() -> rewards(service.score(asked(5), List.of(sample))).getFirst()));
      }
      for (int i = 0; i < 4; i++) {
        assertEquals(i, ((Scored) answers.get(i).get()).value());
      }
      assertTrue(sizes.size() < 4, "one by one: " + sizes);
      assertTrue(sizes.stream().allMatch(size -> size <= 4), sizes.toString());
    }
  }

  @Test
  void aBatchHoldsAboutEqualLengths() {
    List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());
    Made model =
        new Made(
            Pace.BATCHED,
            batch -> {
              batches.add(batch.stream().map(s -> s.response().length()).toList());
              return batch.stream().map(s -> (Reward) Reward.of(s.response().length())).toList();
            });
    try (var service = service(model, SMALL)) {
      List<Sample> mixed = new ArrayList<>();
      for (int i = 0; i < 8; i++) mixed.add(sample("x".repeat(i % 2 == 0 ? 20 : 5000)));
      List<Reward> rewards = rewards(service.score(asked(5), mixed));

      for (int i = 0; i < 8; i++) {
        assertEquals(i % 2 == 0 ? 20 : 5000, ((Scored) rewards.get(i)).value());
      }
      assertTrue(batches.stream().allMatch(b -> b.stream().distinct().count() == 1), batches + "");
    }
  }

  @Test
  void whenTooMuchWaitsARequestIsRefusedAndToldWhenToTryAgain() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Made held =
        Made.slow(
            s -> {
              try {
                assertTrue(release.await(20, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return Reward.of(1);
            });
    try (var service = service(held, SMALL);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> first = clients.submit(() -> service.score(asked(20), samples(6)));
      while (service.waiting().get("s") != 4) Thread.sleep(5); // two are at work, four wait

      Refusal refusal = assertThrows(Refusal.class, () -> service.score(asked(20), samples(1)));

      assertEquals(429, refusal.status());
      assertTrue(refusal.retryAfter().orElse(0) >= 1);
      release.countDown();
      assertEquals(6, first.get().scorings().size());
      assertEquals(1, service.score(asked(20), samples(1)).scorings().size());
    }
  }

  @Test
  void whateverASignalThrowsItsSamplesAreUnscoredAndTheServiceGoesOn() {
    for (Pace pace : Pace.values()) {
      Made broken =
          new Made(
              pace,
              batch -> {
                switch (batch.getFirst().response()) {
                  case "r0" -> throw new IllegalStateException("on purpose");
                  case "r1" -> throw new StackOverflowError();
                  case "r2" -> throw new OutOfMemoryError("on purpose");
                  case "r3" -> {
                    return List.of(Reward.of(Double.NaN));
                  }
                  default -> {
                    return List.of();
                  }
                }
              });
      try (var service = service(broken, SMALL)) {
        for (Sample sample : samples(5)) {
          Reward reward = rewards(service.score(asked(5), List.of(sample))).getFirst();

          assertTrue(
              assertInstanceOf(Unscored.class, reward).reason().startsWith("s failed: "),
              reward.toString());
        }
      }
    }
  }

  @Test
  void whoseThreadIsInterruptedHasNobodyWorkingForItAnyMore() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Made waits =
        Made.slow(
            s -> {
              begun.countDown();
              try {
                Thread.sleep(20_000);
              } catch (InterruptedException e) {
                stopped.countDown();
              }
              return Reward.of(1);
            });
    try (var service = service(waits, SMALL)) {
      Thread client =
          Thread.ofVirtual()
              .start(() -> assertThrows(Refusal.class, () -> service.score(asked(20), samples(3))));
      assertTrue(begun.await(5, TimeUnit.SECONDS));
      client.interrupt();

      assertTrue(stopped.await(5, TimeUnit.SECONDS));
      client.join();
      assertEquals(0, service.waiting().get("s"));
    }
  }

  @Test
  void aSlowSignalKnowsHowLongItsAnswerIsOfUse() {
    List<Long> left = Collections.synchronizedList(new ArrayList<>());
    Made asks =
        Made.slow(
            s -> {
              left.add(Deadline.remaining());
              return Reward.of(1);
            });
    try (var service = service(asks, SMALL)) {
      var _ = service.score(asked(3), samples(1));

      assertTrue(left.getFirst() > 1e9 && left.getFirst() <= 3e9, left.toString());
    }
  }

  @Test
  void theSameSampleIsScoredOnceAndAFailureIsTriedAgain() {
    AtomicInteger calls = new AtomicInteger();
    Made counts =
        Made.slow(
            s -> {
              int call = calls.incrementAndGet();
              return s.response().equals("r0") && call == 1
                  ? Reward.unscored("not yet")
                  : Reward.of(call);
            });
    Load cached = new Load(4, Duration.ZERO, 1, 100, 100, Optional.empty());
    try (var service = service(counts, cached)) {
      var first = service.score(asked(5), samples(1)); // fails
      var second = service.score(asked(5), samples(1));
      var third = service.score(asked(5), samples(1));

      assertInstanceOf(Unscored.class, rewards(first).getFirst());
      assertEquals(2, ((Scored) rewards(second).getFirst()).value());
      assertEquals(2, ((Scored) rewards(third).getFirst()).value());
      assertTrue(third.scorings().getFirst().signals().get("s").cached());
      assertEquals(2, calls.get());
    }
  }

  /** Tells which call it is, as a record so that its version is known. */
  record Counting(double scale) implements Signal {
    static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public Reward of(Sample sample) {
      return new Scored(CALLS.incrementAndGet() * scale, 0.25);
    }
  }

  @Test
  void theCacheOnTheDiskOutlivesTheServiceButNotAnotherConfiguration(@TempDir Path folder) {
    Load disk =
        new Load(4, Duration.ZERO, 1, 100, 100, Optional.of(folder.resolve("cache.sqlite")));
    Reward first;
    try (var service = service(new Counting(1), disk)) {
      first = rewards(service.score(asked(5), samples(1))).getFirst();
    }
    try (var service = service(new Counting(1), disk)) {
      assertEquals(first, rewards(service.score(asked(5), samples(1))).getFirst());
    }
    try (var service = service(new Counting(2), disk)) {
      assertNotEquals(first, rewards(service.score(asked(5), samples(1))).getFirst());
    }
  }

  @Test
  void theVersionChangesWithTheSpecAlone() {
    try (var one = service(new Counting(1), SMALL);
        var same = service(new Counting(1), SMALL);
        var other = service(new Counting(2), SMALL)) {
      assertEquals(one.version(), same.version());
      assertNotEquals(one.version(), other.version());
    }
  }
}
