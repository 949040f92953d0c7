package dev.goodhart.serve.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.audit.Finding;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.serve.scoring.Scoring;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class JournalTest {
  @TempDir Path folder;

  @Test
  void aLineSaysWhoAskedAndWhatCameOut() throws Exception {
    Sample sample = Batches.sample("a", "a \"2\"\n\0 ü 🙂");
    Reward reward =
        new Scored(
            0.5,
            OptionalDouble.of(0.1),
            Map.of(
                "helpful",
                Reward.of(0.5).withParts(Map.of("0", Reward.of(0.25))),
                "judge",
                Reward.unscored("timeout: 5 s")));
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      journal.scored(
          Batches.asked("r1", "exp \"7\"", "k"),
          List.of(new Scoring(sample, "d1", reward, Map.of("judge", new Scoring.Took(7, true)))),
          "v1");
    }

    JsonNode line = Batches.lines(folder).getFirst();
    assertEquals("sample", line.get("kind").stringValue());
    assertEquals("r1", line.get("request").stringValue());
    assertEquals("anyone", line.get("client").stringValue());
    assertEquals("k", line.get("key").stringValue());
    assertEquals("goodhart", line.get("protocol").stringValue());
    assertEquals("exp \"7\"", line.get("run").stringValue());
    assertEquals(3, line.get("step").intValue());
    assertEquals(0, line.get("index").intValue());
    assertEquals(1, line.get("batch").intValue());
    assertEquals("d1", line.get("digest").stringValue());
    assertEquals(0.5, line.get("reward").doubleValue());
    assertTrue(line.get("reason").isNull());
    assertEquals(0.1, line.get("deviation").doubleValue());
    assertEquals(0.25, line.get("parts").get("helpful/0").doubleValue());
    assertTrue(line.get("parts").get("judge").isNull());
    assertEquals("timeout: 5 s", line.get("reasons").get("judge").stringValue());
    assertEquals(7, line.get("nanos").get("judge").intValue());
    assertEquals("judge", line.get("cached").get(0).stringValue());
    assertEquals("v1", line.get("version").stringValue());
    assertEquals("a \"2\"\n\0 ü 🙂", line.get("sample").get("response").stringValue());
    assertEquals("g1", line.get("sample").get("columns").get("group").stringValue());
  }

  @Test
  void aSampleReadsBackAsItWas() throws Exception {
    Map<String, Object> columns = new java.util.LinkedHashMap<>();
    columns.put(
        "numbers",
        Arrays.asList(1, 2L, 1e-300, 0.1, new java.math.BigInteger("9".repeat(30)), null));
    columns.put("deep", Map.of("a", List.of(Map.of("b", true))));
    Sample sample = new Sample("", Prompt.NONE, "", null, columns);
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      journal.scored(
          Batches.asked("1", "r", null), List.of(Batches.scoring(sample, Reward.of(1))), "v");
    }

    Line line = Line.of(Files.readAllBytes(Batches.files(folder).getFirst())).orElseThrow();
    assertEquals(
        dev.goodhart.serve.scoring.Digests.of(sample),
        dev.goodhart.serve.scoring.Digests.of(line.sample().orElseThrow()));
    assertEquals(sample.columns().get("deep"), line.sample().orElseThrow().columns().get("deep"));
  }

  @Test
  void halfASurrogatePairSpoilsNoLine() throws Exception {
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      journal.scored(Batches.asked("1", "\ud800", null), Batches.batch(2, "x\ud83dy"), "v");
    }

    JsonNode line = Batches.lines(folder).get(1);
    assertEquals("x?y", line.get("sample").get("response").stringValue());
    assertEquals("?", line.get("run").stringValue());
  }

  @Test
  void textsMayBeLeftOut() throws Exception {
    try (Journal journal = new Journal(folder, new Keeping(1 << 20, 0, false, false))) {
      journal.scored(Batches.asked("1", "r", null), Batches.batch(1, "secret"), "v");
    }

    assertFalse(Files.readString(Batches.files(folder).getFirst()).contains("secret"));
    assertEquals("s0", Batches.lines(folder).getFirst().get("sample").get("id").stringValue());
  }

  @Test
  void manyThreadsWriteEachBatchOnceAndInOnePiece() throws Exception {
    int requests = 400;
    List<Callable<List<Finding>>> calls = new ArrayList<>();
    try (Journal journal = new Journal(folder, new Keeping(20_000, 0, true, false))) {
      for (int i = 0; i < requests; i++) {
        String id = Integer.toString(i);
        int size = 1 + i % 5;
        calls.add(
            () -> {
              if (size == 3) Thread.currentThread().interrupt(); // a client that left
              return journal.scored(Batches.asked(id, "r", null), Batches.batch(size, "x"), "v");
            });
      }
      // Alone, or all of them may be one group in one file.
      for (int i = requests; i < requests + 100; i++) {
        journal.scored(Batches.asked("" + i, "r", null), Batches.batch(1, "x"), "v");
      }
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var call : threads.invokeAll(calls)) call.get();
      }
    }

    Set<Integer> seen = new TreeSet<>();
    int next = 0;
    String request = "";
    for (JsonNode line : Batches.lines(folder)) {
      assertEquals(next, line.get("index").intValue());
      if (next == 0) {
        request = line.get("request").stringValue();
        assertTrue(seen.add(Integer.parseInt(request)), request);
      }
      assertEquals(request, line.get("request").stringValue());
      next = (next + 1) % line.get("batch").intValue();
    }
    assertEquals(requests + 100, seen.size());
    assertTrue(Batches.files(folder).size() > 2, "rotates");
  }

  @Test
  void onlyTheNewestFilesAreKeptIfSoWished() throws Exception {
    try (Journal journal = new Journal(folder, new Keeping(1, 2, true, false))) {
      for (int i = 0; i < 5; i++) {
        journal.scored(Batches.asked("" + i, "r", "k" + i), Batches.batch(1, "x"), "v");
      }
      assertFalse(journal.has("anyone", "k2"));
      assertTrue(journal.has("anyone", "k3"));
    }
    assertEquals(
        List.of("journal-00000004.jsonl", "journal-00000005.jsonl"),
        Batches.files(folder).stream().map(file -> "" + file.getFileName()).toList());
  }

  /** Cuts the file about the lines' ends and at many others. */
  @Test
  void whateverAKillLeavesOfABatchIsCutOff() throws Exception {
    List<byte[]> batches = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      batches.add(
          new Lines(true)
              .of("t", Batches.asked("r" + i, "r", "k" + i), Batches.batch(2, "x"), "v"));
    }
    byte[] whole = new byte[batches.stream().mapToInt(b -> b.length).sum()];
    int at = 0;
    for (byte[] batch : batches) {
      System.arraycopy(batch, 0, whole, at, batch.length);
      at += batch.length;
    }
    Path file = Files.createDirectories(folder).resolve("journal-00000001.jsonl");
    for (int cut = 0; cut <= whole.length; cut++) {
      boolean atEnd = cut > 1 && whole[cut - 2] == '\n' || cut < whole.length && whole[cut] == '\n';
      if (!atEnd && cut % 17 != 0) continue;
      Files.write(file, Arrays.copyOf(whole, cut));
      int left = 0;
      int bytes = 0;
      while (left < 3 && bytes + batches.get(left).length <= cut)
        bytes += batches.get(left++).length;
      try (Journal journal = new Journal(folder, Keeping.USUAL)) {
        assertEquals(bytes, Files.size(file));
        for (int i = 0; i < 3; i++) assertEquals(i < left, journal.has("anyone", "k" + i));
      }
    }
  }

  @Test
  void anUnreadableLineAmidTheOthersIsNotTouched() throws Exception {
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      journal.scored(Batches.asked("1", "r", null), Batches.batch(1, "x"), "v");
    }
    Path file = Batches.files(folder).getFirst();
    byte[] line = Files.readAllBytes(file);
    Files.writeString(file, "nothing\n", StandardOpenOption.APPEND);
    new Journal(folder, Keeping.USUAL).close(); // at the end it is what a power cut leaves
    assertEquals(line.length, Files.size(file));

    Files.writeString(file, "nothing\n", StandardOpenOption.APPEND);
    Files.write(file, line, StandardOpenOption.APPEND);
    var e = assertThrows(GoodhartException.class, () -> new Journal(folder, Keeping.USUAL));
    assertTrue(e.getMessage().startsWith(file + ":2: not the line"), e.getMessage());
    assertEquals(2 * line.length + 8, Files.size(file));
  }

  @Test
  void aSecondServerIsRefused() {
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      var e = assertThrows(GoodhartException.class, () -> new Journal(folder, Keeping.USUAL));
      assertTrue(e.getMessage().contains("another server"), e.getMessage());
    }
    new Journal(folder, Keeping.USUAL).close();
  }

  @Test
  void aRepeatedRequestIsRecalledAndNotWrittenAgain() throws Exception {
    Asked asked = Batches.asked("1", "r", "key");
    List<Scoring> scored =
        List.of(
            Batches.scoring(Batches.sample("a", "x"), new Scored(0.1 + 0.2, 0.5)),
            Batches.scoring(Batches.sample("b", "y"), Reward.unscored("no verdict: why")));
    List<Sample> samples = scored.stream().map(Scoring::sample).toList();
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      assertTrue(journal.recall(asked, samples).isEmpty());
      journal.scored(asked, scored, "v");
    }

    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      List<Scoring> recalled = journal.recall(asked, samples).orElseThrow();
      Scored first = (Scored) recalled.getFirst().reward();
      assertEquals(0.1 + 0.2, first.value());
      assertEquals(OptionalDouble.of(0.5), first.deviation());
      assertEquals(0.1 + 0.2, ((Scored) first.parts().get("correct")).value());
      assertEquals(
          Reward.unscored("no verdict: why"), recalled.get(1).reward().withParts(Map.of()));
      assertEquals(
          409, assertThrows(Refusal.class, () -> journal.scored(asked, scored, "v")).status());
      assertEquals(
          422,
          assertThrows(Refusal.class, () -> journal.recall(asked, samples.reversed())).status());
      assertFalse(journal.has("somebody else", "key"));
    }
    assertEquals(2, Batches.lines(folder).size());
  }

  @Test
  void alarmsStandBetweenTheSamples() throws Exception {
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      journal.alarm(
          "r", 7L, new Finding("length-drift", Finding.Level.ALARM, "grows", Map.of("now", 9.0)));
    }
    try (Journal journal = new Journal(folder, new Keeping(1 << 20, 0, true, true))) {
      journal.scored(Batches.asked("1", "r", null), Batches.batch(1, "x"), "v");
    }

    JsonNode alarm = Batches.lines(folder).getFirst();
    assertEquals("length-drift", alarm.get("alarm").stringValue());
    assertEquals(9, alarm.get("figures").get("now").doubleValue());
    assertEquals(2, Batches.lines(folder).size());
  }

  @Test
  void anEmptyBatchLeavesNothing() throws Exception {
    try (Journal journal = new Journal(folder, Keeping.USUAL)) {
      journal.scored(Batches.asked("1", "r", "k"), Collections.emptyList(), "v");
    }
    assertEquals(0, Files.size(Batches.files(folder).getFirst()));
  }

  @Test
  void aFolderThatCannotBeMadeIsAUserError() throws Exception {
    Path file = Files.write(folder.resolve("file"), "x".getBytes(StandardCharsets.UTF_8));
    var e =
        assertThrows(GoodhartException.class, () -> new Journal(file.resolve("j"), Keeping.USUAL));
    assertTrue(e.getMessage().contains("no journal there"), e.getMessage());
  }
}
