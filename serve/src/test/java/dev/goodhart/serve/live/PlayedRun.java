package dev.goodhart.serve.live;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.audit.Finding;
import dev.goodhart.audit.Monitor;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Scoring;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Length.Unit;
import dev.goodhart.spec.RewardSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs whose time is the test's own. */
final class PlayedRun implements InstantSource, AutoCloseable {
  final Runs runs;
  final List<Alarm> alarms = new ArrayList<>();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  PlayedRun(Monitor... monitors) {
    this(Windowing.USUAL, monitors);
  }

  PlayedRun(Windowing windowing, Monitor... monitors) {
    RewardSpec spec =
        new RewardSpec(
            Map.of("length", new Length(Unit.CHARACTERS)),
            Map.of(),
            Optional.empty(),
            List.of(monitors));
    runs = new Runs(spec, List.<Consumer<Alarm>>of(alarms::add), windowing, this);
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Time goes by, and the runs notice. */
  void pass(Duration time) throws InterruptedException {
    now = now.plus(time);
    Thread.sleep(60); // three times as long as the watching thread sleeps
  }

  /** Time goes by unnoticed. */
  void advance(Duration time) {
    now = now.plus(time);
  }

  List<Finding> send(String run, @Nullable Long step, List<Scoring> scorings) {
    Asked asked = new Asked("1", "test", "anyone", run, step, Long.MAX_VALUE, null);
    List<Finding> current = runs.scored(asked, scorings, "v");
    runs.settle();
    return current;
  }

  Run run(String name) {
    return runs.run(name).orElseThrow();
  }

  static Scoring scoring(String prompt, String response, Reward reward) {
    return scoring(new Sample("", Prompt.of(prompt), response, null, Map.of()), reward);
  }

  static Scoring scoring(Sample sample, Reward reward) {
    Map<String, Scoring.Took> took = new LinkedHashMap<>();
    reward.parts().keySet().forEach(name -> took.put(name, new Scoring.Took(1_000_000, false)));
    return new Scoring(sample, digest(sample), reward, took);
  }

  /** Samples with these rewards. */
  static List<Scoring> rewards(double... rewards) {
    List<Scoring> scorings = new ArrayList<>();
    for (double reward : rewards) {
      scorings.add(scoring("p" + scorings.size(), "response", Reward.of(reward)));
    }
    return scorings;
  }

  static Scored parts(double value, Map<String, Reward> parts) {
    return new Scored(value, OptionalDouble.empty(), parts);
  }

  private static String digest(Sample sample) {
    try {
      byte[] bytes =
          (sample.prompt().text() + "\n" + sample.response()).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    runs.close();
  }
}
