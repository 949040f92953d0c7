package dev.goodhart.audit;

import dev.goodhart.audit.ThurstonianUtilities.Fit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Which pairs of options to ask a chooser next, where each answer costs: those whose fitted
 * utilities are close and whose options were asked about least. Begins with one ring through all
 * options (published: any 2-regular graph; a ring is one that is connected), fits after each round.
 *
 * <p>Their answers are the hardest ones: hold out pairs drawn at random instead.
 *
 * @param closest the percentage of unasked pairs, those with the least {@code |mu_a - mu_b|}, that
 *     a round draws from, in (0, 100]
 * @param rarest the percentage with the fewest questions about their options, of which a pair must
 *     be as well; both are widened by half until there are enough
 * @param round questions of a round; must be well below all, or the first round spends them at
 *     random
 */
public record ActiveChoices(double closest, double rarest, int round) {
  /** The published percentages, with rounds for some hundred questions rather than thousands. */
  public static final ActiveChoices DEFAULT = new ActiveChoices(10, 20, 60);

  /** Somebody who answers. */
  @FunctionalInterface
  public interface Chooser {
    Choice ask(int a, int b);
  }

  public ActiveChoices {
    if (!(closest > 0 && closest <= 100) || !(rarest > 0 && rarest <= 100) || round < 1) {
      throw new IllegalArgumentException(
          "expected percentages in (0, 100] and a round of at least 1, not %s, %s and %d"
              .formatted(closest, rarest, round));
    }
  }

  /** {@code multiplier n log2 n} questions, at most one a pair; published with multiplier 2. */
  public static int budget(int options, double multiplier) {
    double wanted = multiplier * options * Math.log(options) / Math.log(2);
    return (int) Math.min(Math.round(wanted), options * (options - 1L) / 2);
  }

  /** Asks {@code questions} pairs. */
  public List<Choice> ask(int options, int questions, Chooser chooser, SplittableRandom random) {
    List<int[]> unasked = pairs(options);
    shuffle(unasked, random);
    List<Choice> asked = new ArrayList<>();
    int[] degree = new int[options];
    Set<Long> ring = ring(options, random);
    List<int[]> first =
        unasked.stream()
            .filter(p -> ring.contains(ThurstonianUtilities.pair(p[0], p[1])))
            .limit(questions)
            .toList();
    ask(first, unasked, asked, degree, chooser);
    ThurstonianUtilities fitted = null;
    while (asked.size() < questions && !unasked.isEmpty()) {
      fitted =
          fitted == null
              ? ThurstonianUtilities.fit(asked, options, Fit.QUICK)
              : ThurstonianUtilities.fit(asked, fitted, Fit.QUICK);
      int wanted = Math.min(round, questions - asked.size());
      ask(next(fitted, unasked, degree, wanted), unasked, asked, degree, chooser);
    }
    return asked;
  }

  /** Asks pairs drawn at random: what the active choice has to beat. */
  public static List<Choice> atRandom(
      int options, int questions, Chooser chooser, SplittableRandom random) {
    List<int[]> pairs = pairs(options);
    shuffle(pairs, random);
    return pairs.stream().limit(questions).map(p -> chooser.ask(p[0], p[1])).toList();
  }

  private List<int[]> next(
      ThurstonianUtilities fitted, List<int[]> unasked, int[] degree, int wanted) {
    double[] gaps =
        unasked.stream()
            .mapToDouble(p -> Math.abs(fitted.means()[p[0]] - fitted.means()[p[1]]))
            .toArray();
    double[] degrees = unasked.stream().mapToDouble(p -> degree[p[0]] + degree[p[1]]).toArray();
    for (double widen = 1; ; widen *= 1.5) {
      double gap = percentile(gaps, closest * widen);
      double most = percentile(degrees, rarest * widen);
      List<int[]> found = new ArrayList<>();
      for (int i = 0; i < gaps.length; i++) {
        if (gaps[i] <= gap && degrees[i] <= most) found.add(unasked.get(i));
      }
      if (found.size() >= Math.min(wanted, unasked.size())) {
        return found.subList(0, Math.min(wanted, found.size())); // the pairs are in random order
      }
    }
  }

  private static double percentile(double[] values, double percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(Math.min(100, percent) / 100 * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }

  private static void ask(
      List<int[]> pairs, List<int[]> unasked, List<Choice> asked, int[] degree, Chooser chooser) {
    Set<Long> taken = new HashSet<>();
    for (int[] pair : pairs) {
      taken.add(ThurstonianUtilities.pair(pair[0], pair[1]));
      asked.add(chooser.ask(pair[0], pair[1]));
      degree[pair[0]]++;
      degree[pair[1]]++;
    }
    unasked.removeIf(p -> taken.contains(ThurstonianUtilities.pair(p[0], p[1])));
  }

  private static Set<Long> ring(int options, SplittableRandom random) {
    List<Integer> order = new ArrayList<>();
    for (int o = 0; o < options; o++) order.add(o);
    shuffle(order, random);
    Set<Long> ring = new HashSet<>();
    for (int k = 0; k < options; k++) {
      ring.add(ThurstonianUtilities.pair(order.get(k), order.get((k + 1) % options)));
    }
    return ring;
  }

  private static List<int[]> pairs(int options) {
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < options; a++) {
      for (int b = a + 1; b < options; b++) pairs.add(new int[] {a, b});
    }
    return pairs;
  }

  private static <T> void shuffle(List<T> all, SplittableRandom random) {
    for (int i = all.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T other = all.get(i);
      all.set(i, all.get(j));
      all.set(j, other);
    }
  }
}
