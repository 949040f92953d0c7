package dev.goodhart.serve.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goodhart.serve.Served;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.journal.Journal;
import dev.goodhart.serve.journal.Keeping;
import dev.goodhart.serve.scoring.Load;
import dev.goodhart.signal.Pace;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** No room for the journal: nothing is answered that is not written, and it goes on with room. */
class FullDiskTest {
  private static final String BODY =
      "{\"samples\": [{\"response\": \"%s\"}, {\"response\": \"abc\"}]}".formatted("x".repeat(400));

  /** A limit on the size of files, set from outside and lifted again, in a process of its own. */
  @Test
  void aFileThatMayNotGrowRefusesRequestsUntilItMay(@TempDir Path folder) throws Exception {
    assumeTrue(works("prlimit", "--version"), "there is no prlimit (util-linux)");
    Process process =
        KilledServer.start(folder, Pace.INSTANT, "prlimit", "--fsize=50000:unlimited");
    try {
      int port = KilledServer.port(process);
      int answered = 0;
      HttpResponse<String> response = post(port);
      while (response.statusCode() == 200) {
        answered++;
        response = post(port);
      }
      assertEquals(503, response.statusCode(), response.body());
      assertEquals("5", response.headers().firstValue("retry-after").orElse(""));
      assertTrue(response.body().contains("the journal cannot be written"), response.body());
      assertEquals(503, post(port).statusCode());
      assertEquals(2 * answered, lines(folder).size());

      assertTrue(works("prlimit", "--fsize=unlimited:unlimited", "--pid", "" + process.pid()));
      assertEquals(200, post(port).statusCode());
      assertEquals(2 * answered + 2, lines(folder).size());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aFullFileSystemRefusesRequestsUntilThereIsRoom(@TempDir Path folder) throws Exception {
    assumeTrue(
        works("mount", "-t", "tmpfs", "-o", "size=128k", "none", folder.toString()),
        "only root may mount a small file system");
    try (Journal journal = new Journal(folder, new Keeping(40_000, 0, true, false));
        Served server =
            new Served(
                RewardSpec.of("length", new KilledServer.Length(Pace.INSTANT)),
                new Limits(1 << 20, 1000, Duration.ofSeconds(10)),
                Load.USUAL,
                journal)) {
      Path ballast = Files.write(folder.resolve("ballast"), new byte[50_000]);
      int answered = 0;
      while (post(server.port()).statusCode() == 200) answered++;
      HttpResponse<String> response = post(server.port());
      assertEquals(503, response.statusCode());
      assertTrue(response.body().contains("No space left on device"), response.body());
      assertEquals(2 * answered, lines(folder).size());

      Files.delete(ballast);
      assertEquals(200, post(server.port()).statusCode());
      assertEquals(2 * answered + 2, lines(folder).size());
    } finally {
      assertTrue(works("umount", folder.toString()));
    }
  }

  private static HttpResponse<String> post(int port) throws Exception {
    return Served.CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/rewards"))
            .POST(BodyPublishers.ofString(BODY))
            .build(),
        BodyHandlers.ofString());
  }

  /** Of all files; each a whole JSON object. */
  private static List<Object> lines(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl"))
          .flatMap(FullDiskTest::read)
          .toList();
    }
  }

  private static java.util.stream.Stream<Object> read(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(line -> JsonMapper.shared().readValue(line, Object.class));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
