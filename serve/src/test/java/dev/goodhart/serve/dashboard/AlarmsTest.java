package dev.goodhart.serve.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.goodhart.serve.ServeOptions;
import dev.goodhart.serve.Served;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** An alarm's ways out of the server: the answer, the journal, the webhook. */
class AlarmsTest {
  @Test
  void anAlarmIsToldToTheTrainerTheJournalAndTheWebhook(@TempDir Path folder) throws Exception {
    List<String> hooked = new CopyOnWriteArrayList<>();
    HttpServer hook =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hook.createContext(
        "/",
        exchange -> {
          hooked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    hook.start();
    Set<String> answered = new LinkedHashSet<>();
    ServeOptions plain = ServeOptions.on("localhost", 0).withJournal(folder.resolve("journal"));
    ServeOptions options =
        new ServeOptions(
            plain.host(),
            plain.port(),
            plain.keys(),
            plain.limits(),
            plain.load(),
            plain.journal(),
            plain.keeping(),
            Optional.of(URI.create("http://localhost:" + hook.getAddress().getPort() + "/x")),
            plain.grace());
    try (Served server = new Served(HackedRun.spec(), options)) {
      for (long step = 0; step < 50 || (answered.size() < 3 && step < 300); step++) {
        Map<?, ?> answer =
            Served.object(server.post("/v1/rewards", HackedRun.step("exp7", step, true)));
        for (Object alarm : (List<?>) answer.get("alarms")) {
          answered.add(String.valueOf(((Map<?, ?>) alarm).get("name")));
        }
      }
    } finally {
      hook.stop(1);
    }

    Set<String> expected = Set.of("ensemble-disagreement", "length-drift", "repetition-drift");
    assertTrue(answered.containsAll(expected), answered.toString());
    Set<Object> posted = new LinkedHashSet<>();
    for (String body : hooked) {
      Map<?, ?> json = (Map<?, ?>) JsonMapper.shared().readValue(body, Object.class);
      assertEquals("exp7", json.get("run"));
      posted.add(((Map<?, ?>) json.get("alarm")).get("name"));
    }
    assertTrue(posted.containsAll(expected), posted.toString());
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("journal"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        Files.readAllLines(file).stream()
            .filter(l -> l.contains("\"kind\":\"alarm\""))
            .forEach(lines::add);
      }
    }
    for (String name : expected) {
      assertTrue(lines.stream().anyMatch(l -> l.contains("\"alarm\":\"" + name + "\"")), name);
    }
  }
}
