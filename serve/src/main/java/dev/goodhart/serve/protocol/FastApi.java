package dev.goodhart.serve.protocol;

import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.scoring.Refusal;
import java.util.List;
import java.util.Map;

/**
 * How the servers that are written with FastAPI say that something went wrong: {@code {"detail":
 * "…"}}, and 422 with a list for a body that is not as it should be.
 */
final class FastApi {
  static final int UNPROCESSABLE = 422;

  private FastApi() {}

  /** The client's mistakes as 422. */
  static Handler strict(Handler handler) {
    return exchange -> {
      try {
        return handler.handle(exchange);
      } catch (Refusal refusal) {
        throw refusal.status() == 400 ? new Refusal(UNPROCESSABLE, refusal.says()) : refusal;
      }
    };
  }

  static Object error(Refusal refusal) {
    return Map.of(
        "detail",
        refusal.status() == UNPROCESSABLE
            ? List.of(Map.of("type", "value_error", "loc", List.of("body"), "msg", refusal.says()))
            : refusal.says());
  }
}
