package dev.goodhart.serve.http;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.serve.scoring.Answer;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.serve.scoring.Scoring;
import dev.goodhart.spec.RewardSpec;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request and its answer, as the handler of a path sees them. */
public final class Exchange {
  private final Front front;
  private final ServerRequest request;
  private final ServerResponse response;
  private final long patience;
  private Asked asked;
  private int parts;
  private byte @Nullable [] bytes;

  /** Of all bodies' bound; the front's own. */
  long reserved;

  Exchange(Front front, ServerRequest request, ServerResponse response, Asked asked) {
    this.front = front;
    this.request = request;
    this.response = response;
    this.asked = asked;
    this.patience = asked.remaining();
  }

  /** The server's own, for what has no method here. */
  public ServerRequest request() {
    return request;
  }

  public ServerResponse response() {
    return response;
  }

  public Optional<String> header(String name) {
    return request.headers().first(HeaderNames.create(name));
  }

  /** A parameter of the address: {@code ?run=r7}. */
  public Optional<String> query(String name) {
    return request.query().first(name).asOptional();
  }

  /** What is served. */
  public RewardSpec spec() {
    return front.service().spec();
  }

  /** Of what is served: changes with the spec, its models and the code of its signals. */
  public String version() {
    return front.service().version();
  }

  public Limits limits() {
    return front.limits();
  }

  /** Who asks; the run and the step are those of the address and the headers until {@link #of}. */
  public Asked asked() {
    return asked;
  }

  /** The body has said which run and step its samples belong to. */
  public void of(String run, @Nullable Long step) {
    asked = asked.of(run, step);
  }

  /**
   * The body as it arrives, without the limits of {@link #bytes()}.
   *
   * <p>Reading throws {@link Refusal} 400 if it does not arrive as its headers say.
   */
  public InputStream in() {
    return new Incoming(request.content().inputStream(), response);
  }

  /**
   * The whole body.
   *
   * @throws Refusal 413 if it is larger than the server takes, 408 if it comes too slowly
   */
  public byte[] bytes() {
    if (bytes == null) {
      bytes = front.bytes(this);
      SlowClients.works(true);
    }
    return bytes;
  }

  /**
   * The body as JSON: String, Number, Boolean, List, Map or null.
   *
   * @throws Refusal 400 naming line and column
   */
  public @Nullable Object json() {
    return Json.read(bytes());
  }

  /** The body as a JSON object. */
  public Fields body() {
    return Fields.of("", json());
  }

  /**
   * The rewards of these samples; of one batch after the other where a request holds several, each
   * with a deadline of its own. Blocks until they are there; what is not scored by the deadline is
   * unscored.
   *
   * @throws Refusal 413 for too many, 429 when too much waits already, 503 when the journal fails
   */
  public Answer score(List<Sample> samples) {
    Asked part = asked.part(parts++);
    return front.score(
        request, parts == 1 ? part : part.until(System.nanoTime() + patience), samples);
  }

  /**
   * The rewards as plain numbers, for a protocol that cannot say "not scored": where the spec gives
   * no value for that, one unscored sample fails the request.
   *
   * @throws Refusal 503 naming the first unscored sample and its reason; see {@link #score}
   */
  public double[] rewards(List<Sample> samples) {
    List<Scoring> scorings = score(samples).scorings();
    double[] rewards = new double[scorings.size()];
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = number(scorings.get(i), i);
    }
    return rewards;
  }

  /** One of {@link #rewards}. */
  public double number(Scoring scoring, int index) {
    return number(scoring.reward(), index);
  }

  /** A reward, or a part of one, of the sample with this index as a plain number. */
  public double number(Reward reward, int index) {
    return switch (reward) {
      case Scored scored -> scored.value();
      case Unscored unscored -> front.instead(asked, unscored, index);
    };
  }

  /** Work of a protocol's own that is interrupted when the client leaves. */
  public <T> T whileThere(Supplier<T> work) {
    return front.whileThere(request, work);
  }

  /** Answers with JSON. */
  public void send(int status, Object json) {
    Front.send(response, status, json);
  }
}
