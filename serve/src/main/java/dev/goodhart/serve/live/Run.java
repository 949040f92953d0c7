package dev.goodhart.serve.live;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.audit.Finding;
import dev.goodhart.audit.Monitor;
import dev.goodhart.audit.Monitor.Watch;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Scoring;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one training run: a point a window, the alarms, some samples. Written by one
 * thread, read by many; memory is bounded however long the run is.
 */
public final class Run {
  private static final System.Logger LOG = System.getLogger(Run.class.getName());
  private static final int POINTS = 1024;
  private static final int ALARMS = 200;
  private static final int LATEST = 20;
  private static final int SUSPICIOUS = 24;
  private static final int SUSPICIOUS_FOR = 50; // windows
  private static final int OPEN = 8; // steps at once

  /** For so long an alarm is told to the run's client, windows or time, whichever is longer. */
  private static final int CURRENT_WINDOWS = 10;

  private static final Duration CURRENT = Duration.ofMinutes(10);
  private static final int TOLD = 16;

  private final String name;
  private final Windowing windowing;
  private final Instant began;
  private final List<@Nullable Watch> watches = new ArrayList<>();
  private final TreeMap<Long, Window> steps = new TreeMap<>();
  private @Nullable Window untimed;
  private long lastStep = Long.MIN_VALUE;
  private long windows;
  private final List<Point> points = new ArrayList<>();
  private final Deque<Alarm> alarms = new ArrayDeque<>();
  private final Deque<Kept> latest = new ArrayDeque<>();
  private final List<Suspect> suspicious = new ArrayList<>();
  private long samples;
  private long unscored;
  private long late;
  private long audited;
  private Instant heard;
  private long version;
  private volatile List<Finding> current = List.of();

  private record Suspect(long window, Seen seen) {}

  Run(String name, List<Monitor> monitors, Windowing windowing, Instant began) {
    this.name = name;
    this.windowing = windowing;
    this.began = began;
    heard = began;
    for (Monitor monitor : monitors) watches.add(monitor.start());
  }

  // What the one writing thread does.

  /**
   * @param budget how many more characters may be kept; what this takes of it is returned
   */
  synchronized long add(
      Asked asked, List<Scoring> scorings, Instant at, long budget, List<Alarm> raised) {
    long taken = 0;
    for (Scoring scoring : scorings) {
      Long step = step(asked, scoring);
      samples++;
      if (!(scoring.reward() instanceof Scored)) unscored++;
      Window window = step == null ? untimed(at) : window(step, at);
      if (window == null) {
        late++;
      } else {
        taken += window.add(scoring, at, budget - taken);
      }
      remember(scoring, step, at);
    }
    heard = at;
    version++;
    taken -= over(at, raised);
    return taken;
  }

  /** A second opinion on one of the run's samples. */
  synchronized void audited(
      int monitor, Reward reward, Reward trusted, Instant at, List<Alarm> raised) {
    audited++;
    Watch watch = watches.get(monitor);
    if (watch != null) {
      raise(guarded(monitor, () -> watch.audited(reward, trusted)), windows - 1, null, at, raised);
    }
  }

  /** Ends the windows that time ends; returns how many characters that frees. */
  synchronized long tick(Instant at, List<Alarm> raised) {
    return over(at, raised);
  }

  /** How many characters its open windows keep. */
  synchronized long weight() {
    return steps.values().stream().mapToLong(Window::weight).sum()
        + (untimed == null ? 0 : untimed.weight());
  }

  private static @Nullable Long step(Asked asked, Scoring scoring) {
    return scoring.sample().columns().get("step") instanceof Number number
        ? (Long) number.longValue()
        : asked.step();
  }

  private Window untimed(Instant at) {
    Window window = untimed;
    if (window == null) untimed = window = new Window(null, at);
    return window;
  }

  /** Null for a step that is over. */
  private @Nullable Window window(long step, Instant at) {
    Window window = steps.get(step);
    if (window != null) return window;
    if (step <= lastStep) {
      // After a silence the run may have been resumed from an earlier step.
      if (!steps.isEmpty()) return null;
      lastStep = step - 1;
    }
    window = new Window(step, at);
    steps.put(step, window);
    return window;
  }

  private long over(Instant at, List<Alarm> raised) {
    long freed = 0;
    for (Iterator<Window> each = new ArrayList<>(steps.values()).iterator(); each.hasNext(); ) {
      Window window = each.next();
      if (isOver(window, at)) {
        steps.remove(window.step);
        freed += window.weight();
        end(window, at, raised);
      }
    }
    Window window = untimed;
    if (window != null && isOverWithoutSteps(window, at)) {
      untimed = null;
      freed += window.weight();
      end(window, at, raised);
    }
    return freed;
  }

  private boolean isOver(Window window, Instant at) {
    if (window.step == null) return true;
    var next = steps.higherEntry(window.step);
    return steps.size() > OPEN
        || (next != null
            && (steps.higherKey(next.getKey()) != null
                || 2 * next.getValue().samples() >= window.samples()))
        || Duration.between(window.to(), at).compareTo(windowing.silence()) >= 0;
  }

