package dev.goodhart.verify.judge;

import dev.goodhart.Default;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a judge is asked: a server that speaks OpenAI's chat completions (vLLM, SGLang, llama.cpp,
 * Ollama, the hosted ones), how it samples, and how long one waits for it.
 *
 * @param baseUrl up to and with the version, {@code http://localhost:8000/v1}
 * @param model as the server names it
 * @param key the name of the environment variable that holds the key; the key itself never stands
 *     in a spec
 * @param temperature of the judge's sampling; 0 gives the likeliest reply
 * @param maxTokens of a reply
 * @param extra further fields of the request, as the server wants them; null takes one of
 *     Goodhart's away
 * @param concurrency requests at a time
 * @param retries after the first attempt, of what may pass: 408, 429, 5xx, broken connections and
 *     replies
 * @param backoff seconds before the first retry, at most; doubled before each further one, up to 30
 * @param timeout seconds for one attempt, from the request to the end of the reply
 * @param patience seconds for one question, with its retries and waits
 * @param runLimit seconds from the start after which nothing more is asked
 * @param calls how many requests a run may make, replies from the cache not counted
 * @param maxCharacters of sample text in one question
 * @param cache a folder in which replies are kept
 */
public record ChatServer(
    String baseUrl,
    String model,
    Optional<String> key,
    @Default("0") double temperature,
    @Default("1024") int maxTokens,
    @Default("{}") Map<String, @Nullable Object> extra,
    @Default("8") int concurrency,
    @Default("4") int retries,
    @Default("0.5") double backoff,
    @Default("60") double timeout,
    @Default("300") double patience,
    OptionalDouble runLimit,
    OptionalInt calls,
    @Default("200000") int maxCharacters,
    Optional<Path> cache) {
  private static final Set<String> OWN =
      Set.of("model", "messages", "stream", "n", "logprobs", "top_logprobs");

  public ChatServer {
    checkUrl(baseUrl);
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: must not be blank");
    }
    // Not shown in the message: it may be the key.
    if (key.isPresent() && !key.get().matches("[A-Z_][A-Z0-9_]*")) {
      throw new IllegalArgumentException(
          "key: expected the name of an environment variable in capitals, such as OPENAI_API_KEY;"
              + " the key itself does not belong in a spec");
    }
    if (!(temperature >= 0 && temperature <= 10)) {
      throw new IllegalArgumentException(
          "temperature: expected a number from 0 to 10, found " + temperature);
    }
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    for (String name : extra.keySet()) {
      if (OWN.contains(name)) {
        throw new IllegalArgumentException("extra: '" + name + "' is set by the signal itself");
      }
    }
    between("max-tokens", maxTokens, 1, 1 << 20);
    between("concurrency", concurrency, 1, 4096);
    between("retries", retries, 0, 100);
    between("max-characters", maxCharacters, 1, 10_000_000);
    positive("backoff", backoff);
    positive("timeout", timeout);
    positive("patience", patience);
    positive("run-limit", runLimit.orElse(1));
    between("calls", calls.orElse(1), 0, Integer.MAX_VALUE);
  }

  /** Everything by default. */
  public static ChatServer of(String baseUrl, String model) {
    return new ChatServer(
        baseUrl,
        model,
        Optional.empty(),
        0,
        1024,
        Map.of(),
        8,
        4,
        0.5,
        60,
        300,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        200_000,
        Optional.empty());
  }

  URI completions() {
    return URI.create(
        (baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl)
            + "/chat/completions");
  }

  private static void checkUrl(String url) {
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme());
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // the same message
    }
    throw new IllegalArgumentException(
        "base-url: expected http://host:port/v1 or https://..., without user, password or query");
  }

  private static void between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": expected a whole number from " + least + " to " + most + ", found " + value);
    }
  }

  private static void positive(String name, double value) {
    if (!(value > 0 && value <= 1e6)) {
      throw new IllegalArgumentException(
          name + ": expected a number above 0, at most 1,000,000, found " + value);
    }
  }
}
