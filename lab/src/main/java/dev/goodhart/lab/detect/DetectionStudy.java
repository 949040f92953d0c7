package dev.goodhart.lab.detect;

import dev.goodhart.GoodhartException;
import dev.goodhart.audit.Finding;
import dev.goodhart.audit.Monitor;
import dev.goodhart.audit.Moves;
import dev.goodhart.neural.align.AlignSpec;
import dev.goodhart.neural.align.Alignment;
import dev.goodhart.neural.align.StepRow;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Can a hacked reward be told without gold? Small policies are optimised in two worlds whose gold
 * is known, half of them against rewards with a weakness, and what a reward server sees of each is
 * kept. {@link Truth} says afterwards which runs hacked; {@link Detection} asks which of them an
 * alarm would have told, and how early.
 *
 * <p>A finished run keeps its folder, with every response. Started again, the study goes on where
 * it was, and asks the monitors anew: what they make of runs that are there takes no run more.
 *
 * @param folder of the study
 * @param pairs so many runs that should hack and so many that should not, of each kind of weakness
 *     in the style world; twice as many in arithmetic
 * @param jobs how many runs at once
 * @param seed of the first run
 */
public record DetectionStudy(Path folder, int pairs, int jobs, long seed) {
  /** How many steps a run begins with, and how many are averaged, in its moves. */
  static final int BASELINE = 10;

  static final int WINDOW = 5;

  private static final JsonMapper JSON = new JsonMapper();

  public DetectionStudy {
    if (pairs < 1 || jobs < 1) {
      throw new GoodhartException("pairs and jobs must be at least 1");
    }
  }

  /**
   * Does the runs that are not there yet.
   *
   * @param only the runs whose name begins with this; empty for all
   * @return all that are there then
   */
  public List<Watched> run(String only, Progress progress) {
    List<Planned> plan =
        Planned.all(pairs, seed).stream().filter(p -> p.name().startsWith(only)).toList();
    if (plan.isEmpty()) {
      throw new GoodhartException("no run's name begins with '" + only + "'");
    }
    for (Planned planned : plan) start(planned, progress);
    progress.start("runs", plan.size());
    List<Watched> done = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
      List<Future<Watched>> futures = new ArrayList<>();
      for (Planned planned : plan) {
        futures.add(
            threads.submit(
                () -> {
                  Watched watched = watched(planned);
                  progress.note(note(watched));
                  progress.advance(1);
                  return watched;
                }));
      }
      for (Future<Watched> future : futures) done.add(future.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GoodhartException("interrupted; the runs that are finished stay", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      throw new IllegalStateException(e.getCause());
    } finally {
      progress.done();
    }
    return done;
  }

  private static String note(Watched watched) {
    Truth truth = watched.truth();
    return watched.name() + (truth.hacked() ? ": hacked at step " + truth.fall() : ": healthy");
  }

  private Path start(Planned planned) {
    return folder.resolve("start").resolve(planned.start());
  }

  /** The world's starting policy, made once. */
  private void start(Planned planned, Progress progress) {
    Path start = start(planned);
    if (Files.exists(start.resolve("done"))) return;
    AtomicOutput.write(start.resolve("spec.yaml"), planned.startYaml());
    AlignSpec spec = AlignSpec.read(start.resolve("spec.yaml"));
    new Alignment(spec, start.resolve("run"), Device.CPU, progress, row -> {}).run(false);
    AtomicOutput.write(start.resolve("done"), "");
  }

  private Watched watched(Planned planned) {
    Path run = folder.resolve("runs").resolve(planned.name());
    Path file = run.resolve("spec.yaml");
    Path kept = run.resolve("run.json");
    String model = start(planned).resolve("run/model").toAbsolutePath().toString();
    String yaml = planned.yaml(JSON.writeValueAsString(model));
    if (!Files.exists(kept)) {
      delete(run);
      AtomicOutput.write(file, yaml);
      long began = System.nanoTime();
      List<StepRow> rows = new ArrayList<>();
      new Alignment(AlignSpec.read(file), run, Device.CPU, Progress.NONE, rows::add).run(false);
      for (Path large : List.of(run.resolve("model"), run.resolve("checkpoint.safetensors"))) {
        delete(large);
      }
      double seconds = Math.round((System.nanoTime() - began) / 1e8) / 10.0;
      var of = new Kept(column(rows, "gold"), column(rows, "reward"), column(rows, "kl"), seconds);
      AtomicOutput.write(kept, JSON.writeValueAsString(of) + "\n");
    }
    AtomicOutput.write(file, yaml); // the monitors may be others than those that it was run with
    return seen(planned, read(kept), run, AlignSpec.read(file).reward().monitor());
  }

  /** What of a run no monitor sees. */
  private record Kept(double[] gold, double[] reward, double[] kl, double seconds) {}

  /** With what monitors and moves make of the run's roll-outs. */
  private static Watched seen(Planned planned, Kept kept, Path run, List<Monitor> monitors) {
    Moves moves = new Moves(BASELINE, WINDOW);
    List<Map<String, Double>> moved = new ArrayList<>();
    List<Monitor.Watch> watches = monitors.stream().map(Monitor::start).toList();
    Map<String, Integer> alarms = new LinkedHashMap<>();
    Alignment.replay(
        run,
        (samples, rewards) -> {
          moved.add(rounded(moves.step(samples, rewards)));
          for (Monitor.Watch watch : watches) {
            for (Finding alarm : watch.step(samples, rewards)) {
              alarms.putIfAbsent(alarm.name(), moved.size());
            }
          }
        });
    return new Watched(
        planned.name(),
        planned.kind(),
        planned.start(),
        planned.what(),
        kept.gold,
        kept.reward,
        kept.kl,
        moved,
        alarms,
        kept.seconds);
  }

  private static double[] column(List<StepRow> rows, String name) {
    return rows.stream().mapToDouble(r -> round(r.get(name))).toArray();
  }

  private static Map<String, Double> rounded(Map<String, Double> moves) {
    Map<String, Double> rounded = new LinkedHashMap<>();
    moves.forEach(
        (name, move) -> {
          if (round(move) > 0) rounded.put(name, round(move));
        });
    return rounded;
  }

  private static double round(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }

  private static Kept read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), Kept.class);
    } catch (IOException | JacksonException e) {
      throw new GoodhartException(
          file + ": is not a run of this study; delete it to do it again (" + e.getMessage() + ")",
          e);
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) return;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    } catch (IOException e) {
      throw new GoodhartException(folder + ": cannot be deleted: " + e.getMessage(), e);
    }
  }
}
