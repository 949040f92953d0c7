package dev.goodhart.verify.judge;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.run.Deadline;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A conversation partner behind OpenAI's protocol: bounded in concurrency, time and size, patient
 * with what passes, and asked only once what it has answered before. Redirects are not followed:
 * the key and the text go where the spec says and nowhere else.
 */
final class Chat implements AutoCloseable {
  /** Of a reply's body, in bytes. */
  static final int LARGEST = 4 << 20;

  private final ChatServer server;
  private final @Nullable String key;
  private final HttpClient client;
  private final Semaphore slots;
  private final AtomicInteger callsLeft;
  private final long runEnd;
  private final Optional<ReplyCache> cache;
  private final ConcurrentHashMap<String, CompletableFuture<Reply>> asked =
      new ConcurrentHashMap<>();
  final Tally tally = new Tally();

  /**
   * @param environment where the key is looked up
   * @throws GoodhartException if the key is not there
   */
  Chat(ChatServer server, java.util.function.UnaryOperator<@Nullable String> environment) {
    this.server = server;
    String found = null;
    if (server.key().isPresent()) {
      found = environment.apply(server.key().get());
      if (found == null || found.isBlank()) {
        throw new GoodhartException(
            "judge: the environment variable "
                + server.key().get()
                + " is not set; it holds the key of "
                + server.baseUrl());
      }
      found = found.strip();
      if (!found.matches("[\\x21-\\x7e]+")) {
        throw new GoodhartException(
            "judge: the environment variable "
                + server.key().get()
                + " holds something else than a key: a space or a sign that no header may have");
      }
    }
    this.key = found;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(duration(server.timeout()))
            .build();
    this.slots = new Semaphore(server.concurrency());
    this.callsLeft = new AtomicInteger(server.calls().orElse(Integer.MAX_VALUE));
    this.runEnd =
        System.nanoTime()
            + (server.runLimit().isPresent()
                ? duration(server.runLimit().getAsDouble()).toNanos()
                : Long.MAX_VALUE / 2);
    this.cache = server.cache().map(ReplyCache::new);
  }

  ChatServer server() {
    return server;
  }

  /**
   * The reply to some messages, from the cache where it is there.
   *
   * @param candidates how many likely first tokens are wanted; 0 for a reply in words
   * @param costs counts this question's own requests and tokens
   * @throws NoVerdictException if there is none to be had
   */
  Reply ask(List<Message> messages, int candidates, Tally costs) {
    String request = Completion.request(server, messages, candidates);
    String url = server.completions().toString();
    costs.questions.increment();
    Optional<Reply> known = cache.flatMap(c -> c.read(url, request));
    if (known.isPresent()) {
      costs.cached.increment();
      return known.get();
    }
    CompletableFuture<Reply> mine = new CompletableFuture<>();
    CompletableFuture<Reply> other = asked.putIfAbsent(request, mine);
    if (other != null) {
      costs.cached.increment();
      return joined(other);
    }
    try {
      Reply reply = fetch(request, costs);
      cache.ifPresent(c -> c.write(url, request, reply));
      mine.complete(reply);
      return reply;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      asked.remove(request);
    }
  }

