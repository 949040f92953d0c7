package dev.goodhart.serve.protocol;

import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Refusal;
import io.helidon.http.HeaderNames;
import org.jspecify.annotations.Nullable;

/** Where two protocols share a path, the body's fields say whose it is. */
final class OtherWords {
  private OtherWords() {}

  /** Answers in another protocol than the path's, errors too. */
  static @Nullable Object answer(Protocol protocol, Exchange exchange, Handler handler)
      throws Exception {
    try {
      return handler.handle(exchange);
    } catch (Refusal refusal) {
      refusal
          .retryAfter()
          .ifPresent(s -> exchange.response().header(HeaderNames.RETRY_AFTER, Integer.toString(s)));
      exchange.send(refusal.status(), protocol.error(refusal));
      return null;
    }
  }
}
