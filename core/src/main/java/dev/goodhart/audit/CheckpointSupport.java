package dev.goodhart.audit;

import dev.goodhart.GoodhartException;
import dev.goodhart.report.Axis;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.LineChart;
import dev.goodhart.report.Point;
import dev.goodhart.report.Series;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a policy can do before and after training: pass@k of both checkpoints on the same prompts,
 * and which prompts, and right answers, each of them reaches with as many draws.
 *
 * @param prompts that both have enough responses to
 * @param dropped prompts that only one has, or with fewer responses
 * @param draws responses to each prompt that reaching is judged by
 * @param byPrompt prompts with a right response among the draws
 * @param byAnswer distinct right answers among the draws; null where answers are not told apart
 * @param entropy the change of the answers' entropy within a prompt, nats; not known likewise
 * @param points pass@k for several k
 */
public record CheckpointSupport(
    int prompts,
    int dropped,
    int draws,
    Counted byPrompt,
    @Nullable Counted byAnswer,
    Interval entropy,
    List<At> points)
    implements Chapter {
  /**
   * Counts with what chance alone would show.
   *
   * @param net (gained - lost) / (kept + gained + lost); NaN where nothing is reached
   * @param chance how many would seem gained, and as many lost, between two halves of the draws
   *     before
   */
  public record Counted(
      SupportChange change, double retention, double discovery, double net, double chance) {
    private static Counted of(SupportChange change, double chance) {
      return new Counted(
          change,
          known(change.retention()),
          known(change.discovery()),
          known(change.net()),
          chance);
    }

    private static double known(OptionalDouble value) {
      return value.orElse(Double.NaN);
    }

    /** Whether losses outnumber gains by more than two deviations of a fair coin for each. */
    boolean isLoss() {
      double lost = change.lost();
      double gained = change.gained();
      return lost - gained > 2 * Math.sqrt(lost + gained);
    }
  }

  /** One k; the change is after minus before, paired by prompt. */
  public record At(int k, Interval before, Interval after, Interval change) {}

  /** A prompt's responses at both checkpoints, in the data's order. */
  private record Pair(List<Integer> before, List<Integer> after) {}

  /**
   * Compares two checkpoints.
   *
   * @param answers whether the truths' groups are the responses' answers, to be told apart
   */
  static CheckpointSupport of(
      VerifierTruth before, VerifierTruth after, boolean answers, Bootstrap bootstrap) {
    List<Pair> pairs = new ArrayList<>();
    Map<Object, List<Integer>> later = byPrompt(after);
    Map<Object, List<Integer>> earlier = byPrompt(before);
    earlier.forEach(
        (prompt, samples) -> {
          List<Integer> others = later.get(prompt);
          if (others != null) pairs.add(new Pair(samples, others));
        });
    if (pairs.isEmpty()) {
      throw new GoodhartException(
          "audit: no prompt stands in both checkpoints' responses: they must be answers to the same"
              + " prompts, word for word");
    }
    int draws = draws(pairs);
    List<Pair> used =
        pairs.stream().filter(p -> Math.min(p.before.size(), p.after.size()) >= draws).toList();
    int all = earlier.size() + later.size() - pairs.size();
    int[] clusters = IntStream.range(0, used.size()).toArray();
    return new CheckpointSupport(
        used.size(),
        all - used.size(),
        draws,
        byPrompt(used, before, after, draws),
        answers ? byAnswer(used, before, after, draws) : null,
        answers
            ? bootstrap.mean(
                clusters,
                values(
                    used, p -> entropy(p.after, after, draws) - entropy(p.before, before, draws)))
            : Interval.NONE,
        points(used, before, after, draws, clusters, bootstrap));
  }

  private static Map<Object, List<Integer>> byPrompt(VerifierTruth truth) {
    Map<Object, List<Integer>> byPrompt = new LinkedHashMap<>();
    AuditSet set = truth.read().set();
    for (int i = 0; i < set.size(); i++) {
      if (!truth.isKnown(i)) continue;
      var prompt = set.sample(i).prompt();
      Object key = prompt.messages().isEmpty() ? set.row(i) : prompt;
      byPrompt.computeIfAbsent(key, p -> new ArrayList<>()).add(i);
    }
    return byPrompt;
  }

  /** The most that nine prompts in ten have at both checkpoints. */
  private static int draws(List<Pair> pairs) {
    int[] sizes =
        pairs.stream().mapToInt(p -> Math.min(p.before.size(), p.after.size())).sorted().toArray();
    return sizes[sizes.length / 10];
  }

  private static double[] values(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    return pairs.stream().mapToDouble(value).toArray();
  }

  private static int right(List<Integer> samples, VerifierTruth truth) {
    return (int) samples.stream().filter(i -> truth.right()[i] > 0.5).count();
  }

  private static Counted byPrompt(
      List<Pair> pairs, VerifierTruth before, VerifierTruth after, int draws) {
    long[] first = new long[pairs.size()];
    long[] second = new long[pairs.size()];
    double chance = 0;
    for (int p = 0; p < first.length; p++) {
      Pair pair = pairs.get(p);
      first[p] = right(pair.before.subList(0, draws), before);
      second[p] = right(pair.after.subList(0, draws), after);
      chance += chance(new long[] {first[p]}, draws);
    }
    return Counted.of(SupportDynamics.seen(first, second), chance);
  }

  private static double chance(long[] counts, int draws) {
    return draws < 2 ? Double.NaN : new SupportDynamics(draws / 2, 0.05).chance(counts, draws);
  }

  private static Counted byAnswer(
      List<Pair> pairs, VerifierTruth before, VerifierTruth after, int draws) {
    SupportChange sum = new SupportChange(0, 0, 0, 0);
    double chance = 0;
    for (Pair pair : pairs) {
      Map<String, long[]> answers = new LinkedHashMap<>();
      for (int k = 0; k < draws; k++) {
        count(answers, pair.before.get(k), before, 0);
        count(answers, pair.after.get(k), after, 1);
      }
      long[] first = answers.values().stream().mapToLong(c -> c[0]).toArray();
      long[] second = answers.values().stream().mapToLong(c -> c[1]).toArray();
      sum = sum.plus(SupportDynamics.seen(first, second));
      chance += chance(first, draws);
    }
    return Counted.of(sum, chance);
  }

  private static void count(
      Map<String, long[]> answers, int sample, VerifierTruth truth, int checkpoint) {
    if (truth.right()[sample] > 0.5) {
      answers.computeIfAbsent(truth.group().get(sample), a -> new long[2])[checkpoint]++;
    }
  }

  private static double entropy(List<Integer> samples, VerifierTruth truth, int draws) {
    Map<String, Long> counts = new HashMap<>();
    samples.subList(0, draws).forEach(i -> counts.merge(truth.group().get(i), 1L, Long::sum));
    return SupportDynamics.answerEntropy(
        counts.values().stream().mapToLong(Long::longValue).toArray());
  }

  private static List<At> points(
      List<Pair> pairs,
      VerifierTruth before,
      VerifierTruth after,
      int draws,
      int[] clusters,
      Bootstrap bootstrap) {
    List<At> points = new ArrayList<>();
    for (int k = 1; k <= draws; k = k == draws ? draws + 1 : Math.min(2 * k, draws)) {
      int tries = k;
      double[] first =
          values(pairs, p -> PassAtK.of(p.before.size(), right(p.before, before), tries));
      double[] second =
          values(pairs, p -> PassAtK.of(p.after.size(), right(p.after, after), tries));
      double[] change = new double[first.length];
      Arrays.setAll(change, p -> second[p] - first[p]);
      points.add(
          new At(
              k,
              bootstrap.mean(clusters, first),
              bootstrap.mean(clusters, second),
              bootstrap.mean(clusters, change)));
    }
    return points;
  }

  @Override
  public String key() {
    return "support";
  }

  @Override
  public String title() {
    return "What training reaches";
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> passes = new ArrayList<>();
    List<Point> first = new ArrayList<>();
    List<Point> second = new ArrayList<>();
    for (At at : points) {
      passes.add(
          List.of(
              Integer.toString(at.k),
              at.before.percent(),
              at.after.percent(),
              at.change.percent()));
      first.add(new Point(at.k, at.before.estimate(), at.before.low(), at.before.high()));
      second.add(new Point(at.k, at.after.estimate(), at.after.low(), at.after.high()));
    }
    List<List<String>> counts = new ArrayList<>();
    counts.add(row("prompts", byPrompt));
    if (byAnswer != null) counts.add(row("right answers", byAnswer));
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        Table.of(
            "Reached with " + draws + " draws",
            List.of(
                "", "by both", "gained", "lost", "by neither", "kept", "new", "net", "by chance"),
            counts));
    blocks.add(
        Table.of("Pass@k", List.of("k", "before [95 %]", "after [95 %]", "change [95 %]"), passes));
    blocks.add(
        new LineChart(
            "Pass@k",
            "The probability that one of k responses is right. Where the lines cross, training made"
                + " the policy surer of what it could do already and lost the rest.",
            Axis.log("k, responses"),
            Axis.percent("at least one is right"),
            List.of(
                new Series("before", first, Series.Style.QUIET),
                new Series("after", second, Series.Style.LINE))));
    String entropies =
        entropy.isKnown()
            ? " The answers' entropy within a prompt changed by " + entropy.text() + " nats."
            : "";
    blocks.add(
        Block.text(
            Figure.count(prompts)
                + " prompts with "
                + draws
                + " responses at both checkpoints"
                + (dropped > 0 ? "; " + Figure.count(dropped) + " without are left out" : "")
                + ". By chance: as many would seem gained, and as many lost, between two halves of"
                + " the draws before."
                + entropies));
    return blocks;
  }

  private static List<String> row(String name, Counted counted) {
    SupportChange change = counted.change;
    return List.of(
        name,
        Figure.count(change.kept()),
        Figure.count(change.gained()),
        Figure.count(change.lost()),
        Figure.count(change.neither()),
        share(counted.retention),
        share(counted.discovery),
        share(counted.net),
        Double.isNaN(counted.chance) ? Figure.NONE : Figure.fixed(counted.chance, 1));
  }

  private static String share(double value) {
    return Double.isNaN(value) ? Figure.NONE : Figure.percent(value);
  }

  @Override
  public List<Finding> findings() {
    At one = points.getFirst();
    At most = points.getLast();
    Counted counted = byAnswer != null ? byAnswer : byPrompt;
    Map<String, Double> figures =
        Map.of(
            "pass-at-1",
            one.change.estimate(),
            "gained",
            (double) counted.change.gained(),
            "lost",
            (double) counted.change.lost());
    String what = byAnswer != null ? " right answers" : " prompts";
    String counts =
        Figure.count(counted.change.lost())
            + what
            + " are lost and "
            + Figure.count(counted.change.gained())
            + " gained";
    String accuracy = "one response is right more often (" + one.change.percent() + ")";
    List<Finding> findings = new ArrayList<>();
    String though = one.change.isAbove(0) ? ", though " + accuracy + "." : ".";
    boolean more = counted.change.gained() > counted.change.lost();
    findings.add(
        counted.isLoss()
            ? new Finding("support", Finding.Level.ALARM, counts + though, figures)
            : new Finding(
                "support",
                Finding.Level.FINE,
                counts + (more ? "." : ", no more than chance explains."),
                figures));
    if (most.k > 1 && most.change.isBelow(0)) {
      findings.add(
          new Finding(
              "capability-boundary",
              Finding.Level.ALARM,
              "Pass@"
                  + most.k
                  + " fell by "
                  + Figure.percent(-most.change.estimate())
                  + ": the policy before solves more, given as many tries.",
              Map.of("k", (double) most.k, "change", most.change.estimate())));
    }
    return findings;
  }
}
