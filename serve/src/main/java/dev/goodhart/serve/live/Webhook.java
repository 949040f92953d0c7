package dev.goodhart.serve.live;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends every alarm to an address: {@code POST {"text": ..., "run": ..., "step": ..., "at": ...,
 * "alarm": {"name", "level", "says", "figures"}}}. The {@code text} is what chat services show.
 *
 * <p>Any answer of 200 to 299 will do. After another one, or none within ten seconds, it is tried
 * again up to four times, after 1, 2, 4 and 8 seconds; not after an answer of 400 to 499 other than
 * 408, 425 and 429, which would be the same again. 256 alarms wait; more are dropped, which is
 * logged. Of the address only the host is ever logged: the rest is often the secret itself.
 */
public final class Webhook implements Consumer<Alarm>, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Webhook.class.getName());
  private static final int TRIES = 5;
  private static final int WAITING = 256;

  private final URI address;
  private final Duration pause;
  private final BlockingQueue<Alarm> queue = new ArrayBlockingQueue<>(WAITING);
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(Redirect.NEVER)
          .build();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param address http or https
   */
  public Webhook(URI address) {
    this(address, Duration.ofSeconds(1));
  }

  Webhook(URI address, Duration pause) {
    String scheme = address.getScheme();
    if (address.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new GoodhartException("webhook: expected an address such as https://example.org/hook");
    }
    this.address = address;
    this.pause = pause;
    thread = Thread.ofPlatform().daemon().name("webhook").start(this::work);
  }

  @Override
  public void accept(Alarm alarm) {
    if (!queue.offer(alarm)) {
      LOG.log(
          Level.WARNING,
          "webhook at " + address.getHost() + ": " + WAITING + " alarms wait, one is dropped");
    }
  }

  private void work() {
    try {
      while (!closed || !queue.isEmpty()) {
        Alarm alarm = queue.poll(200, TimeUnit.MILLISECONDS);
        if (alarm != null) deliver(alarm);
      }
    } catch (InterruptedException e) {
      // Closed while an alarm waited to be tried again.
    }
  }

  private void deliver(Alarm alarm) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(10))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(json(alarm))))
            .build();
    String failed = "";
    for (int attempt = 0; attempt < TRIES; attempt++) {
      if (attempt > 0) Thread.sleep(pause.multipliedBy(1L << (attempt - 1)));
      try {
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        if (status >= 200 && status < 300) return;
        failed = "answered " + status;
        boolean again =
            status < 400 || status >= 500 || status == 408 || status == 425 || status == 429;
        if (!again) break;
      } catch (IOException e) {
        // Its message may hold the address.
        failed = e.getClass().getSimpleName();
      }
    }
    LOG.log(
        Level.WARNING,
        "webhook at " + address.getHost() + ": an alarm was not delivered: " + failed);
  }

  private static Map<String, @Nullable Object> json(Alarm alarm) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("text", "Run " + alarm.run() + ": " + alarm.finding().says());
    json.put("run", alarm.run());
    json.put("step", alarm.step());
    json.put("at", alarm.at().toString());
    json.put(
        "alarm",
        Map.of(
            "name", alarm.finding().name(),
            "level", alarm.finding().level().name().toLowerCase(Locale.ROOT),
            "says", alarm.finding().says(),
            "figures", alarm.finding().figures()));
    return json;
  }

  /** Tries for five seconds more to deliver what waits. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(5000);
      thread.interrupt();
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.shutdownNow();
  }
}
