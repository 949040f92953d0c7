package dev.goodhart.verify.judge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A real HTTP server that plays a chat server, well or badly. */
final class PlayedServer implements AutoCloseable {
  /** What becomes of one request, the number-th from 1. */
  interface Play {
    void on(HttpExchange exchange, JsonNode request, int number) throws IOException;
  }

  private static final Pattern MARK = Pattern.compile("the mark ([0-9a-f]{12}),");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  final AtomicInteger requests = new AtomicInteger();
  final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
  final List<String> keys = new CopyOnWriteArrayList<>();

  PlayedServer(Play play) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          int number = requests.incrementAndGet();
          try (exchange) {
            JsonNode body = Completion.JSON.readTree(exchange.getRequestBody().readAllBytes());
            bodies.add(body);
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            play.on(exchange, body, number);
          }
        });
    server.start();
  }

  /** A judge that answers in words, given the question. */
  static PlayedServer saying(Function<String, String> reply) throws IOException {
    return new PlayedServer(
        (e, body, number) -> send(e, 200, completion(reply.apply(question(body)))));
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Quick to give up, so that faults are quick to test. */
  ChatServer chat() {
    return chat(2, 5, 10, Optional.empty());
  }

  ChatServer chat(
      int retries, double timeout, double patience, Optional<java.nio.file.Path> cache) {
    return new ChatServer(
        url(),
        "played",
        Optional.empty(),
        0,
        256,
        Map.of(),
        8,
        retries,
        0.01,
        timeout,
        patience,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        200_000,
        cache);
  }

  static String question(JsonNode body) {
    JsonNode messages = body.path("messages");
    return messages.path(messages.size() - 1).path("content").stringValue();
  }

  /** The mark as an obedient judge reads it: from Goodhart's last words. */
  static String mark(String question) {
    Matcher matcher = MARK.matcher(question);
    String mark = "";
    while (matcher.find()) {
      mark = matcher.group(1);
    }
    return mark;
  }

  static Map<String, Object> completion(String content) {
    return completion(content, "stop");
  }

  static Map<String, Object> completion(String content, String finish) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("content", content);
    return Map.of(
        "object", "chat.completion",
        "choices", List.of(Map.of("index", 0, "message", message, "finish_reason", finish)),
        "usage", Map.of("prompt_tokens", 100, "completion_tokens", 7));
  }

  static void send(HttpExchange exchange, int status, Object json) throws IOException {
    send(exchange, status, "application/json", Completion.JSON.writeValueAsString(json));
  }

  static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
