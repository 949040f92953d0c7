package dev.goodhart.cli;

import dev.goodhart.run.Progress;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: {@code goodhart}. A subcommand is a class of its own in this package. */
@Command(
    name = "goodhart",
    description = "Rewards that can be trusted: learned, verified, combined, audited.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      AlignCommand.class,
      AuditCommand.class,
      Curate.class,
      Detect.class,
      FitCommand.class,
      Generate.class,
      InspectData.class,
      ListMethods.class,
      QuickstartCommand.class,
      Reproduce.class,
      Score.class,
      Serve.class
    })
public final class Main implements Runnable {
  @Spec CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Where an error came from, in full.")
  boolean verbose;

  @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress on stderr.")
  boolean quiet;

  @Option(
      names = "--unsafe-no-sandbox",
      scope = ScopeType.INHERIT,
      description =
          "Run programs under test without bubblewrap: they can do all that you can, and nothing"
              + " holds them.")
  void unsafe(boolean asked) {
    if (asked) {
      System.setProperty("goodhart.unsafe-no-sandbox", "true");
    }
  }

  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    // Java's print streams keep a full disk to themselves.
    System.exit(code == 0 && System.out.checkError() ? Failures.stdout() : code);
  }

  static CommandLine commandLine() {
    Main main = new Main();
    return new CommandLine(main)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setExecutionExceptionHandler(
            (error, line, result) -> Failures.report(error, line, main.verbose))
        .setParameterExceptionHandler(Failures::usage);
  }

  /** Without a subcommand there is nothing to do but to say which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  /** How a command tells how far it is, as {@code --quiet} asks. */
  // Since JDK 25 there is no console again where the streams are redirected.
  @SuppressWarnings("SystemConsoleNull")
  static Progress progress(CommandSpec command) {
    Main main = (Main) Objects.requireNonNull(command.root().userObject());
    if (main.quiet) {
      return Progress.NONE;
    }
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    return new TerminalProgress(
        new PrintWriter(System.err, true, StandardCharsets.UTF_8), terminal);
  }
}
