package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
  private final StringWriter err = new StringWriter();

  @Test
  void quickWorkSaysNothing() {
    for (boolean terminal : new boolean[] {true, false}) {
      var progress = new TerminalProgress(new PrintWriter(err), terminal);
      progress.start("scoring", 10);
      progress.advance(10);
      progress.done();
    }
    assertEquals("", err.toString());
  }

  @Test
  void slowWorkWritesOverItsLineAndWipesItAtTheEnd() throws Exception {
    var progress = new TerminalProgress(new PrintWriter(err), true);
    progress.start("scoring", 4000);
    Thread.sleep(600);
    progress.advance(1000);
    assertTrue(
        err.toString().startsWith("\r\u001b[Kscoring 1,000 of 4,000 (25 %)"), err.toString());
    progress.done();
    assertTrue(err.toString().endsWith("\r\u001b[K"), err.toString());
  }
}
