package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class ServeTest {
  @TempDir Path folder;

  /** The command as a process of its own, as it is stopped by signals. */
  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile()).start();
  }

  private static int port(BufferedReader output) throws IOException {
    Pattern serving = Pattern.compile("serving .* on http://localhost:(\\d+),");
    StringBuilder said = new StringBuilder();
    for (String line; (line = output.readLine()) != null; said.append(line).append('\n')) {
      Matcher found = serving.matcher(line);
      if (found.find()) return Integer.parseInt(found.group(1));
    }
    throw new AssertionError("it did not begin to serve: " + said);
  }

  private static HttpResponse<String> ask(int port, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/rewards"))
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) request.headers(headers);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  private static String run(int code, String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
    assertEquals(code, line.execute(arguments), said::toString);
    return said.toString();
  }

  @Test
  void itServesUntilItIsStoppedAndWhatItGaveIsInTheJournalThatAnotherSpecIsHeldAgainst()
      throws Exception {
    Path spec = folder.resolve("reward.yaml");
    Files.writeString(spec, "signals: { size: { length: { unit: characters } } }\n");
    String keys = folder.resolve("keys").toString();
    String key = run(0, "serve", spec.toString(), "--keys", keys, "--new-key", "me").strip();
    Process server = start("serve", "reward.yaml", "--port", "0", "--keys", "keys");
    try (BufferedReader output = server.inputReader()) {
      int port = port(output);
      String body = "{\"samples\":[{\"response\":\"abc\"},{\"response\":\"abcde\"}]}";

      assertEquals(401, ask(port, body).statusCode());
      assertTrue(ask(port, body, "X-Api-Key", key).body().contains("\"reward\":5.0"));
      assertTrue(server.toHandle().destroy()); // SIGTERM, and its output stays open
      assertTrue(server.waitFor(30, TimeUnit.SECONDS));
      String rest = String.join("\n", output.readAllLines());
      assertFalse(rest.contains("Exception"), rest);
    } finally {
      server.destroyForcibly();
    }
    String journal = folder.resolve("reward.journal").toString();
    String same = run(0, "serve", spec.toString(), "--replay", journal, "--quiet");
    Files.writeString(spec, "signals: { size: { length: { unit: words } } }\n");
    String changed = run(0, "serve", spec.toString(), "--replay", journal, "--quiet");

    // The first two columns: same, changed.
    assertTrue(Pattern.compile("^reward +2 +0 ", Pattern.MULTILINE).matcher(same).find(), same);
    assertTrue(
        Pattern.compile("^reward +0 +2 ", Pattern.MULTILINE).matcher(changed).find(), changed);
  }

  @Test
  void twoServersDoNotShareAJournal() throws Exception {
    Path spec = folder.resolve("reward.yaml");
    Files.writeString(spec, "signals: { size: { length: {} } }\n");
    Process server = start("serve", "reward.yaml", "--port", "0");
    try (BufferedReader output = server.inputReader()) {
      assertTrue(port(output) > 0);

      String said = run(2, "serve", spec.toString(), "--port", "0");

      assertTrue(said.contains("another server writes its journal there"), said);
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void whatCannotBeServedIsSaidInOneLine() throws Exception {
    Path spec = folder.resolve("reward.yaml");
    Files.writeString(spec, "signals: { size: { length: {} } }\n");

    assertTrue(run(2, "serve", folder.resolve("none.yaml").toString()).contains("no such file"));
    assertTrue(run(2, "serve", spec.toString(), "--new-key", "me").contains("--keys FILE"));
    assertTrue(
        run(2, "serve", spec.toString(), "--keys", folder.resolve("none").toString())
            .contains("cannot be read"));
    assertTrue(
        run(2, "serve", spec.toString(), "--workers", "0", "--no-journal")
            .contains("must be at least 1"));
    assertTrue(
        run(2, "serve", spec.toString(), "--replay", folder.resolve("none").toString())
            .contains("none"));
    assertTrue(
        run(2, "serve", spec.toString(), "--host", "no.such.host.invalid", "--no-journal")
            .contains("no.such.host.invalid"));
  }
}
