package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproduceTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int goodhart(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void writesTheEvidenceOnlyWhenAsked(@TempDir Path folder) throws Exception {
    assertEquals(
        0,
        goodhart(
            "reproduce",
            "preference-as-reward-tilt",
            "--seeds",
            "2",
            "--quiet",
            "--write",
            folder.toString()));
    assertTrue(out.toString().contains("par-10-over-raw-at-1"), out.toString());
    assertTrue(
        Files.readString(folder.resolve("evidence.md")).contains("preference-as-reward-tilt"));
    assertTrue(Files.exists(folder.resolve("evidence.json")));
  }

  @Test
  void aRoomAndAWorldChooseSystems() {
    assertEquals(
        0,
        goodhart(
            "reproduce",
            "--room",
            "transform",
            "--world",
            "bandit",
            "--smoke",
            "--seeds",
            "2",
            "--quiet",
            "--json"));
    assertTrue(out.toString().contains("\"system\" : 9,"), out.toString());
    assertTrue(out.toString().contains("\"seconds\" : "), out.toString());
    assertFalse(out.toString().contains("\"system\" : 7,"), out.toString());
  }

  @Test
  void aRoomWithoutExperimentsSaysWhichHaveSome() {
    assertEquals(2, goodhart("reproduce", "--room", "kitchen"));
    assertTrue(err.toString().contains("audit, combine"), err.toString());
    assertEquals(2, goodhart("reproduce", "--all", "--room", "audit"));
  }

  @Test
  void aSmokeRunIsNoEvidence(@TempDir Path folder) {
    assertEquals(2, goodhart("reproduce", "7", "--smoke", "--write", folder.toString()));
    assertFalse(Files.exists(folder.resolve("evidence.md")));
  }

  @Test
  void anUnknownSystemIsTheUsersError() {
    assertEquals(2, goodhart("reproduce", "wco-uwp"));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("wco-uwo"), err.toString());
  }

  @Test
  void aSystemWithoutAnExperimentSaysWhichThereAre() {
    assertEquals(2, goodhart("reproduce", "4"));
    assertTrue(err.toString().contains("7 conservative-ensembles"), err.toString());
  }

  @Test
  void somethingToReproduceMustBeNamed() {
    assertEquals(2, goodhart("reproduce"));
  }
}
