package dev.goodhart.lab.detect;

import dev.goodhart.GoodhartException;
import dev.goodhart.audit.Finding;
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
 * <p>A finished run is one file in the study's folder. Started again, the study goes on where it
 * was.
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
    Path kept = folder.resolve("runs").resolve(planned.name() + ".json");
    if (Files.exists(kept)) return read(kept);
    long began = System.nanoTime();
    Path run = folder.resolve("now").resolve(planned.name());
    delete(run);
    Path file = run.resolve("spec.yaml");
    String model = start(planned).resolve("run/model").toAbsolutePath().toString();
    AtomicOutput.write(file, planned.yaml(JSON.writeValueAsString(model)));
    List<StepRow> rows = new ArrayList<>();
    new Alignment(AlignSpec.read(file), run, Device.CPU, Progress.NONE, rows::add).run(false);
    Moves moves = new Moves(BASELINE, WINDOW);
    List<Map<String, Double>> moved = new ArrayList<>();
    Alignment.replay(run, (samples, rewards) -> moved.add(rounded(moves.step(samples, rewards))));
    Map<String, Integer> alarms = new LinkedHashMap<>();
    for (StepRow row : rows) {
      for (Finding alarm : row.alarms()) alarms.putIfAbsent(alarm.name(), (int) row.step());
    }
    Watched watched =
        new Watched(
            planned.name(),
            planned.kind(),
            planned.start(),
            planned.what(),
            column(rows, "gold"),
            column(rows, "reward"),
            column(rows, "kl"),
            moved,
            alarms,
            Math.round((System.nanoTime() - began) / 1e8) / 10.0);
    AtomicOutput.write(kept, JSON.writeValueAsString(watched) + "\n");
    delete(run);
    return watched;
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

  private static Watched read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), Watched.class);
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
