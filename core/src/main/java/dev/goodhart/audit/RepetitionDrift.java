package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Sample;
import dev.goodhart.report.Figure;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Tells when responses come to repeat themselves more than when the run began: a loop is what a
 * policy falls into that is paid for length, or that has lost its entropy.
 *
 * <p>A response's figure is the share of its runs of four words that stood in it before, 1 −
 * distinct / all; of a long response the last 16,384 characters are read. The alarm is raised when
 * the mean of the last {@code window} steps is above that of the first {@code baseline} by {@code
 * rise} or more, and by more than three standard errors.
 *
 * @param rise of the share, between 0 and 1
 * @param baseline how many steps the run begins with, at least 2
 * @param window how many steps are averaged
 */
@Method
public record RepetitionDrift(
    @Default("0.15") double rise, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  private static final int WORDS = 4;
  private static final int READ = 1 << 14;

  public RepetitionDrift {
    StepBaseline.check(baseline, window, rise, "rise");
    if (!(rise < 1)) {
      throw new IllegalArgumentException("rise must be below 1, not " + rise);
    }
  }

  @Override
  public Watch start() {
    StepBaseline steps = new StepBaseline(baseline, window);
    return (samples, rewards) -> step(steps, samples);
  }

  private List<Finding> step(StepBaseline steps, List<Sample> samples) {
    double mean =
        samples.stream().mapToDouble(s -> share(s.response())).average().orElse(Double.NaN);
    if (!steps.add(mean)
        || !steps.raise(steps.now() - steps.before() >= rise && steps.errors() > 3)) {
      return List.of();
    }
    return List.of(
        new Finding(
            "repetition-drift",
            Finding.Level.ALARM,
            "Responses repeat themselves: "
                + Figure.percent(steps.now())
                + " of their runs of four words stood in them before, against "
                + Figure.percent(steps.before())
                + " when the run began.",
            Map.of("before", steps.before(), "now", steps.now())));
  }

  /** The share of a text's runs of four words that are repetitions; 0 for a shorter text. */
  public static double share(String text) {
    int from = Math.max(0, text.length() - READ);
    long[] words = new long[(text.length() - from) / 2 + 1];
    int count = 0;
    long word = 0;
    boolean within = false;
    for (int i = from; i <= text.length(); i++) {
      boolean space = i == text.length() || Character.isWhitespace(text.charAt(i));
      if (!space) {
        word = (word + text.charAt(i) + 1) * 0x9E3779B97F4A7C15L;
        word ^= word >>> 29;
      } else if (within) {
        words[count++] = word;
        word = 0;
      }
      within = !space;
    }
    int runs = count - WORDS + 1;
    if (runs < 1) {
      return 0;
    }
    long[] hashes = new long[runs];
    for (int i = 0; i < runs; i++) {
      long hash = 0;
      for (int k = 0; k < WORDS; k++) {
        hash = (hash + words[i + k]) * 0xBF58476D1CE4E5B9L;
        hash ^= hash >>> 31;
      }
      hashes[i] = hash;
    }
    Arrays.sort(hashes);
    int distinct = 1;
    for (int i = 1; i < runs; i++) {
      distinct += hashes[i] != hashes[i - 1] ? 1 : 0;
    }
    return 1 - (double) distinct / runs;
  }
}
