package dev.goodhart.signal.hashed;

import static dev.goodhart.signal.hashed.FeatureGroup.CHARACTERS;
import static dev.goodhart.signal.hashed.FeatureGroup.OPENINGS;
import static dev.goodhart.signal.hashed.FeatureGroup.PROMPT;
import static dev.goodhart.signal.hashed.FeatureGroup.STYLE;
import static dev.goodhart.signal.hashed.FeatureGroup.WORDS;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Example;
import dev.goodhart.run.Progress;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.PreferenceData;
import dev.goodhart.signal.fit.PreferenceReader;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reward model that needs no native code and seconds to train: hashed n-grams and the look of a
 * response into a linear Bradley–Terry model,
 *
 * <pre>{@code
 * reward(x) = (sum of the weights of x's n-grams + style(x) . v) / temperature
 * P(x better than y) = sigmoid(reward(x) - reward(y))
 * }</pre>
 *
 * <p>trained by AdaGrad ({@link Learner}) on comparisons, ties, soft labels and single judged
 * responses ({@link dev.goodhart.signal.fit.BradleyTerry}). Of the prompts a share is held out and
 * never looked at, and a share of the rest decides after which pass to stop and what the
 * temperature is; the weights are learnt from the others. An ensemble's members each draw prompts
 * anew with replacement and see them in another order.
 *
 * @param bits n-grams are hashed into {@code 2^bits} buckets, from 8 to 24
 * @param features what of a response it looks at
 * @param rate AdaGrad's, above 0
 * @param accumulator AdaGrad's initial sum of squares, above 0: about how often a feature must be
 *     seen before its steps grow smaller
 * @param passes over the training comparisons at most; fewer when the development loss rises
 * @param margin by how many log-odds a pair should be won for each unit of its strength, at least 0
 * @param ensemble how many models
 * @param holdout the share of prompts that only measures, in [0, 1)
 * @param development the share of the other prompts that sets passes and temperature, in [0, 1)
 */
public record HashedBradleyTerry(
    @Default("20") int bits,
    @Default("[words, characters, openings, style, prompt]") List<FeatureGroup> features,
    @Default("0.03") double rate,
    @Default("20") double accumulator,
    @Default("10") int passes,
    @Default("0") double margin,
    @Default("1") int ensemble,
    @Default("0.1") double holdout,
    @Default("0.1") double development) {
  /** What is used where nothing else is asked for. */
  public static final HashedBradleyTerry DEFAULT =
      new HashedBradleyTerry(
          20, List.of(WORDS, CHARACTERS, OPENINGS, STYLE, PROMPT), 0.03, 20, 10, 0, 1, 0.1, 0.1);

  public HashedBradleyTerry {
    check(bits >= 8 && bits <= 24, "bits must lie between 8 and 24, not " + bits);
    check(!features.isEmpty(), "features: at least one group is needed");
    check(positive(rate), "rate must be above 0, not " + rate);
    check(positive(accumulator), "accumulator must be above 0, not " + accumulator);
    check(passes >= 1, "passes must be at least 1, not " + passes);
    check(margin >= 0 && Double.isFinite(margin), "margin must be at least 0, not " + margin);
    check(ensemble >= 1 && ensemble <= 1000, "ensemble must be from 1 to 1000, not " + ensemble);
    check(holdout >= 0 && holdout < 1, "holdout must be a share below 1, not " + holdout);
    check(
        development >= 0 && development < 1,
        "development must be a share below 1, not " + development);
    features = List.copyOf(features);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static boolean positive(double value) {
    return value > 0 && Double.isFinite(value);
  }

  Set<FeatureGroup> groups() {
    return Collections.unmodifiableSet(EnumSet.copyOf(features));
  }

  public HashedBradleyTerry withEnsemble(int members) {
    return new HashedBradleyTerry(
        bits, features, rate, accumulator, passes, margin, members, holdout, development);
  }

  public HashedBradleyTerry withMargin(double factor) {
    return new HashedBradleyTerry(
        bits, features, rate, accumulator, passes, factor, ensemble, holdout, development);
  }

  public HashedBradleyTerry withFeatures(List<FeatureGroup> groups) {
    return new HashedBradleyTerry(
        bits, groups, rate, accumulator, passes, margin, ensemble, holdout, development);
  }

  public HashedBradleyTerry withHoldout(double share) {
    return new HashedBradleyTerry(
        bits, features, rate, accumulator, passes, margin, ensemble, share, development);
  }

  /**
   * Fits on examples in memory.
   *
   * @throws GoodhartException if there is nothing to learn from
   */
  public Fit fit(Iterable<? extends Example> examples, long seed, Progress progress) {
    try (FeatureReader features = new FeatureReader(this)) {
      PreferenceReader reader = new PreferenceReader(features);
      examples.forEach(reader::add);
      return new Fitting(this, reader.data(), features.all(), seed, progress).fit();
    }
  }

  /**
   * Fits on a file.
   *
   * @param heldOut a file whose prompts measure the fit, in place of the share {@link #holdout}
   * @throws GoodhartException if there is nothing to learn from
   */
  public Fit fit(Dataset data, Optional<Dataset> heldOut, long seed, Progress progress) {
    try (FeatureReader features = new FeatureReader(this)) {
      PreferenceData read = new PreferenceReader(features).read(data, heldOut, progress);
      return new Fitting(this, read, features.all(), seed, progress).fit();
    }
  }
}
