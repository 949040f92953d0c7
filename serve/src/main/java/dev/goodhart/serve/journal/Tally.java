package dev.goodhart.serve.journal;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Counts what a replay finds, in memory that does not grow with the journal. */
final class Tally {
  /** Names of parts, versions and reasons come from data: so many are told apart. */
  private static final int NAMES = 1000;

  private static final int EXAMPLES = 20;

  private final Counts total = new Counts();
  private final Map<String, Counts> parts = new LinkedHashMap<>();
  private final Map<String, Long> versions = new LinkedHashMap<>();
  private final Map<String, Long> newlyUnscored = new LinkedHashMap<>();
  private final Map<String, Long> notReplayable = new LinkedHashMap<>();
  private final PriorityQueue<ReplayReport.Example> greatest =
      new PriorityQueue<>(Comparator.comparingDouble(Tally::change));
  private final List<ReplayReport.Example> newly = new ArrayList<>();

  void replayed(Line line, Reward now) {
    count(versions, line.version());
    boolean same = total.add(line.reward(), now);
    Map<String, Reward> before = line.reward().parts();
    Map<String, Reward> after = Lines.flat(now);
    before.forEach(
        (name, part) -> {
          Reward other = after.get(name);
          if (other != null && (parts.containsKey(name) || parts.size() < NAMES)) {
            parts.computeIfAbsent(name, n -> new Counts()).add(part, other);
          }
        });
    if (same) return;
    if (line.reward() instanceof Scored && now instanceof Unscored unscored) {
      count(newlyUnscored, unscored.kind());
    }
    var example =
        new ReplayReport.Example(
            line.run(), line.step(), line.id(), line.digest(), line.reward(), now);
    if (line.reward() instanceof Scored && now instanceof Scored) {
      greatest.add(example);
      if (greatest.size() > EXAMPLES) greatest.remove();
    } else if (newly.size() < EXAMPLES) {
      newly.add(example);
    }
  }

  void notReplayable(String why) {
    count(notReplayable, why);
  }

  ReplayReport report() {
    Map<String, ReplayReport.Comparison> byPart = new LinkedHashMap<>();
    parts.forEach((name, counts) -> byPart.put(name, counts.comparison()));
    List<ReplayReport.Example> examples = new ArrayList<>(greatest);
    examples.sort(Comparator.comparingDouble(Tally::change).reversed());
    examples.addAll(newly);
    return new ReplayReport(
        total.comparison(), byPart, versions, newlyUnscored, notReplayable, examples);
  }

  private static void count(Map<String, Long> counts, String name) {
    counts.merge(
        counts.containsKey(name) || counts.size() < NAMES ? name : "others", 1L, Long::sum);
  }

  private static double change(ReplayReport.Example example) {
    return example.then() instanceof Scored then && example.now() instanceof Scored now
        ? Math.abs(now.value() - then.value())
        : 0;
  }

  private static final class Counts {
    /**
     * Relative to the larger of the two and 1: a model in single precision gives a sample another
     * last digit in another batch.
     */
    private static final double TOLERANCE = 1e-5;

    private long same;
    private long bothUnscored;
    private long changed;
    private long nowScored;
    private long nowUnscored;
    private double then;
    private double now;

    /** Whether the two are the same. */
    boolean add(Reward before, Reward after) {
      if (before instanceof Scored b && after instanceof Scored a) {
        then += b.value();
        now += a.value();
        double size = Math.max(1, Math.max(Math.abs(b.value()), Math.abs(a.value())));
        if (Math.abs(a.value() - b.value()) > TOLERANCE * size) {
          changed++;
          return false;
        }
      } else if (after instanceof Scored) {
        nowScored++;
        return false;
      } else if (before instanceof Scored) {
        nowUnscored++;
        return false;
      }
      same++;
      bothUnscored += before instanceof Unscored ? 1 : 0;
      return true;
    }

    ReplayReport.Comparison comparison() {
      long both = same + changed - bothUnscored;
      return new ReplayReport.Comparison(
          same, changed, nowScored, nowUnscored, then / both, now / both);
    }
  }
}
