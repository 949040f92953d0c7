package dev.goodhart.verify.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was answered before is not asked again; everything that matters makes another question. */
class ReplyCacheTest {
  private static final Sample TEA = Sample.of("How is tea made?", "With hot water.");

  @TempDir Path folder;

  private static PlayedServer seven() throws IOException {
    return PlayedServer.saying(q -> PlayedServer.mark(q) + ": 7");
  }

  @Test
  void aSecondRunAsksNothing() throws IOException {
    try (PlayedServer server = seven()) {
      ChatServer chat = server.chat(0, 5, 5, Optional.of(folder));
      Reward first = JudgesTest.judge(chat).of(TEA);
      Reward second = JudgesTest.judge(chat).of(TEA);
      assertEquals(JudgesTest.value(first), JudgesTest.value(second));
      assertEquals(1, server.requests.get());
      assertEquals(1, JudgesTest.part(second, "cached"));
      assertEquals(0, JudgesTest.part(second, "requests"));
      assertEquals(0, JudgesTest.part(second, "prompt-tokens"));
    }
  }

  @Test
  void whateverMattersMakesAnotherQuestion() throws IOException {
    try (PlayedServer server = seven();
        PlayedServer other = seven()) {
      ChatServer base = server.chat(0, 5, 5, Optional.of(folder));
      List<Judge> judges =
          List.of(
              judge(base, "Q?", Optional.empty(), Optional.empty()),
              judge(
                  other.chat(0, 5, 5, Optional.of(folder)),
                  "Q?",
                  Optional.empty(),
                  Optional.empty()),
              judge(
                  chat(server, "other model", 0, 256, Map.of()),
                  "Q?",
                  Optional.empty(),
                  Optional.empty()),
              judge(
                  chat(server, "played", 0.5, 256, Map.of()),
                  "Q?",
                  Optional.empty(),
                  Optional.empty()),
              judge(
                  chat(server, "played", 0, 255, Map.of()),
                  "Q?",
                  Optional.empty(),
                  Optional.empty()),
              judge(
                  chat(server, "played", 0, 256, Map.of("seed", 1L)),
                  "Q?",
                  Optional.empty(),
                  Optional.empty()),
              judge(base, "Another?", Optional.empty(), Optional.empty()),
              judge(base, "Q?", Optional.of("{response} alone"), Optional.empty()),
              judge(base, "Q?", Optional.empty(), Optional.of("Be strict.")),
              new Judge(base, "Q?", 0, 10, Optional.empty(), Optional.empty()));
      for (int run = 0; run < 2; run++) {
        for (Judge judge : judges) {
          assertEquals(7, JudgesTest.part(judge.of(TEA), "rating"));
        }
      }
      assertEquals(judges.size(), server.requests.get() + other.requests.get());
      judges.getFirst().of(Sample.of("How is tea made?", "With hot water. "));
      judges.getFirst().of(Sample.of("How is tea made? ", "With hot water."));
      assertEquals(judges.size() + 2, server.requests.get() + other.requests.get());
    }
  }

  private ChatServer chat(
      PlayedServer server,
      String model,
      double temperature,
      int tokens,
      Map<String, Object> extra) {
    return new ChatServer(
        server.url(),
        model,
        Optional.empty(),
        temperature,
        tokens,
        extra,
        8,
        0,
        0.01,
        5,
        5,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        200_000,
        Optional.of(folder));
  }

  private static Judge judge(
      ChatServer chat, String question, Optional<String> template, Optional<String> system) {
    return new Judge(chat, question, 1, 10, template, system);
  }

  @Test
  void equalSamplesOfABatchAreAskedOnce() throws IOException {
    try (PlayedServer server =
            new PlayedServer(
                (e, body, number) -> {
                  try {
                    Thread.sleep(200);
                  } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                  }
                  PlayedServer.send(
                      e,
                      200,
                      PlayedServer.completion(
                          PlayedServer.mark(PlayedServer.question(body)) + ": 7"));
                });
        OpenJudge open = JudgesTest.judge(server.chat()).open()) {
      open.of(Collections.nCopies(20, TEA))
          .forEach(r -> assertEquals(7, JudgesTest.part(r, "rating")));
      assertEquals(1, server.requests.get());
      assertEquals(19, open.usage().cached());
    }
  }

  @Test
  void faultsAreNotKeptAndDamagedFilesAreAskedAgain() throws IOException {
    try (PlayedServer server =
        new PlayedServer(
            (e, body, number) -> {
              if (number == 1) {
                PlayedServer.send(e, 500, "down");
              } else {
                PlayedServer.send(
                    e,
                    200,
                    PlayedServer.completion(
                        PlayedServer.mark(PlayedServer.question(body)) + ": 7"));
              }
            })) {
      ChatServer chat = server.chat(0, 5, 5, Optional.of(folder));
      assertTrue(
          JudgesTest.reason(JudgesTest.judge(chat).of(TEA)).startsWith("judge server error"));
      assertEquals(List.of(), entries(folder));
      assertEquals(7, JudgesTest.part(JudgesTest.judge(chat).of(TEA), "rating"));
      Path entry = entries(folder).getFirst();
      for (String damage : List.of("", "{\"url\": \"", "null", "[]", "{}", "{\"reply\": null}")) {
        Files.writeString(entry, damage);
        assertEquals(7, JudgesTest.part(JudgesTest.judge(chat).of(TEA), "rating"), damage);
      }
      assertEquals(8, server.requests.get());
    }
  }

  /** Two processes write the same entries; one is killed in the middle of it. */
  @Test
  void whatAKilledProcessLeavesIsWholeOrNotThere() throws Exception {
    List<Process> writers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      writers.add(
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    long end = System.nanoTime() + 20_000_000_000L;
    while (entries(folder).size() < 100 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    writers.get(0).destroyForcibly().waitFor();
    Thread.sleep(100);
    writers.get(1).destroyForcibly();
    assertTrue(writers.get(1).waitFor(5, TimeUnit.SECONDS));
    ReplyCache cache = new ReplyCache(folder);
    int read = 0;
    for (int i = 0; i < 2000; i++) {
      Optional<Reply> reply = cache.read("u", "request " + i);
      if (reply.isPresent()) {
        assertEquals(content(i), reply.get().content());
        read++;
      }
    }
    assertEquals(entries(folder).size(), read, "every entry under its name is whole");
    assertTrue(read >= 100);
    assertEquals(32, Files.size(folder.resolve("secret")));
  }

  private static String content(int number) {
    return ("reply " + number + " ").repeat(1000);
  }

  /** Writes entries until it is killed. */
  static final class Writer {
    public static void main(String[] arguments) {
      Path folder = Path.of(arguments[0]);
      Marks.in(folder);
      ReplyCache cache = new ReplyCache(folder);
      for (int i = 0; ; i = (i + 1) % 2000) {
        cache.write("u", "request " + i, new Reply(content(i), "stop", "", List.of(), 1, 1));
      }
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.getFileName().toString().matches("[0-9a-f]{64}\\.json")).toList();
    } catch (java.io.UncheckedIOException e) {
      return List.of(); // a temporary file went while the folder was read
    }
  }

  @Test
  void processesThatStartTogetherShareOneSecret() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<String> marks = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 16; i++) {
      threads.add(Thread.startVirtualThread(() -> marks.add(Marks.in(folder).of(List.of("x")))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(16, marks.size());
    assertEquals(1, marks.stream().distinct().count());
  }
}
