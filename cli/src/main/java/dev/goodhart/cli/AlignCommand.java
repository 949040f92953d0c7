package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.align.AlignReport;
import dev.goodhart.neural.align.AlignSpec;
import dev.goodhart.neural.align.Alignment;
import dev.goodhart.neural.align.offline.PreferenceAlignment;
import dev.goodhart.neural.align.offline.PreferenceSpec;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.spec.Specs;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart align}: a policy optimised against a reward. */
@Command(
    name = "align",
    description = {
      "Optimises a policy against a reward spec, and shows what the reward says beside what the"
          + " responses are truly worth, where the world knows that. A spec with the key"
          + " 'preferences' optimises on pairs that are there instead (DPO and its kind).",
      "The run folder gets metrics.jsonl (and TensorBoard's events), rollouts.jsonl, alarms.jsonl,"
          + " a checkpoint, the policy in model/ and report.html."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart align align.yaml -o runs/first",
      "  goodhart align align.yaml -o runs/first --resume           after a kill, or for more"
          + " steps",
      "  goodhart align align.yaml -o runs/second --seed 2 --steps 500"
    })
final class AlignCommand implements Runnable {
  @Spec CommandSpec command;

  @Parameters(paramLabel = "SPEC", description = "The run, in YAML; see docs/align.md.")
  Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "RUN",
      required = true,
      description = "The run's folder.")
  Path output;

  @Option(names = "--resume", description = "Go on where a run of the same spec stopped.")
  boolean resume;

  @Option(names = "--force", description = "Replace a run that is in RUN already.")
  boolean force;

  @Option(names = "--seed", paramLabel = "N", description = "In place of the spec's seed.")
  @Nullable Long seed;

  @Option(names = "--steps", paramLabel = "N", description = "In place of the spec's steps.")
  @Nullable Integer steps;

  @Option(
      names = "--device",
      paramLabel = "DEV",
      defaultValue = "auto",
      description = "cpu, cuda, cuda:N or auto (default: ${DEFAULT-VALUE}).")
  String device;

  @Override
  public void run() {
    if (Files.exists(output.resolve("metrics.jsonl")) && !resume && !force) {
      throw new GoodhartException(
          output
              + ": holds a run already; go on with it by --resume, replace it by --force, or give"
              + " another folder");
    }
    if (Specs.keys(file).contains(PreferenceSpec.KEY)) {
      onPreferences();
    } else {
      onReward();
    }
  }

  private void onPreferences() {
    if (steps != null) {
      throw new ParameterException(
          command.commandLine(), "--steps: a run on preferences goes by recipe.epochs");
    }
    PreferenceSpec read = PreferenceSpec.read(file);
    PreferenceSpec spec = seed == null ? read : read.withSeed(seed);
    PreferenceAlignment.Result result =
        spec.run(output, resume, Device.of(device), Main.progress(command));
    PrintWriter out = command.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%,d pairs learnt from, %,d left out as too long; %,d steps, the best after %,d%n",
        result.pairs(),
        result.dropped(),
        result.training().steps(),
        result.training().bestStep());
    result
        .after()
        .forEach(
            (name, after) ->
                out.printf(
                    Locale.ROOT,
                    "  held out, %-10s %.4f before, %.4f after%n",
                    name,
                    result.before().getOrDefault(name, Double.NaN),
                    after));
    out.printf("The policy is in %s%n", output.resolve("model"));
    out.flush();
  }

  private void onReward() {
    AlignSpec read = AlignSpec.read(file);
    AlignSpec spec =
        read.with(steps == null ? read.steps() : steps, seed == null ? read.seed() : seed);
    PrintWriter out = command.commandLine().getOut();
    var table = new AlignTable(out, spec.steps());
    Alignment.Result result =
        new Alignment(spec, output, Device.of(device), Main.progress(command), table::row)
            .run(resume);
    AlignReport report = AlignReport.of(output);
    report.write(output);
    out.println();
    report.says().forEach(line -> out.println("· " + line));
    if (!result.why().isEmpty()) out.println("Ended early: " + result.why());
    out.printf(
        Locale.ROOT,
        "%d steps. The policy is in %s, the report in %s%n",
        result.steps(),
        output.resolve("model"),
        output.resolve("report.html"));
    out.flush();
  }
}
