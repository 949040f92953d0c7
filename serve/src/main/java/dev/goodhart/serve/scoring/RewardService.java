package dev.goodhart.serve.scoring;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import dev.goodhart.audit.Finding;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A reward spec at work for many clients at once.
 *
 * <p>Instant signals score on the thread that asks. A model has a lane in which the samples of all
 * requests become batches; a slow signal has a lane with a bounded number of threads. No lane knows
 * of another, so that one signal that hangs leaves the others their pace. What is not there by the
 * request's deadline is unscored.
 */
public final class RewardService implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RewardService.class.getName());
  private static final int LONGEST_RETRY = 60;
  private static final long LOG_PERIOD = 5_000_000_000L;

  private final Scorer scorer;
  private final Load load;
  private final List<Listener> listeners;
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private final RewardCache cache;
  private final Replies replies = new Replies();
  private final ServiceMeters meters;
  private final String version;
  private final AtomicLong unsaid = new AtomicLong();
  private final AtomicLong unsaidLogged = new AtomicLong(System.nanoTime());

  /**
   * Opens the spec's signals.
   *
   * @param listeners hear of every batch, in this order
   */
  public RewardService(
      RewardSpec spec, Load load, List<Listener> listeners, PrometheusRegistry registry) {
    this(new Scorer(spec), load, listeners, registry);
  }

  /**
   * @param scorer is closed with the service
   */
  public RewardService(
      Scorer scorer, Load load, List<Listener> listeners, PrometheusRegistry registry) {
    this.scorer = scorer;
    this.load = load;
    this.listeners = List.copyOf(listeners);
    this.meters = new ServiceMeters(registry, lanes);
    RewardSpec spec = scorer.spec();
    Version versions = new Version();
    version = versions.of(spec);
    Map<String, String> cached = new LinkedHashMap<>();
    for (String name : spec.signals().keySet()) {
      Lane lane =
          switch (scorer.pace(name)) {
            case INSTANT -> null;
            case BATCHED ->
                new BatchedLane(
                    name,
                    batch -> scorer.signal(name, batch),
                    load.maxBatch(),
                    load.maxWait(),
                    size -> meters.batch(name, size));
            case SLOW -> new PooledLane(name, batch -> scorer.signal(name, batch), load.workers());
          };
      if (lane != null) {
        lanes.put(name, lane);
        cached.put(name, versions.of(spec, name));
      }
    }
    cache = new RewardCache(load, cached);
  }

  public RewardSpec spec() {
    return scorer.spec();
  }

  /** Of what scores: it changes with the spec, its models and the code of its signals. */
  public String version() {
    return version;
  }

  /** Whether a request may have to wait for a lane. */
  public boolean waits() {
    return !lanes.isEmpty();
  }

  /** How many samples wait for each signal that has a lane. */
  public Map<String, Integer> waiting() {
    Map<String, Integer> waiting = new LinkedHashMap<>();
    lanes.forEach((name, lane) -> waiting.put(name, lane.waiting()));
    return waiting;
  }

  /**
   * Rewards a batch; blocks until every sample has its verdict or its deadline is over, and the
   * listeners have heard of it. A request that repeats its {@code Idempotency-Key} gets what it
   * got.
   *
   * @throws Refusal 429 when too much waits already, 503 when the caller's thread is interrupted,
   *     or what a listener throws
   */
  public Answer score(Asked asked, List<Sample> samples) {
    List<String> digests = new ArrayList<>(samples.size());
    for (Sample sample : samples) {
      digests.add(Digests.of(sample));
    }
    if (asked.key() == null) {
      return scored(asked, samples, digests);
    }
    return replies.once(
        asked,
        asked.key(),
        digests,
        () -> recalled(asked, samples).orElseGet(() -> scored(asked, samples, digests)));
  }

  /** What was answered before this server was started. */
  private Optional<Answer> recalled(Asked asked, List<Sample> samples) {
    return listeners.stream()
        .flatMap(listener -> listener.recall(asked, samples).stream())
        .findFirst()
        .map(scorings -> new Answer(scorings, List.of(), version));
  }

  private Answer scored(Asked asked, List<Sample> samples, List<String> digests) {
    refuseIfFull(samples.size());
    Map<String, Part> parts = new LinkedHashMap<>();
    lanes.forEach((name, lane) -> parts.put(name, submit(name, lane, asked, samples, digests)));
    for (String name : spec().signals().keySet()) {
      if (!lanes.containsKey(name)) {
        parts.put(name, instant(name, samples));
      }
    }
    try {
      for (Part part : parts.values()) {
        part.await(asked);
      }
    } catch (InterruptedException e) {
      parts.values().forEach(part -> part.abandon("cancelled: the client left"));
      throw new Refusal(503, "cancelled");
    }
    List<Scoring> scorings = new ArrayList<>(samples.size());
    for (int i = 0; i < samples.size(); i++) {
      scorings.add(combined(samples.get(i), digests.get(i), parts, i));
    }
    meters.scored(asked, scorings, lanes);
    List<Finding> alarms = List.of();
    for (Listener listener : listeners) {
      List<Finding> found = listener.scored(asked, scorings, version);
      if (!found.isEmpty()) {
        alarms = new ArrayList<>(alarms);
        alarms.addAll(found);
      }
    }
    return new Answer(scorings, alarms, version);
  }

  private void refuseIfFull(int samples) {
    for (var lane : lanes.entrySet()) {
      int waiting = lane.getValue().waiting();
      if (waiting > 0 && waiting + samples > load.queue()) {
        meters.refused(lane.getKey());
        double rate = lane.getValue().rate();
        double seconds = rate > 0 ? waiting / rate : 1;
        throw new Refusal(
            429,
            waiting + " samples wait for '" + lane.getKey() + "' already; try again later",
            (int) Math.clamp(Math.ceil(seconds), 1, LONGEST_RETRY));
      }
    }
  }

  private Scoring combined(Sample sample, String digest, Map<String, Part> parts, int i) {
    Map<String, Reward> rewards = new LinkedHashMap<>();
    Map<String, Scoring.Took> took = new LinkedHashMap<>();
    for (String name : spec().signals().keySet()) {
      Part part = java.util.Objects.requireNonNull(parts.get(name));
      rewards.put(name, part.reward(i));
      took.put(name, part.took(i));
    }
    Reward reward;
    try {
      reward = scorer.combine(rewards);
    } catch (RuntimeException e) {
      reward = new Unscored("combine failed: " + e.getMessage(), rewards);
    }
    return new Scoring(sample, digest, reward, took);
  }

  /** One signal's rewards of a batch, of which some may still be on their way. */
  private interface Part {
    default void await(Asked asked) throws InterruptedException {}

    default void abandon(String reason) {}

    Reward reward(int i);

    Scoring.Took took(int i);
  }

  private record Known(List<Reward> rewards, Scoring.Took each) implements Part {
    @Override
    public Reward reward(int i) {
      return rewards.get(i);
    }

    @Override
    public Scoring.Took took(int i) {
      return each;
    }
  }

  private Part instant(String name, List<Sample> samples) {
    long start = System.nanoTime();
    Lane.Scores scores = batch -> scorer.signal(name, batch);
    List<Reward> rewards = scores.safely(name, samples);
    long nanos = System.nanoTime() - start;
    return new Known(rewards, new Scoring.Took(nanos / Math.max(1, samples.size()), false));
  }

  private Part submit(
      String name, Lane lane, Asked asked, List<Sample> samples, List<String> digests) {
    List<@Nullable Reward> known = new ArrayList<>(samples.size());
    List<Pending> pending = new ArrayList<>(samples.size());
    List<Pending> missing = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      known.add(load.cache() == 0 ? null : cache.get(name, digests.get(i)));
      Pending one = new Pending(samples.get(i), asked.deadline());
      pending.add(one);
      Reward reward = known.get(i);
      if (reward == null) {
        missing.add(one);
      } else {
        one.complete(reward);
      }
    }
    lane.submit(missing);
    return new Part() {
      @Override
      public void await(Asked by) throws InterruptedException {
        for (int i = 0; i < pending.size(); i++) {
          Pending one = pending.get(i);
          Reward reward = one.await(by.remaining());
          if (reward == null) {
            lane.abandon(one, "timeout: '" + name + "' gave no verdict by the request's deadline");
          } else if (known.get(i) == null && load.cache() > 0) {
            cache.put(name, digests.get(i), reward);
          }
        }
      }

      @Override
      public void abandon(String reason) {
        pending.forEach(one -> lane.abandon(one, reason));
      }

      @Override
      public Reward reward(int i) {
        return pending.get(i).verdict();
      }

      @Override
      public Scoring.Took took(int i) {
        return new Scoring.Took(pending.get(i).nanos(), known.get(i) != null);
      }
    };
  }

  /** An unscored sample that a protocol could not say: counted, and logged now and then. */
  public void countInstead(Asked asked, Unscored reward) {
    meters.unsaid(asked);
    long now = System.nanoTime();
    long next = unsaidLogged.get();
    long count = unsaid.incrementAndGet();
    if (now - next >= 0 && unsaidLogged.compareAndSet(next, now + LOG_PERIOD)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: {1} not scored since the last such line, which the protocol cannot say; the last:"
              + " {2}",
          asked.protocol(),
          unsaid.getAndAdd(-count),
          reward.reason());
    }
  }

  @Override
  public void close() {
    lanes.values().forEach(Lane::close);
    cache.close();
    scorer.close();
  }
}