  private boolean isOverWithoutSteps(Window window, Instant at) {
    Duration age = Duration.between(window.from, at);
    Duration longest = windowing.longest();
    return (window.samples() >= windowing.samples() && age.compareTo(windowing.shortest()) >= 0)
        || (age.compareTo(longest) >= 0 && window.samples() >= windowing.fewest())
        || age.compareTo(longest.multipliedBy(10)) >= 0;
  }

  private void end(Window window, Instant at, List<Alarm> raised) {
    if (window.step != null) lastStep = Math.max(lastStep, window.step);
    long number = windows++;
    points.add(window.point(number));
    if (points.size() > POINTS) thin();
    for (Seen seen : Suspicion.of(window.kept())) suspect(number, seen);
    List<Sample> seen = window.kept().stream().map(Kept::sample).toList();
    List<Reward> rewards = window.kept().stream().map(Kept::reward).toList();
    for (int i = 0; i < watches.size(); i++) {
      Watch watch = watches.get(i);
      if (watch != null && !seen.isEmpty()) {
        raise(guarded(i, () -> watch.step(seen, rewards)), number, window.step, at, raised);
      }
    }
    refresh(at);
    version++;
  }

  /** A monitor that fails, which only a user's own does, is not asked again. */
  private List<Finding> guarded(int monitor, Supplier<List<Finding>> watch) {
    try {
      return watch.get();
    } catch (RuntimeException | StackOverflowError e) {
      watches.set(monitor, null);
      LOG.log(Level.ERROR, "run " + Log.line(name) + ": a monitor failed and is switched off", e);
      return List.of();
    }
  }

  private void raise(
      List<Finding> findings, long window, @Nullable Long step, Instant at, List<Alarm> raised) {
    for (Finding finding : findings) {
      Alarm alarm = new Alarm(name, Math.max(0, window), step, at, finding);
      alarms.addLast(alarm);
      if (alarms.size() > ALARMS) alarms.removeFirst();
      raised.add(alarm);
    }
    if (!findings.isEmpty()) {
      refresh(at);
      version++;
    }
  }

  private void refresh(Instant at) {
    List<Finding> told = new ArrayList<>();
    for (Alarm alarm : alarms) {
      if (alarm.window() >= windows - CURRENT_WINDOWS
          || Duration.between(alarm.at(), at).compareTo(CURRENT) < 0) {
        told.add(alarm.finding());
      }
    }
    current = List.copyOf(told.subList(Math.max(0, told.size() - TOLD), told.size()));
  }

  /** Of the older half of the points every second one goes: they lie closer than anyone can see. */
  private void thin() {
    List<Point> kept = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      if (i >= points.size() / 2 || i % 2 == 0) kept.add(points.get(i));
    }
    points.clear();
    points.addAll(kept);
  }

  private void suspect(long window, Seen seen) {
    suspicious.removeIf(
        s ->
            s.window < window - SUSPICIOUS_FOR
                || s.seen.sample().response().equals(seen.sample().response()));
    suspicious.add(new Suspect(window, seen));
    if (suspicious.size() > SUSPICIOUS) {
      suspicious.stream()
          .min(Comparator.comparingDouble(s -> s.seen.suspicion()))
          .ifPresent(suspicious::remove);
    }
  }

  private void remember(Scoring scoring, @Nullable Long step, Instant at) {
    Kept kept = Kept.of(scoring, step, at);
    latest.addLast(kept.weight() <= 2L * Seen.SHOWN ? kept : kept.shortened());
    if (latest.size() > LATEST) latest.removeFirst();
  }

  // What readers ask.

  /** Alarms that the run's client should hear of, newest last. */
  List<Finding> current() {
    return current;
  }

  public String name() {
    return name;
  }

  /**
   * Totals of a run.
   *
   * @param windows how many points it has had
   * @param late samples of steps that were over; they are in no point
   * @param audited samples that a trusted signal was asked about
   * @param version changes whenever anything of the run does
   */
  public record Totals(
      String name,
      Instant began,
      Instant heard,
      long samples,
      long unscored,
      long windows,
      long late,
      long audited,
      int alarms,
      @Nullable Long step,
      long version) {}

  public synchronized Totals totals() {
    Long step =
        !steps.isEmpty() ? steps.lastKey() : lastStep == Long.MIN_VALUE ? null : (Long) lastStep;
    return new Totals(
        name,
        began,
        heard,
        samples,
        unscored,
        windows,
        late,
        audited,
        alarms.size(),
        step,
        version);
  }

  /** The points from a window's number on, in the order in which the windows ended. */
  public synchronized List<Point> points(long from) {
    return points.stream().filter(p -> p.window() >= from).toList();
  }

  /** The last 200, newest last. */
  public synchronized List<Alarm> alarms() {
    return List.copyOf(alarms);
  }

  /** The last 20 samples, newest last. */
  public List<Seen> latest() {
    List<Kept> some;
    synchronized (this) {
      some = List.copyOf(latest);
    }
    return some.stream().map(kept -> Seen.of(kept, 0, List.of())).toList();
  }

  /** Samples of the last 50 windows that are worth a look, the most suspicious first. */
  public synchronized List<Seen> suspicious() {
    return suspicious.stream()
        .map(Suspect::seen)
        .sorted(Comparator.comparingDouble(Seen::suspicion).reversed())
        .toList();
  }

  synchronized Instant heard() {
    return heard;
  }
}
