package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  @Test
  void saysItsVersion() {
    var out = new StringWriter();
    var goodhart = new CommandLine(new Main()).setOut(new PrintWriter(out));

    assertEquals(0, goodhart.execute("--version"));
    assertTrue(
        out.toString().matches("(?s)goodhart \\d+\\.\\d+\\.\\d+.*, Java \\d+.*"), out.toString());
  }

  @Test
  void anUnknownOptionIsAUsageError() {
    var goodhart = new CommandLine(new Main()).setErr(new PrintWriter(new StringWriter()));

    assertEquals(2, goodhart.execute("--no-such-option"));
  }
}
