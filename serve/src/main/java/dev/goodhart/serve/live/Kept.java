package dev.goodhart.serve.live;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.serve.scoring.Scoring;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sample that is remembered for a while, a very long response without its middle.
 *
 * @param length of the whole response, in characters
 * @param weight how much memory it is taken to need, in characters
 */
record Kept(
    Sample sample,
    String digest,
    Reward reward,
    @Nullable Long step,
    Instant at,
    int length,
    long weight) {
  /** A monitor sees this much of a response. */
  private static final int LONGEST = 32_768;

  static Kept of(Scoring scoring, @Nullable Long step, Instant at) {
    Sample sample = scoring.sample();
    String response = sample.response();
    Sample held =
        response.length() <= LONGEST ? sample : sample.withResponse(Texts.cut(response, LONGEST));
    return new Kept(
        held,
        scoring.digest(),
        scoring.reward(),
        step,
        at,
        response.length(),
        Texts.weight(held) + Texts.weight(scoring.reward()));
  }

  /** For a reader's eyes only: without columns, and with long texts cut. */
  Kept shortened() {
    Seen seen = Seen.of(this, 0, java.util.List.of());
    return new Kept(
        seen.sample(), digest, seen.reward(), step, at, length, Texts.weight(seen.sample()));
  }
}
