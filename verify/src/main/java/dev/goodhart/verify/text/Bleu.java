package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Verifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * BLEU of one response, in [0, 100], as {@code sentence_bleu} of sacreBLEU with its defaults:
 * tokens of mteval-v13a, exponential smoothing, effective order. For translation and for text that
 * has to stay close to a reference.
 *
 * <p>BLEU = BP · exp(1/N Σ ln p_n), with p_n the percentage of the response's n-grams that some
 * reference has (each counted at most as often as there), the k-th p_n of no hits replaced by 100 /
 * (2^k · n-grams), N the highest order up to {@code order} that the response has n-grams of, and BP
 * = exp(1 − r/c) where the response's c tokens are fewer than the r of the reference that is
 * closest in length.
 *
 * <p>With {@code smoothing: add-one} it is the reward of BLEUBERI (system 203): p_n = 100 (hits +
 * 1) / (n-grams + 1) at every order, no effective order. As a reward of an instruction-following
 * model it wants references by strong models, several where they can be had; it rewards copying
 * them, and a text without n-grams of an order gets that order's p_n for nothing, so that only BP
 * holds short texts back. Not shown here yet: what it does as the only reward of a policy's
 * training.
 *
 * <p>Unscored without a reference.
 *
 * @param smoothing {@code exp} as sacreBLEU's default, or {@code add-one}
 * @param order the longest n-grams
 * @param lowercase whether case does not matter
 * @param within which part of the response is compared
 * @param column that holds the references; the sample's own reference if it is not given
 */
@Method(id = 203, source = "Papineni et al. 2002; arXiv 1804.08771; arXiv 2505.11080")
public record Bleu(
    @Default("4") int order,
    @Default("exp") Smoothing smoothing,
    @Default("false") boolean lowercase,
    @Default("response") Within within,
    Optional<String> column)
    implements Verifier {
  /** What is made of an order that has no hits, so that the geometric mean is not 0. */
  public enum Smoothing {
    EXP,
    ADD_ONE
  }

  public Bleu {
    if (order < 1 || order > 9) {
      throw new IllegalArgumentException("order: expected 1 to 9, found " + order);
    }
  }

  /** sacreBLEU's defaults. */
  public Bleu() {
    this(4, Smoothing.EXP, false, Within.RESPONSE, Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample, within, column, (text, references) -> Reward.of(bleu(text, references)));
  }

  private double bleu(String text, List<String> references) {
    Numbering numbering = new Numbering(order);
    List<int[][]> wanted = new ArrayList<>();
    for (String reference : references) {
      wanted.add(numbering.grams(numbering.words(tokens(reference))));
    }
    int[][] given = numbering.grams(numbering.words(tokens(text)));
    long[] hits = new long[order];
    for (int n = 0; n < order; n++) {
      hits[n] = Numbering.shared(Numbering.counts(given[n]), mostOften(wanted, n));
    }
    double mean =
        switch (smoothing) {
          case EXP -> exponential(hits, given);
          case ADD_ONE -> addOne(hits, given);
        };
    return mean == 0 ? 0 : brevity(given[0].length, wanted) * mean;
  }

  private double addOne(long[] hits, int[][] given) {
    double logs = 0;
    for (int n = 0; n < order; n++) {
      logs += Math.log((hits[n] + 1.0) / (given[n].length + 1.0));
    }
    return given[0].length == 0 ? 0 : 100 * Math.exp(logs / order);
  }

  private double exponential(long[] hits, int[][] given) {
    if (Arrays.stream(hits).sum() == 0) {
      return 0;
    }
    double logs = 0;
    double factor = 1;
    int effective = 0;
    for (int n = 0; n < order && given[n].length > 0; n++) {
      if (hits[n] == 0) {
        factor *= 2;
        logs += Math.log(100 / (factor * given[n].length));
      } else {
        logs += Math.log(100.0 * hits[n] / given[n].length);
      }
      effective++;
    }
    return Math.exp(logs / effective);
  }

  private List<String> tokens(String text) {
    return Tokenizer13a.tokens(lowercase ? text.toLowerCase(Locale.ROOT) : text);
  }

  /** How often each n-gram stands in the reference that has it most often. */
  private static int[] mostOften(List<int[][]> references, int n) {
    int[] most = new int[0];
    for (int[][] reference : references) {
      int[] counts = Numbering.counts(reference[n]);
      int[] longer = counts.length > most.length ? counts : most;
      int[] shorter = counts.length > most.length ? most : counts;
      for (int i = 0; i < shorter.length; i++) {
        longer[i] = Math.max(longer[i], shorter[i]);
      }
      most = longer;
    }
    return most;
  }

  /** Against the reference that is closest in length, of two the shorter one. */
  private static double brevity(int length, List<int[][]> references) {
    int closest = references.getFirst()[0].length;
    for (int[][] reference : references) {
      int other = reference[0].length;
      int nearer = Math.abs(other - length) - Math.abs(closest - length);
      closest = nearer < 0 || (nearer == 0 && other < closest) ? other : closest;
    }
    return length < closest ? Math.exp(1 - (double) closest / length) : 1;
  }
}
