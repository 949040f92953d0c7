package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
  private static final List<String> ROWS =
      List.of(
          "{\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":\"b\"}",
          "{\"prompt\":\"q\",\"chosen\":\"same\",\"rejected\":\"same\"}",
          "{\"prompt\":\"q\",\"chosen\":\" \",\"rejected\":\"b\"}",
          "{\"prompt\":\"q\",\"chosen\":\"a\"}",
          "{\"prompt\":\"q\",\"chosen\":[1],\"rejected\":\"b\"}",
          "{broken",
          "{\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":\"b\",\"margin\":\"wide\"}",
          "{\"prompt\":\"q\",\"chosen\":\"c\",\"rejected\":\"d\",\"margin\":1}",
          "{\"prompt\":\"q\",\"chosen\":\"c\",\"rejected\":\"d\",\"margin\":NaN}",
          "{\"prompt\":\"q\",\"chosen\":\"e\",\"rejected\":\"f\",\"margin\":2}",
          "{\"prompt\":\"q\",\"chosen\":\"g\",\"rejected\":\"h\",\"margin\":2}",
          "{\"prompt\":\"q\",\"chosen\":\"i\",\"rejected\":\"j\",\"margin\":2}");

  @TempDir Path folder;

  private Path rows() throws IOException {
    return Files.write(folder.resolve("pairs.jsonl"), ROWS);
  }

  @Test
  void skippedRowsAreCountedAndWrittenBesideTheOutput() throws IOException {
    Path file = rows();
    Path side = Reading.badRowsBeside(folder.resolve("out.jsonl"));
    assertEquals(folder.resolve("out.jsonl.bad.jsonl"), side);
    Dataset data = Dataset.open(file, Reading.DEFAULT.skippingTo(side));
    List<String> seen = new ArrayList<>();
    try (Entries entries = data.entries()) {
      while (entries.hasNext()) {
        Entry entry = entries.next();
        seen.add(
            switch (entry) {
              case Entry.Good good -> entry.number() + " good";
              case Entry.Bad bad -> bad.bad().message().replace(file + "", "");
            });
        assertFalse(Files.exists(side), "before the end nothing has its final name");
        if (!entries.hasNext()) {
          assertTrue(Files.exists(side));
          break;
        }
      }
      assertEquals(12, entries.count());
      assertEquals(7, entries.bad());
    }
    assertEquals("1 good", seen.get(0));
    assertEquals(":2: rejected: is identical to 'chosen'", seen.get(1));
    assertEquals(":3: chosen: is empty", seen.get(2));
    assertEquals(":4: rejected: is missing", seen.get(3));
    assertEquals(":5: chosen: expected text, not a list of numbers", seen.get(4));
    assertTrue(seen.get(5).startsWith(":6: is broken JSON: "), seen.get(5));
    assertEquals(":7: margin: expected a finite number, not 'wide'", seen.get(6));
    assertEquals("8 good", seen.get(7));
    assertEquals(":9: margin: expected a finite number, not 'NaN'", seen.get(8));
    assertEquals("10 good", seen.get(9));

    List<RowResult> bad = Rows.open(side).toList();
    assertEquals(7, bad.size());
    Row first = assertInstanceOf(Row.class, bad.getFirst());
    assertEquals(2, first.at("line"));
    assertEquals("rejected", first.at("field"));
    assertEquals("{broken", assertInstanceOf(Row.class, bad.get(4)).at("row"));
  }

  @Test
  void aBadRowStopsTheReadingWithItsPlace() throws IOException {
    String ok = "{\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":\"b\"}\n";
    Path file = folder.resolve("late.jsonl");
    Files.writeString(
        file,
        ok.repeat(150) + "{\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":7.5}\n" + "{broken");
    Dataset data = Dataset.open(file);
    String message =
        assertThrows(GoodhartException.class, () -> data.preferences().toList()).getMessage();
    assertTrue(
        message.startsWith(file + ":152: is broken JSON"),
        message); // 7.5 is text enough for a response
    Files.writeString(file, ok + "{broken\n" + ok);
    message = assertThrows(GoodhartException.class, () -> Dataset.open(file)).getMessage();
    assertTrue(message.startsWith(file + ":2: "), message);
  }

  @Test
  void aFileOfNothingButBadRowsSaysWhatIsWrongWithTheFirst() throws IOException {
    Path file = Files.writeString(folder.resolve("all.jsonl"), "{a\n{b\n");
    String message =
        assertThrows(
                GoodhartException.class, () -> Dataset.open(file, Reading.DEFAULT.skippingTo(null)))
            .getMessage();
    assertTrue(message.startsWith(file + ":1: is broken JSON"), message);
    Path header = Files.writeString(folder.resolve("header.csv"), "prompt,chosen,rejected\n");
    message = assertThrows(GoodhartException.class, () -> Dataset.open(header)).getMessage();
    assertTrue(message.endsWith("has no rows"), message);
  }

  @Test
  void rowsWithoutAnIdAreNumbered() throws IOException {
    Path file =
        Files.writeString(folder.resolve("t.csv"), "prompt,response\nq,r\n\nq,\"a\nb\"\nq,s\n");
    List<Example> examples = Dataset.open(file).examples().toList();
    assertEquals(
        List.of("1", "2", "3"),
        examples.stream().map(e -> ((Example.Plain) e).sample().id()).toList());
  }

  @Test
  void csvTextIsReadAsNumbersAndVerdictsWhereTheLayoutAsksForThem() throws IOException {
    Path file =
        Files.writeString(folder.resolve("t.csv"), "prompt,response,label,helpfulness\nq,r,,3\n");
    Example.Rated rated = (Example.Rated) Dataset.open(file).examples().toList().getFirst();
    assertEquals(3.0, rated.ratings().get("helpfulness"));
    file =
        Files.writeString(
            folder.resolve("u.csv"), "prompt,completion,label\nq,r,True\nq,r,False\n");
    List<Example> labelled = Dataset.open(file).examples().toList();
    assertEquals(1, ((Example.Labelled) labelled.get(0)).label());
    assertEquals(0, ((Example.Labelled) labelled.get(1)).label());
  }

  @Test
  void aLayoutWithoutPairsSaysHowToGetThem() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("t.jsonl"), "{\"prompt\":\"q\",\"response\":\"r\",\"score\":1}");
    String message =
        assertThrows(GoodhartException.class, () -> Dataset.open(file).preferences()).getMessage();
    assertTrue(message.contains("goodhart curate pairs"), message);
  }

  @Test
  void readsTwiceAlike() throws IOException {
    Dataset data = Dataset.open(rows(), Reading.DEFAULT.skippingTo(null));
    assertEquals(data.examples().toList(), data.examples().toList());
    assertTrue(data.digest().startsWith("sha256:"));
  }
}
