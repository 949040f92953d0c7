package dev.goodhart.cli;

import dev.goodhart.lab.quickstart.Quickstart;
import dev.goodhart.lab.quickstart.QuickstartReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code goodhart quickstart}: the main job, end to end, where the truth is known. */
@Command(
    name = "quickstart",
    description =
        "From labelled pairs to a reward model and an ensemble, to their audit, to what best-of-n"
            + " makes of them: in a generated world whose true reward is known, in half a minute.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart quickstart                      seed 1, into the folder goodhart-quickstart",
      "  goodhart quickstart -o /tmp/q --seed 2   other pairs, other models"
    })
final class QuickstartCommand implements Runnable {
  @Spec CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      defaultValue = "goodhart-quickstart",
      description =
          "Where pairs, models and reports go; what was there is replaced (default:"
              + " ${DEFAULT-VALUE}).")
  Path output;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of everything drawn (default: ${DEFAULT-VALUE}).")
  long seed;

  @Override
  public void run() {
    String command = "goodhart quickstart --seed " + seed;
    QuickstartReport report = Quickstart.DEFAULT.run(output, seed, command, Main.progress(spec));
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.text(Width.ofTerminal()));
    out.println("\nThe charts and the audit are in " + output.resolve("report.html"));
    out.flush();
  }
}
