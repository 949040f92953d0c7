package dev.goodhart.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command: {@code goodhart}. A subcommand is a class of its own in this package. */
@Command(
    name = "goodhart",
    description = "Rewards that can be trusted: learned, verified, combined, audited.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main implements Runnable {
  @Spec CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  /** Without a subcommand there is nothing to do but to say which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