  private static Reply joined(CompletableFuture<Reply> other) {
    try {
      return other.get();
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Waits for a slot, then sends until there is a reply or no use in going on. */
  private Reply fetch(String question, Tally costs) {
    try {
      long run = runEnd - System.nanoTime();
      long request = Deadline.remaining();
      if (!slots.tryAcquire(Math.min(run, request), TimeUnit.NANOSECONDS)) {
        throw request < run
            ? new NoVerdictException("judge not asked: no slot before the request's deadline")
            : runOver();
      }
      try {
        long patience = System.nanoTime() + duration(server.patience()).toNanos();
        return attempts(question, patience, costs);
      } finally {
        slots.release();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private Reply attempts(String request, long patience, Tally costs) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      if (runEnd - System.nanoTime() <= 0) {
        throw runOver();
      }
      if (callsLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
        throw new NoVerdictException("judge not asked: the run's calls are used up");
      }
      costs.requests.increment();
      if (attempt > 0) {
        costs.retries.increment();
      }
      long start = System.nanoTime();
      long left = Math.min(Math.min(patience, runEnd) - start, Deadline.remaining());
      long end = start + left;
      Failure failure;
      try {
        Reply reply = send(request, end);
        costs.promptTokens.add(reply.promptTokens());
        costs.completionTokens.add(reply.completionTokens());
        return reply;
      } catch (Failure e) {
        failure = e;
      } finally {
        costs.nanos.add(System.nanoTime() - start);
      }
      String reason = failure.reason;
      if (!failure.passes) {
        throw new NoVerdictException(reason);
      }
      if (attempt >= server.retries()) {
        throw new NoVerdictException(
            attempt == 0 ? reason : reason + ", after " + (attempt + 1) + " attempts");
      }
      Duration wait = Backoff.wait(duration(server.backoff()), attempt, failure.retryAfter);
      if (wait.toNanos() >= end - System.nanoTime()) {
        throw new NoVerdictException(reason + ", no time left to ask again");
      }
      Thread.sleep(wait);
    }
  }

  private Reply send(String request, long end) throws Failure, InterruptedException {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(server.completions())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request, StandardCharsets.UTF_8));
    if (key != null) {
      post.header("Authorization", "Bearer " + key);
    }
    AtomicBoolean begun = new AtomicBoolean();
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(
            post.build(),
            info -> {
              begun.set(true);
              return BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST).apply(info);
            });
    try {
      long limit = Math.min(duration(server.timeout()).toNanos(), end - System.nanoTime());
      return read(sent.get(Math.max(1, limit), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      throw Failure.passing("judge timed out: no whole reply in " + server.timeout() + " s");
    } catch (ExecutionException e) {
      throw broken(e.getCause(), begun.get());
    } finally {
      sent.cancel(true); // closes the connection, where it is still open
    }
  }

  private static Failure broken(@Nullable Throwable cause, boolean begun) {
    String says = cause instanceof IOException ? String.valueOf(cause.getMessage()) : cause + "";
    if (says.contains("exceeds capacity")) {
      return Failure.lasting("judge reply too large: more than " + (LARGEST >> 20) + " MiB");
    }
    return Failure.passing(
        begun
            ? "judge reply cut off: " + Verdicts.excerpt(says)
            : "judge unreachable: " + (says.equals("null") ? "no connection" : says));
  }

  private Reply read(HttpResponse<byte[]> response) throws Failure {
    int status = response.statusCode();
    byte[] body = response.body();
    // Hidden before it is shortened: a shortened key would not be found.
    String begins =
        hidden(new String(body, 0, Math.min(body.length, 1 << 14), StandardCharsets.UTF_8));
    String said = body.length == 0 ? "" : ", " + Verdicts.excerpt(begins);
    if (status == 200) {
      try {
        Reply reply = Completion.reply(body);
        return reply.withContent(hidden(reply.content()));
      } catch (Completion.MalformedException e) {
        String type = response.headers().firstValue("Content-Type").orElse("no content type");
        throw Failure.passing(
            "judge reply malformed: "
                + e.getMessage()
                + " ("
                + Verdicts.excerpt(type)
                + ")"
                + said);
      }
    }
    String after = response.headers().firstValue("Retry-After").orElse("");
    if (status == 429) {
      throw new Failure("judge rate limited: 429" + said, true, after);
    }
    if (status >= 500 || status == 408) {
      throw new Failure("judge server error: " + status + said, true, after);
    }
    if (status >= 300 && status < 400) {
      String where = response.headers().firstValue("Location").orElse("nowhere");
      throw Failure.lasting(
          "judge redirected: "
              + status
              + " to "
              + Verdicts.excerpt(hidden(where))
              + ", not followed");
    }
    if (status == 401 || status == 403) {
      throw Failure.lasting(
          "judge not authorised: "
              + status
              + server.key().map(k -> ", see " + k).orElse(", the spec names no key")
              + said);
    }
    throw Failure.lasting("judge request rejected: " + status + said);
  }

  /** A server may send the key back; it stands in no reason and no cache. */
  private String hidden(String text) {
    return key == null ? text : text.replace(key, "(the key)");
  }

  private static NoVerdictException runOver() {
    return new NoVerdictException("judge not asked: run-limit is over");
  }

  private static CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted");
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** Why an attempt gave no reply. */
  private static final class Failure extends Exception {
    final String reason;
    final boolean passes;
    final String retryAfter;

    Failure(String reason, boolean passes, String retryAfter) {
      super(reason, null, false, false);
      this.reason = reason;
      this.passes = passes;
      this.retryAfter = retryAfter;
    }

    static Failure passing(String reason) {
      return new Failure(reason, true, "");
    }

    static Failure lasting(String reason) {
      return new Failure(reason, false, "");
    }
  }
}
