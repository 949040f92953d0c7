package dev.goodhart.serve.http;

import dev.goodhart.GoodhartException;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import dev.goodhart.serve.scoring.Answer;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.serve.scoring.RewardService;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/** What stands between the socket and the reward service: limits, keys, errors. */
public final class Front {
  private static final System.Logger LOG = System.getLogger(Front.class.getName());

  private final RewardService service;
  private final Limits limits;
  private final OptionalDouble unscored;
  private final AtomicLong requests = new AtomicLong();

  /**
   * @param unscored what a protocol that cannot say "not scored" is told in its place; empty to
   *     fail its request
   */
  public Front(RewardService service, Limits limits, OptionalDouble unscored) {
    this.service = service;
    this.limits = limits;
    this.unscored = unscored;
  }

  /** Adds the paths of a protocol. */
  public void route(HttpRouting.Builder routing, Protocol protocol) {
    protocol
        .routes()
        .forEach(
            (at, handler) -> {
              int space = at.indexOf(' ');
              routing.route(
                  Method.create(at.substring(0, space)),
                  at.substring(space + 1),
                  (request, response) -> answer(protocol, handler, request, response));
            });
  }

  private void answer(
      Protocol protocol, Handler handler, ServerRequest request, ServerResponse response) {
    try {
      Asked asked = asked(protocol, request);
      Object body = handler.handle(new Exchange(this, request, response, asked));
      if (body != null) {
        send(response, 200, body);
      }
    } catch (Refusal refusal) {
      refuse(protocol, response, refusal);
    } catch (HttpException e) {
      refuse(protocol, response, new Refusal(e.status().code(), String.valueOf(e.getMessage())));
    } catch (GoodhartException e) {
      LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
      refuse(protocol, response, new Refusal(500, String.valueOf(e.getMessage())));
    } catch (Exception e) {
      LOG.log(Level.ERROR, "a request failed", e);
      refuse(protocol, response, new Refusal(500, "internal error; the server's log says more"));
    }
  }

  private static void refuse(Protocol protocol, ServerResponse response, Refusal refusal) {
    refusal
        .retryAfter()
        .ifPresent(s -> response.header(HeaderNames.RETRY_AFTER, Integer.toString(s)));
    send(response, refusal.status(), protocol.error(refusal));
  }

  private Asked asked(Protocol protocol, ServerRequest request) {
    String run = request.query().first("run").orElse("default");
    return new Asked(
        Long.toString(requests.incrementAndGet(), 36),
        protocol.id(),
        "anyone",
        run,
        null,
        System.nanoTime() + limits.patience().toNanos(),
        request.headers().first(HeaderNames.create("Idempotency-Key")).orElse(null));
  }

  RewardService service() {
    return service;
  }

  Limits limits() {
    return limits;
  }

  byte[] bytes(ServerRequest request) {
    int limit = limits.body();
    if (request.headers().contentLength().orElse(0) > limit) throw tooLarge();
    try (InputStream in = request.content().inputStream()) {
      byte[] body = in.readNBytes(limit + 1);
      if (body.length > limit) throw tooLarge();
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Refusal tooLarge() {
    return new Refusal(
        413, "the body is larger than " + limits.body() + " bytes; send fewer samples at a time");
  }

  Answer score(Asked asked, List<Sample> samples) {
    if (samples.size() > limits.batch()) {
      throw new Refusal(
          413,
          samples.size() + " samples in one request, at most " + limits.batch() + " are taken");
    }
    return service.score(asked, samples);
  }

  double instead(Asked asked, Unscored reward, int index) {
    service.countInstead(asked, reward);
    return unscored.orElseThrow(
        () -> new Refusal(503, "sample " + index + " could not be scored: " + reward.reason(), 1));
  }

  static void send(ServerResponse response, int status, Object body) {
    response
        .status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .send(Json.bytes(body));
  }
}
