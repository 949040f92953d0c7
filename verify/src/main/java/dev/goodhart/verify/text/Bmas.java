package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * BMAS, bidirectional max-average similarity: how far an open-ended answer says what a reference
 * says, word by word and by meaning. The reward of Mixed-R1 for captions, where no single text is
 * right; no judge is called.
 *
 * <pre>{@code
 * S_ij = cos(p_i, g_j)     of the response's m and the reference's n words
 * F    = 1/m sum_i max_j S_ij     is what was said in the reference: like precision
 * B    = 1/n sum_j max_i S_ij     is the reference covered: like recall
 * BMAS = max(0, (F + B)/2)        or harmonic, 2FB/(F + B), 0 where either is not above 0
 * }</pre>
 *
 * <p>In [0, 1], parts {@code forward} and {@code backward}. A stuffed text lowers F and raises B,
 * so the arithmetic mean hardly falls: harmonic is safer where it is optimised hard. Frequent words
 * match everywhere; {@code shortest} leaves out the shortest ones. 0 for a response without a known
 * word; unscored without a reference that has one, and where m n exceeds 16 Mi.
 *
 * <p>The floor and both means are read from the method's name, not from published code. Not shown
 * here yet: training on the mixture of types that {@code routed} scores; shown is the measure.
 *
 * @param vectors a file of static word vectors as text, a word and its numbers on each line
 * @param mean of the two directions: {@code arithmetic} or {@code harmonic}
 * @param shortest words of fewer letters are left out
 * @param within which part of the response is looked at
 * @param column that holds the references; of several the best counts
 */
@Method(id = 154, source = "arXiv 2505.24164")
public record Bmas(
    Path vectors,
    @Default("arithmetic") Mean mean,
    @Default("1") int shortest,
    @Default("response") Within within,
    Optional<String> column)
    implements Verifier {
  private static final long MOST_PAIRS = 1 << 24;

  /** How the two directions become one. */
  public enum Mean {
    ARITHMETIC,
    HARMONIC
  }

  public Bmas {
    if (shortest < 1) {
      throw new IllegalArgumentException("shortest: expected at least 1, found " + shortest);
    }
  }

  /**
   * Of two texts' word vectors, each of length 1.
   *
   * @param response {@code [m][dimensions]}
   * @param reference {@code [n][dimensions]}, n at least 1
   */
  public static Scored of(List<float[]> response, List<float[]> reference, Mean mean) {
    if (response.isEmpty()) {
      return scored(0, 0, 0);
    }
    double[] covered = new double[reference.size()];
    java.util.Arrays.fill(covered, -1);
    double forward = 0;
    for (float[] p : response) {
      double best = -1;
      for (int j = 0; j < covered.length; j++) {
        double cosine = 0;
        float[] g = reference.get(j);
        for (int d = 0; d < p.length; d++) {
          cosine += p[d] * g[d];
        }
        best = Math.max(best, cosine);
        covered[j] = Math.max(covered[j], cosine);
      }
      forward += best / response.size();
    }
    double backward = java.util.Arrays.stream(covered).average().orElseThrow();
    double both =
        switch (mean) {
          case ARITHMETIC -> Math.max(0, (forward + backward) / 2);
          case HARMONIC ->
              forward > 0 && backward > 0 ? 2 * forward * backward / (forward + backward) : 0;
        };
    return scored(both, forward, backward);
  }

  private static Scored scored(double value, double forward, double backward) {
    return new Scored(value)
        .withParts(Map.of("forward", Reward.of(forward), "backward", Reward.of(backward)));
  }

  @Override
  public Reward of(Sample sample) {
    return open().of(sample);
  }

  @Override
  public Signal open() {
    WordVectors words = WordVectors.read(vectors);
    return sample -> Compared.of(sample, within, column, (text, texts) -> best(words, text, texts));
  }

  private Reward best(WordVectors words, String text, List<String> references) {
    List<float[]> own = words.of(text, shortest);
    Reward best = Reward.unscored("no known word: no reference has one to compare with");
    for (String reference : references) {
      List<float[]> other = words.of(reference, shortest);
      if ((long) own.size() * other.size() > MOST_PAIRS) {
        return Reward.unscored("too long: " + own.size() + " words against " + other.size());
      }
      if (!other.isEmpty()) {
        Scored scored = of(own, other, mean);
        best = best instanceof Scored b && b.value() >= scored.value() ? b : scored;
      }
    }
    return best;
  }
}
