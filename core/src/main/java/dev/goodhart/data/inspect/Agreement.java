package dev.goodhart.data.inspect;

import dev.goodhart.audit.Finding.Level;
import dev.goodhart.data.Example;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How far several annotators of one pair agree: the ceiling for any reward that is measured by
 * their labels.
 *
 * <p>With verdicts first, second and tie: the share of couples of annotators that say the same, and
 * Fleiss' kappa, {@code (P - Pe) / (1 - Pe)}, where Pe is what the verdicts' frequencies alone
 * would give. From the couples that both decided, the annotators' error rate e by {@code d =
 * 2e(1-e)} as in {@link Contradictions}; a majority of three is then wrong with {@code 3e² - 2e³},
 * of n with the binomial sum.
 */
final class Agreement implements Look {
  private static final Pattern ANNOTATOR = Pattern.compile("annotator_?\\d+");

  private long pairs;
  private long annotators;
  private long couples;
  private long same;
  private long unanimous;

  /** Couples that both decided: do they differ? And one against the others: is it right? */
  private final Clustered differ;

  private final Clustered right;

  /** How often each verdict was given: second, tie, first. */
  private final long[] verdicts = new long[3];

  Agreement(int limit) {
    this.differ = new Clustered(limit);
    this.right = new Clustered(limit);
  }

  @Override
  public void see(Item item) {
    if (item.example() instanceof Example.Pair) {
      List<Integer> votes = votes(item.row().columns());
      if (votes.size() > 1) {
        see(item.cluster(), votes);
      }
    }
  }

  /** 1 for the response listed first, -1 for the second, 0 for a tie. */
  private static List<Integer> votes(Map<String, ?> columns) {
    List<Integer> votes = new ArrayList<>();
    columns.forEach(
        (name, value) -> {
          if (value instanceof Number n && ANNOTATOR.matcher(name).matches()) {
            votes.add(n.intValue() == 1 ? 1 : n.intValue() == 2 ? -1 : 0);
          }
        });
    if (columns.get("individual_preference") instanceof List<?> individual) {
      for (Object one : individual) {
        if (one instanceof Map<?, ?> map && map.get("score") instanceof Number score) {
          votes.add(-Integer.signum(score.intValue()));
        }
      }
    }
    return votes;
  }

  private void see(long prompt, List<Integer> votes) {
    pairs++;
    annotators += votes.size();
    unanimous += votes.stream().distinct().count() == 1 ? 1 : 0;
    for (int i = 0; i < votes.size(); i++) {
      verdicts[votes.get(i) + 1]++;
      int others = 0;
      for (int j = 0; j < votes.size(); j++) {
        others += j == i ? 0 : votes.get(j);
        if (j > i) {
          couples++;
          same += votes.get(i).equals(votes.get(j)) ? 1 : 0;
          if (votes.get(i) != 0 && votes.get(j) != 0) {
            differ.add(prompt, votes.get(i).equals(votes.get(j)) ? 0 : 1);
          }
        }
      }
      if (others != 0) {
        right.add(prompt, votes.get(i) == 0 ? 0.5 : Integer.signum(others) == votes.get(i) ? 1 : 0);
      }
    }
  }

  @Override
  public List<Observation> observations() {
    if (pairs == 0) {
      return List.of();
    }
    double expected = 0;
    for (long count : verdicts) {
      expected += Math.pow((double) count / annotators, 2);
    }
    double agreement = (double) same / couples;
    double kappa = expected == 1 ? 1 : (agreement - expected) / (1 - expected);
    Share one = right.share();
    double decidedSame = 1 - differ.share().value();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("pairs", (double) pairs);
    figures.put("annotators", (double) annotators / pairs);
    figures.put("agreement", agreement);
    if (differ.cases() > 0) {
      figures.put("agreement-decided", decidedSame);
    }
    figures.put("kappa", kappa);
    figures.put("unanimous", (double) unanimous / pairs);
    figures.putAll(Observation.figures("one-against-the-others", one));
    List<Observation> all = new ArrayList<>();
    all.add(
        Observation.of(
            kappa < 0.4 ? Level.ALARM : kappa < 0.8 ? Level.NOTE : Level.FINE,
            "agreement",
            Figure.fixed((double) annotators / pairs, 1)
                + " annotators a pair; two say the same in "
                + Figure.percent(agreement)
                + " (Fleiss' kappa "
                + Figure.fixed(kappa, 2)
                + "), in "
                + Figure.percent(decidedSame)
                + " where both decide; all do in "
                + Figure.percent((double) unanimous / pairs)
                + ". One annotator is right by the others' majority in "
                + one.text()
                + " verdicts (a tie is half right).",
            figures));
    if (differ.cases() > 0) {
      all.add(noise(differ.share()));
    }
    return all;
  }

  private Observation noise(Share share) {
    int n = (int) Math.round((double) annotators / pairs);
    double single = Contradictions.flips(share.value());
    double noise = majorityWrong(n, single);
    double low = majorityWrong(n, Contradictions.flips(share.low()));
    double high = majorityWrong(n, Contradictions.flips(share.high()));
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("noise-of-one", single);
    figures.put("noise", noise);
    figures.put("noise-low", low);
    figures.put("noise-high", high);
    figures.put("ceiling", 1 - noise);
    return Observation.of(
        single > 0.1 ? Level.NOTE : Level.FINE,
        "label-noise-by-votes",
        "One annotator's decided verdict is wrong in about "
            + Figure.percent(single)
            + ", the majority of "
            + n
            + " in about "
            + Figure.percent(noise)
            + " ["
            + Figure.fixed(100 * low, 1)
            + ", "
            + Figure.fixed(100 * high, 1)
            + "]: no reward can be expected to agree with the majority in more than "
            + Figure.percent(1 - noise)
            + "; assumes that annotators err independently and at one rate on all pairs.",
        figures);
  }

  /**
   * The chance that most of n verdicts, each wrong with probability e up to one half, are; half of
   * the ties.
   */
  static double majorityWrong(int n, double e) {
    double wrong = 0;
    double term = Math.pow(1 - e, n);
    for (int k = 0; k <= n; k++) {
      wrong += 2 * k > n ? term : 2 * k == n ? term / 2 : 0;
      term *= (double) (n - k) / (k + 1) * e / (1 - e);
    }
    return wrong;
  }
}
