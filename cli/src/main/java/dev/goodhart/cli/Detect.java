package dev.goodhart.cli;

import dev.goodhart.lab.detect.Detection;
import dev.goodhart.lab.detect.DetectionStudy;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code goodhart detect}: how well hacking is told without gold. */
@Command(
    name = "detect",
    description = {
      "Optimises many small policies in worlds whose gold is known, against sound rewards and"
          + " against weak ones, and measures how well the monitors tell which of them hacked.",
      "Finished runs stay in the study's folder: started again, it goes on where it was, and"
          + " shows the runs that are there to the monitors again."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart detect -o runs/detection --write     the study, into docs/detection.md and .json",
      "  goodhart detect -o try --pairs 1 --only length    a few runs of one kind"
    })
final class Detect implements Runnable {
  @Spec CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The study's folder.")
  Path output;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "So many runs that should hack and so many that should not, of each kind of weakness"
              + " (default: ${DEFAULT-VALUE}).")
  int pairs;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many runs at once, one core each (default: ${DEFAULT-VALUE}).")
  int jobs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the first run (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only runs whose name begins with this; no verdict on the detector then.")
  String only;

  @Option(
      names = "--write",
      paramLabel = "DOCS",
      arity = "0..1",
      fallbackValue = "docs",
      description =
          "Write the findings into DOCS/detection.md and DOCS/detection.json (default: docs).")
  @Nullable Path write;

  @Override
  public void run() {
    // A run has a core to itself: two that share two cores by turns wait for each other.
    if (System.getProperty("goodhart.threads") == null) {
      System.setProperty("goodhart.threads", "1");
    }
    DetectionStudy study = new DetectionStudy(output, pairs, jobs, seed);
    Detection detection = Detection.of(study.run(only, Main.progress(spec)));
    String command =
        "goodhart detect -o %s --pairs %d --seed %d --write".formatted("DIR", pairs, seed);
    PrintWriter out = spec.commandLine().getOut();
    out.print(detection.markdown(command));
    out.flush();
    if (write != null) detection.write(write, command);
  }
}
