package dev.goodhart.cli;

import dev.goodhart.data.Dataset;
import dev.goodhart.data.OnBadRow;
import dev.goodhart.data.inspect.Inspect;
import dev.goodhart.data.inspect.Inspection;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart inspect}: what is in a data file before anything is trained on it. */
@Command(
    name = "inspect",
    description = {
      "Says what is in a data file: layout, lengths, duplicates, contradictions, ties, whether the"
          + " longer or the first answer wins, how far annotators agree, how noisy the labels are.",
      "Bad rows are counted and shown unless --on-bad-row fail stops at the first."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart inspect pairs.jsonl.gz",
      "  goodhart inspect train.parquet --format preference --truncate 2048",
      "  goodhart inspect ratings.csv --column prompt=ask --column rating=stars --json"
    })
final class InspectData implements Runnable {
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = "JSONL, JSON, CSV, TSV (plain, gz, zstd) or Parquet.")
  Path data;

  @Mixin DataOptions options;

  @Option(
      names = "--truncate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The length in characters, about four a token, after which chosen and rejected are"
              + " compared again (default: several).")
  int truncate;

  @Option(
      names = "--examples",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many rows to show of each finding (default: ${DEFAULT-VALUE}).")
  int examples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the sample that label noise is estimated on (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(names = "--json", description = "Print the figures as JSON.")
  boolean json;

  @Override
  public void run() {
    Inspect inspect = new Inspect(truncate, examples, Inspect.DEFAULT.remembered(), seed);
    Dataset dataset = Dataset.open(data, options.reading(OnBadRow.SKIP, null));
    Inspection inspection = inspect.of(dataset, Main.progress(spec));
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? inspection.json() : inspection.text(Width.ofTerminal()));
    out.flush();
  }
}
