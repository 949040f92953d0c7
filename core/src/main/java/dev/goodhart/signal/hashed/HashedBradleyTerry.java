package dev.goodhart.signal.hashed;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entries;
import dev.goodhart.data.Entry;
import dev.goodhart.data.Example;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
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
 * responses ({@link BradleyTerry}). Of the prompts a share is held out and never looked at, and a
 * share of the rest decides after which pass to stop and what the temperature is; the weights are
 * learnt from the others. An ensemble's members each draw prompts anew with replacement and see
 * them in another order.
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
 * @param rating which attribute ratings are compared by; by default the overall one
 */
public record HashedBradleyTerry(
    @Default("20") int bits,
    @Default("[words, word-pairs, characters, openings, style]") List<FeatureGroup> features,
    @Default("0.03") double rate,
    @Default("20") double accumulator,
    @Default("10") int passes,
    @Default("0") double margin,
    @Default("1") int ensemble,
    @Default("0.1") double holdout,
    @Default("0.1") double development,
    Optional<String> rating) {
  /** What is used where nothing else is asked for. */
  public static final HashedBradleyTerry DEFAULT =
      new HashedBradleyTerry(
          20, List.of(FeatureGroup.values()), 0.03, 20, 10, 0, 1, 0.1, 0.1, Optional.empty());

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
        bits, features, rate, accumulator, passes, margin, members, holdout, development, rating);
  }

  public HashedBradleyTerry withHoldout(double share) {
    return new HashedBradleyTerry(
        bits, features, rate, accumulator, passes, margin, ensemble, share, development, rating);
  }

  /**
   * Fits on examples in memory.
   *
   * @throws GoodhartException if there is nothing to learn from
   */
  public Fit fit(Iterable<? extends Example> examples, long seed, Progress progress) {
    try (TrainingSetBuilder builder = new TrainingSetBuilder(this)) {
      examples.forEach(builder::add);
      return new Fitting(this, builder.build(), seed, progress).fit();
    }
  }

  /**
   * Fits on a file.
   *
   * @param heldOut a file whose prompts measure the fit, in place of the share {@link #holdout}
   * @throws GoodhartException if there is nothing to learn from
   */
  public Fit fit(Dataset data, Optional<Dataset> heldOut, long seed, Progress progress) {
    try (TrainingSetBuilder builder = new TrainingSetBuilder(this)) {
      if (heldOut.isPresent()) {
        builder.holdOut(true);
        read(heldOut.get(), builder, progress);
        builder.holdOut(false);
      }
      read(data, builder, progress);
      return new Fitting(this, builder.build(), seed, progress).fit();
    }
  }

  static void read(Dataset data, TrainingSetBuilder builder, Progress progress) {
    progress.start("reading " + data.file().getFileName() + ", kB", kilobytes(data));
    long before = 0;
    try (Entries entries = data.entries()) {
      while (entries.hasNext()) {
        if (entries.next() instanceof Entry.Good good) {
          good.examples().forEach(builder::add);
        }
        long now = entries.bytesRead() >> 10;
        if (now > before) {
          progress.advance(now - before);
          before = now;
        }
      }
      builder.skipped(entries.bad());
    }
    progress.done();
  }

  private static long kilobytes(Dataset data) {
    try {
      return Files.size(data.file()) >> 10;
    } catch (IOException e) {
      return -1;
    }
  }
}
