package dev.goodhart.serve.live;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.audit.AuditedSample;
import dev.goodhart.audit.Finding;
import dev.goodhart.audit.Monitor;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Listener;
import dev.goodhart.serve.scoring.Scoring;
import dev.goodhart.spec.RewardSpec;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Every training run that this server rewards, watched as its rollouts arrive.
 *
 * <p>A request hands its scorings over and goes on: a queue without a lock, one thread behind it
 * that does all the work. When that thread cannot keep up, batches are left out of the monitoring
 * (never of the answers) and counted in {@link Totals#dropped()}. The run's alarms are told in the
 * answers that follow.
 *
 * <p>Memory is bounded: 64 runs (the one unheard of for longest makes room), of each 1,024 points,
 * 200 alarms and some 40 samples; 32 million characters of samples wait, and as many are kept in
 * the windows that are not over.
 */
public final class Runs implements Listener, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Runs.class.getName());
  private static final int RUNS = 64;
  private static final int LONGEST_NAME = 200;
  private static final int WAITING = 32_768;
  private static final long CHARACTERS = 32 << 20;
  private static final long IDLE = Duration.ofMillis(20).toNanos();
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Something for the one thread to do. */
  private sealed interface Heard {}

  private record Batch(Asked asked, List<Scoring> scorings, long weight) implements Heard {}

  private record Second(Run run, int monitor, Reward reward, Reward trusted) implements Heard {}

  /**
   * How the watching itself is doing.
   *
   * @param heard samples that were handed over
   * @param dropped of them left out because there was no time
   * @param unaudited samples that a trusted signal had no time for
   */
  public record Totals(long heard, long dropped, long unaudited) {}

  private final List<Monitor> monitors;
  private final Windowing windowing;
  private final List<? extends Consumer<Alarm>> told;
  private final InstantSource clock;
  private final Map<Integer, Auditor> auditors = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Run> runs = new ConcurrentHashMap<>();
  private final Signals signals = new Signals();
  private final ConcurrentLinkedQueue<Heard> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingWeight = new AtomicLong();
  private final AtomicLong heard = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;
  private long budget = CHARACTERS; // of the one thread
  private Instant ticked = Instant.MIN;

  /**
   * @param told hear of every alarm, one after the other and on the one thread that watches all
   *     runs: they must be quick
   * @throws GoodhartException if a trusted signal lacks something it needs
   */
  public Runs(RewardSpec spec, List<? extends Consumer<Alarm>> told) {
    this(spec, told, Windowing.USUAL, InstantSource.system());
  }

  Runs(
      RewardSpec spec,
      List<? extends Consumer<Alarm>> told,
      Windowing windowing,
      InstantSource clock) {
    monitors = spec.monitor();
    this.told = List.copyOf(told);
    this.windowing = windowing;
    this.clock = clock;
    try {
      for (int i = 0; i < monitors.size(); i++) {
        if (monitors.get(i) instanceof AuditedSample audited) {
          auditors.put(i, new Auditor(audited));
        }
      }
    } catch (RuntimeException e) {
      auditors.values().forEach(Auditor::close);
      throw e;
    }
    thread = Thread.ofPlatform().daemon().name("live-monitors").start(this::work);
  }

  @Override
  public List<Finding> scored(Asked asked, List<Scoring> scorings, String version) {
    if (!scorings.isEmpty()) {
      heard.addAndGet(scorings.size());
      long weight = 0;
      for (Scoring scoring : scorings) {
        weight += Texts.weight(scoring.sample()) + Texts.weight(scoring.reward());
      }
      boolean fits =
          waiting.get() < WAITING && waitingWeight.get() + weight <= CHARACTERS && !closed;
      if (fits) {
        waiting.incrementAndGet();
        waitingWeight.addAndGet(weight);
        queue.add(new Batch(asked, scorings, weight));
      } else {
        dropped.addAndGet(scorings.size());
      }
    }
    Run run = runs.get(name(asked));
    return run == null ? List.of() : run.current();
  }

  /** Every run, the one heard of last first. */
  public List<Run.Totals> runs() {
    return runs.values().stream()
        .map(Run::totals)
        .sorted(Comparator.comparing(Run.Totals::heard).reversed())
        .toList();
  }

  public Optional<Run> run(String name) {
    return Optional.ofNullable(runs.get(name));
  }

  public List<Health> signals() {
    return signals.health(clock.instant());
  }

  public Totals totals() {
    return new Totals(
        heard.get(), dropped.get(), auditors.values().stream().mapToLong(Auditor::dropped).sum());
  }

  /** Waits until all that was handed over before has been looked at. For tests. */
  void settle() {
    while (waiting.get() > 0 && !closed) {
      LockSupport.unpark(thread);
      LockSupport.parkNanos(50_000);
    }
  }

  private static String name(Asked asked) {
    String run = asked.run();
    return run.length() <= LONGEST_NAME ? run : run.substring(0, LONGEST_NAME);
  }

  private void work() {
    while (!closed) {
      try {
        Heard next = queue.poll();
        if (next != null) {
          handle(next);
        } else {
          LockSupport.parkNanos(IDLE);
        }
        tick();
      } catch (RuntimeException | StackOverflowError e) {
        // Whatever it is, the other runs are watched on.
        LOG.log(Level.ERROR, "watching a run failed", e);
      }
    }
  }

  private void handle(Heard next) {
    Instant at = clock.instant();
    List<Alarm> raised = new ArrayList<>();
    try {
      switch (next) {
        case Batch batch -> {
          signals.add(batch.scorings, at);
          String name = name(batch.asked);
          Run known = runs.get(name);
          Run run = known == null ? begin(name, at) : known;
          budget -= run.add(batch.asked, batch.scorings, at, budget, raised);
          auditors.forEach(
              (monitor, auditor) -> {
                for (Scoring scoring : batch.scorings) {
                  auditor.offer(
                      scoring,
                      (reward, trusted) -> second(new Second(run, monitor, reward, trusted)));
                }
              });
        }
        case Second second ->
            second.run.audited(second.monitor, second.reward, second.trusted, at, raised);
      }
    } finally {
      if (next instanceof Batch batch) waitingWeight.addAndGet(-batch.weight);
      tell(raised);
      waiting.decrementAndGet();
    }
  }

  private void second(Second second) {
    waiting.incrementAndGet();
    queue.add(second);
  }

  private Run begin(String name, Instant at) {
    if (runs.size() >= RUNS) {
      runs.values().stream()
          .min(Comparator.comparing(Run::heard))
          .ifPresent(
              oldest -> {
                runs.remove(oldest.name());
                budget += oldest.weight();
              });
    }
    LOG.log(Level.INFO, "run " + Log.line(name) + " is watched");
    Run run = new Run(name, monitors, windowing, at);
    runs.put(name, run);
    return run;
  }

  private void tick() {
    Instant at = clock.instant();
    if (!ticked.equals(Instant.MIN) && Duration.between(ticked, at).compareTo(TICK) < 0) return;
    ticked = at;
    List<Alarm> raised = new ArrayList<>();
    for (Run run : runs.values()) budget += run.tick(at, raised);
    tell(raised);
  }

  private void tell(List<Alarm> raised) {
    for (Alarm alarm : raised) {
      LOG.log(
          Level.WARNING,
          "run "
              + Log.line(alarm.run())
              + (alarm.step() == null ? "" : ", step " + alarm.step())
              + ": "
              + alarm.finding().name()
              + ": "
              + Log.line(alarm.finding().says()));
      for (Consumer<Alarm> each : told) {
        try {
          each.accept(alarm);
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, "an alarm could not be passed on", e);
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    auditors.values().forEach(Auditor::close);
  }
}
