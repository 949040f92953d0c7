package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a command that failed says, and its exit code: 2 for what a user can mend, 1 for a bug. */
final class Failures {
  static final int USER = 2;
  static final int BUG = 1;

  private Failures() {}

  /** One line for a user's error, a stack trace for a bug. */
  static int report(Exception error, CommandLine line, boolean verbose) {
    boolean user = error instanceof GoodhartException;
    String message = error.getMessage() == null ? error.toString() : error.getMessage();
    line.getErr().println("goodhart: " + (user ? message : "internal error: " + error));
    if (verbose || !user) {
      error.printStackTrace(line.getErr());
    }
    line.getErr().flush();
    return user ? USER : BUG;
  }

  /** A wrong command line: what is wrong, what was meant, where help is. */
  static int usage(ParameterException error, String[] arguments) {
    CommandLine line = error.getCommandLine();
    line.getErr().println("goodhart: " + error.getMessage());
    UnmatchedArgumentException.printSuggestions(error, line.getErr());
    line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    line.getErr().flush();
    return USER;
  }

  /** Output was lost: to a full disk, or to a reader that has enough ({@code | head}). */
  static int stdout() {
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write('\n'); // only to hear why
      return USER;
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
        return 0;
      }
      System.err.println("goodhart: stdout: cannot be written: " + e.getMessage());
      return USER;
    }
  }
}
