package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether a response speaks of what the prompt asks for, or of what the true answer says: the inner
 * product of the mean word vectors of the two, in [-1, 1]. No model is called. Alone it is easily
 * hacked, by saying the prompt again; {@code r3} holds length and repetition against it.
 *
 * <p>With a file of word vectors words of like meaning count; without one only equal words do, by
 * vectors of hashes. An inner product, not a cosine: a text that is partly beside the point has a
 * mean vector that is shorter as well as turned. 0 for a response without a known word; unscored
 * where the prompt or the reference has none.
 *
 * @param to {@code prompt} or {@code reference}
 * @param vectors a file of word vectors as text, a word and its numbers on each line
 * @param shortest words of fewer letters are left out: most of them are in every text
 * @param within which part of the response is looked at
 * @param column that holds the references; of several the nearest counts
 */
@Method(source = "arXiv 2402.03469")
public record Relevance(
    @Default("prompt") To to,
    Optional<Path> vectors,
    @Default("4") int shortest,
    @Default("response") Within within,
    Optional<String> column)
    implements Verifier {
  /** What the response is compared with. */
  public enum To {
    PROMPT,
    REFERENCE
  }

  public Relevance {
    if (shortest < 1) {
      throw new IllegalArgumentException("shortest: expected at least 1, found " + shortest);
    }
  }

  /** To the prompt, by equal words. */
  public Relevance() {
    this(To.PROMPT, Optional.empty(), 4, Within.RESPONSE, Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return open().of(sample);
  }

  @Override
  public Signal open() {
    WordVectors words = vectors.map(WordVectors::read).orElseGet(WordVectors::hashed);
    return sample ->
        switch (to) {
          case REFERENCE ->
              Compared.of(sample, within, column, (text, texts) -> nearest(words, text, texts));
          case PROMPT ->
              sample.prompt().text().length() > Compared.LONGEST
                  ? Reward.unscored("too long: the prompt")
                  : Compared.alone(
                      sample,
                      within,
                      text -> nearest(words, text, List.of(sample.prompt().text())));
        };
  }

  private Reward nearest(WordVectors words, String text, List<String> others) {
    double[] own = mean(words.of(text, shortest));
    double nearest = Double.NEGATIVE_INFINITY;
    for (String other : others) {
      double[] mean = mean(words.of(other, shortest));
      if (mean.length > 0) {
        double product = 0;
        for (int i = 0; i < own.length; i++) {
          product += own[i] * mean[i];
        }
        nearest = Math.max(nearest, product);
      }
    }
    return Double.isFinite(nearest)
        ? Reward.of(nearest)
        : Reward.unscored(
            "no known word: the "
                + (to == To.PROMPT ? "prompt" : "reference")
                + " has none to compare with");
  }

  private static double[] mean(List<float[]> vectors) {
    double[] mean = new double[vectors.isEmpty() ? 0 : vectors.getFirst().length];
    for (float[] vector : vectors) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += vector[i] / vectors.size();
      }
    }
    return mean;
  }
}
