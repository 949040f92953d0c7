package dev.goodhart.serve.live;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sample that may be shown: its texts cut to what a reader needs.
 *
 * @param length of the whole response, in characters
 * @param suspicion 0 for a sample like any other
 * @param why it is suspicious, in plain words
 */
public record Seen(
    Sample sample,
    String digest,
    Reward reward,
    @Nullable Long step,
    Instant at,
    int length,
    double suspicion,
    List<String> why) {
  /** Of a text longer than this the beginning and the end are kept. */
  static final int SHOWN = 4_000;

  static Seen of(Kept kept, double suspicion, List<String> why) {
    Sample sample = kept.sample();
    return new Seen(
        new Sample(
            Texts.cut(sample.id(), 200),
            Prompt.of(Texts.cut(sample.prompt().text(), SHOWN)),
            Texts.cut(sample.response(), SHOWN),
            sample.reference() == null ? null : Texts.cut(sample.reference(), SHOWN),
            Map.of()),
        kept.digest(),
        Texts.cut(kept.reward(), 500),
        kept.step(),
        kept.at(),
        kept.length(),
        suspicion,
        why);
  }
}
