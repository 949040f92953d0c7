package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FailuresTest {
  private final StringWriter err = new StringWriter();

  private int report(Exception error, boolean verbose) {
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err));
    return Failures.report(error, line, verbose);
  }

  @Test
  void aUsersErrorIsOneLineAndExitCodeTwo() {
    assertEquals(2, report(new GoodhartException("pairs.jsonl: no such file"), false));
    assertEquals("goodhart: pairs.jsonl: no such file", err.toString().strip());
  }

  @Test
  void verboseShowsWhereItCameFrom() {
    assertEquals(2, report(new GoodhartException("no"), true));
    assertTrue(err.toString().contains("FailuresTest"), err.toString());
  }

  @Test
  void aBugShowsItsTraceAndExitCodeOne() {
    assertEquals(1, report(new IllegalStateException("broken"), false));
    assertTrue(err.toString().startsWith("goodhart: internal error"), err.toString());
    assertTrue(err.toString().contains("FailuresTest"), err.toString());
  }

  @Test
  void anUnknownCommandNamesTheClosestOne() {
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err));
    assertEquals(2, line.execute("reprodce"));
    assertTrue(err.toString().contains("reproduce"), err.toString());
  }
}
