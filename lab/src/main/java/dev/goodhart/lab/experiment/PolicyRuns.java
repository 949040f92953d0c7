package dev.goodhart.lab.experiment;

import dev.goodhart.neural.align.AlignSpec;
import dev.goodhart.neural.align.Alignment;
import dev.goodhart.neural.align.StepRow;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs of small policies that all start from one fine-tuned model, in a folder that is gone
 * afterwards.
 */
final class PolicyRuns implements AutoCloseable {
  private final Path folder;
  private int runs;

  PolicyRuns() {
    try {
      folder = Files.createTempDirectory("goodhart-runs");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What each step of the run came to. The first run fine-tunes; later ones start where it did. */
  List<StepRow> of(AlignSpec spec) {
    Path run = folder.resolve("run" + runs++);
    Path start = folder.resolve("run0/start");
    List<StepRow> rows = new ArrayList<>();
    try {
      if (Files.isDirectory(start)) {
        Files.createDirectories(run.resolve("start"));
        try (Stream<Path> files = Files.list(start)) {
          for (Path file : files.toList()) {
            Files.copy(file, run.resolve("start").resolve(file.getFileName()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    new Alignment(spec, run, Device.CPU, Progress.NONE, rows::add).run(true);
    return rows;
  }

  /** The mean of a metric over the last steps. */
  static double last(List<StepRow> rows, String metric, int steps) {
    return rows.subList(Math.max(0, rows.size() - steps), rows.size()).stream()
        .mapToDouble(row -> row.get(metric))
        .average()
        .orElseThrow();
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
