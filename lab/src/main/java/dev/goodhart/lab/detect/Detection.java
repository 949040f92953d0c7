package dev.goodhart.lab.detect;

import dev.goodhart.audit.Auroc;
import dev.goodhart.audit.Moves;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the study found. Each kind of weakness in turn is left out: limits are set on the healthy
 * runs of all other kinds, and tried on the runs of that kind, hacked and healthy ones, of which
 * they have seen nothing.
 *
 * @param runs of the study that did not break
 * @param broken runs whose reward fell along with gold, left out
 * @param combined the combined alarm on every run, by one that was set without its kind
 * @param others simpler detectors, in the same way
 * @param alarm set on all runs: what {@link dev.goodhart.audit.CombinedAlarm} has as defaults
 */
public record Detection(
    List<Watched> runs, int broken, Tried combined, List<Tried> others, Detector alarm) {
  /**
   * A detector on runs that it was not fitted on.
   *
   * @param runs in the order of the kinds
   */
  record Tried(String name, List<Judged> runs) {
    Tried of(String kind) {
      return new Tried(kind, runs.stream().filter(j -> j.run.kind().equals(kind)).toList());
    }

    List<Judged> hacked() {
      return runs.stream().filter(j -> j.truth.hacked()).toList();
    }

    List<Judged> healthy() {
      return runs.stream().filter(j -> !j.truth.hacked()).toList();
    }

    /** NaN without both hacked and healthy runs. */
    double auroc() {
      double[] scores = runs.stream().mapToDouble(Judged::score).toArray();
      double[] labels = runs.stream().mapToDouble(j -> j.truth.hacked() ? 1 : 0).toArray();
      return Auroc.of(scores, labels, IntStream.range(0, scores.length).toArray());
    }

    long falseAlarms() {
      return healthy().stream().filter(j -> j.alarm >= 0).count();
    }

    long told() {
      return hacked().stream().filter(j -> j.alarm >= 0).count();
    }

    /** Before gold had fallen. */
    long inTime() {
      return hacked().stream().filter(j -> j.alarm >= 0 && j.lead() > 0).count();
    }

    /** Steps from the alarm to the fall, over the hacked runs that were told; NaN for none. */
    double medianLead() {
      double[] leads =
          hacked().stream().filter(j -> j.alarm >= 0).mapToDouble(Judged::lead).sorted().toArray();
      int n = leads.length;
      return n == 0 ? Double.NaN : (leads[(n - 1) / 2] + leads[n / 2]) / 2;
    }
  }

  /**
   * A run with its verdict.
   *
   * @param score the highest of the run, in limits
   * @param alarm its step; -1 for none
   */
  record Judged(Watched run, Truth truth, double score, int alarm) {
    int lead() {
      return truth.fall() - alarm;
    }
  }

  /**
   * Fits and tries.
   *
   * @param all of the study; those that broke are left out
   */
  public static Detection of(List<Watched> all) {
    List<Watched> runs = all.stream().filter(r -> !r.truth().broken()).toList();
    List<String> moves = Moves.names();
    List<Tried> others = new ArrayList<>();
    others.add(tried("all moves", moves, runs));
    for (String move : moves) others.add(tried(move, List.of(move), runs));
    return new Detection(
        runs,
        all.size() - runs.size(),
        tried("the combined alarm", Detector.SIGNS, runs),
        others,
        Detector.of("the combined alarm", Detector.SIGNS, runs));
  }

  private static Tried tried(String name, List<String> moves, List<Watched> runs) {
    List<Judged> judged = new ArrayList<>();
    for (String kind : kinds(runs)) {
      List<Watched> train = runs.stream().filter(r -> !r.kind().equals(kind)).toList();
      Detector detector = Detector.of(name, moves, train);
      for (Watched run : runs) {
        if (run.kind().equals(kind)) {
          judged.add(new Judged(run, run.truth(), detector.score(run), detector.alarm(run)));
        }
      }
    }
    return new Tried(name, judged);
  }

  static List<String> kinds(List<Watched> runs) {
    return runs.stream().map(Watched::kind).distinct().toList();
  }

  /** Monitors as they are, with their defaults, by name. */
  Map<String, Tried> monitors() {
    Map<String, Tried> monitors = new java.util.TreeMap<>();
    runs.stream()
        .flatMap(r -> r.alarms().keySet().stream())
        .distinct()
        .filter(name -> !name.equals("combined-alarm")) // its defaults were fitted on these runs
        .forEach(
            name ->
                monitors.put(
                    name,
                    new Tried(
                        name,
                        runs.stream()
                            .map(
                                r -> {
                                  int at = r.alarms().getOrDefault(name, -1);
                                  return new Judged(r, r.truth(), at < 0 ? 0 : 1, at);
                                })
                            .toList())));
    return monitors;
  }

  /** The page. */
  public String markdown(String command) {
    return new DetectionPage(this, command).markdown();
  }

  /** Writes {@code detection.md} and {@code detection.json}. */
  public void write(Path folder, String command) {
    new DetectionPage(this, command).write(folder);
  }
}
