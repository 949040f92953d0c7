package dev.goodhart.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code goodhart curate}: preference data made, and made better. */
@Command(
    name = "curate",
    description = "Makes preference data, and makes it better.",
    mixinStandardHelpOptions = true,
    subcommands = {CuratePairs.class},
    footerHeading = "%nExamples:%n",
    footer = "  goodhart curate pairs responses.jsonl.gz -o pairs.jsonl --min-gap 0.3")
final class Curate implements Runnable {
  @Spec CommandSpec spec;

  /** Without a subcommand there is nothing to do but to say which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
