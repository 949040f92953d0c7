package dev.goodhart.serve.scoring;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was answered to which {@code Idempotency-Key}, so that asking again costs nothing. */
final class Replies {
  private static final Duration KEPT = Duration.ofHours(1);
  private static final long SAMPLES = 200_000;

  private record Asker(String client, String key) {}

  private record Reply(List<String> digests, Answer answer) {}

  private final Cache<Asker, CompletableFuture<Reply>> known =
      Caffeine.newBuilder()
          .expireAfterWrite(KEPT)
          .maximumWeight(SAMPLES)
          .weigher((Asker by, CompletableFuture<Reply> reply) -> weight(reply))
          .build();

  private static int weight(CompletableFuture<Reply> reply) {
    return reply.isDone() && !reply.isCompletedExceptionally()
        ? 1 + reply.join().digests.size()
        : 1;
  }

  /**
   * The answer that was given before, or is being made for another request with the same key, or
   * else a new one.
   *
   * @throws Refusal 422 if the key was used for other samples
   */
  Answer once(Asked asked, String key, List<String> digests, Supplier<Answer> work) {
    Asker asker = new Asker(asked.client(), key);
    CompletableFuture<Reply> mine = new CompletableFuture<>();
    @Nullable CompletableFuture<Reply> other = known.asMap().putIfAbsent(asker, mine);
    if (other != null) {
      return given(asked, digests, other);
    }
    try {
      Answer answer = work.get();
      mine.complete(new Reply(digests, answer));
      known.put(asker, mine); // weighed now that its size is known
      return answer;
    } finally {
      if (!mine.isDone()) {
        known.asMap().remove(asker, mine);
        mine.completeExceptionally(new Refusal(409, "the first request failed; try again", 1));
      }
    }
  }

  private static Answer given(Asked asked, List<String> digests, CompletableFuture<Reply> other) {
    Reply reply;
    try {
      reply = other.get(asked.remaining(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new Refusal(504, "the first request with this Idempotency-Key is not answered yet", 1);
    } catch (InterruptedException e) {
      throw new Refusal(503, "cancelled");
    } catch (ExecutionException e) {
      throw new Refusal(409, "the first request with this Idempotency-Key failed; try again", 1);
    }
    if (!reply.digests.equals(digests)) {
      throw new Refusal(
          422, "the Idempotency-Key was used for other samples; take a new one for these");
    }
    return reply.answer;
  }
}
