package dev.goodhart.cli;

import picocli.CommandLine;

/** The command line, for tests in other packages. */
public final class CommandLines {
  private CommandLines() {}

  public static CommandLine goodhart() {
    return Main.commandLine();
  }
}
