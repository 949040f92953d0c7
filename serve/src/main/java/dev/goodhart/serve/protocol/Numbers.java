package dev.goodhart.serve.protocol;

import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.scoring.Scoring;
import dev.goodhart.transform.Logistic;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;

/**
 * Rewards as plain numbers, for protocols that know no other, and what kind of numbers they are:
 *
 * <pre>{@code
 * Goodhart-Activation: sigmoid     the server applied 1 / (1 + exp(-reward)); or none
 * Goodhart-Scale: probability      of the numbers in the body; or log-odds, raw, unstated
 * Goodhart-Unscored: 2             how many of them stand for samples without a reward
 * Goodhart-Version: 3f2a…          of the spec, its models and its code
 * }</pre>
 *
 * <p>A probability is not activated again, and what the spec tells in place of "not scored" is told
 * as it stands.
 */
record Numbers(List<Double> values, List<Scoring> scorings) {
  private static final HeaderName ACTIVATION = HeaderNames.create("Goodhart-Activation");
  private static final HeaderName SCALE = HeaderNames.create("Goodhart-Scale");
  private static final Header SIGMOID = HeaderValues.createCached(ACTIVATION, "sigmoid");
  private static final Header NONE = HeaderValues.createCached(ACTIVATION, "none");
  private static final Header UNSTATED = HeaderValues.createCached(SCALE, "unstated");
  private static final EnumMap<Scale, Header> SCALES = new EnumMap<>(Scale.class);
  private static final HeaderName VERSION = HeaderNames.create("Goodhart-Version");
  private static final HeaderName UNSCORED = HeaderNames.create("Goodhart-Unscored");

  static {
    for (Scale each : Scale.values()) SCALES.put(each, HeaderValues.createCached(SCALE, each.id()));
  }

  /** As the spec gives them. */
  static Numbers raw(Exchange exchange, List<Sample> samples) {
    return of(exchange, samples, false);
  }

  /** Through the sigmoid, unless they are probabilities already or the body says otherwise. */
  static Numbers of(Exchange exchange, List<Sample> samples, boolean activate) {
    List<Scoring> scorings = exchange.score(samples).scorings();
    List<Double> values = new ArrayList<>(scorings.size());
    boolean activated = false;
    int unscored = 0;
    Scale scale = null;
    for (int i = 0; i < scorings.size(); i++) {
      switch (scorings.get(i).reward()) {
        case Unscored reward -> {
          values.add(exchange.number(reward, i));
          unscored++;
        }
        case Scored reward -> {
          boolean now = activate && reward.scale() != Scale.PROBABILITY;
          values.add(now ? Logistic.sigmoid(reward.value()) : reward.value());
          activated |= now;
          scale = now ? Scale.PROBABILITY : reward.scale();
        }
      }
    }
    var response = exchange.response();
    response.header(activated ? SIGMOID : NONE);
    response.header(scale == null ? UNSTATED : Objects.requireNonNull(SCALES.get(scale)));
    response.header(VERSION, exchange.version());
    if (unscored > 0) response.header(UNSCORED, Integer.toString(unscored));
    return new Numbers(values, scorings);
  }

  /**
   * Whether a body in vLLM's words wants rewards activated: {@code use_activation}, which was
   * called {@code activation} and {@code softmax} before; on where it says nothing.
   */
  static boolean wantsActivation(Fields body) {
    return body.flag("use_activation", body.flag("activation", body.flag("softmax", true)));
  }
}
