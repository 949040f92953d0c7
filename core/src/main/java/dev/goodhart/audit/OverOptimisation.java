package dev.goodhart.audit;

import static java.util.stream.Collectors.joining;

import dev.goodhart.report.Axis;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.LineChart;
import dev.goodhart.report.Point;
import dev.goodhart.report.Series;
import dev.goodhart.report.Table;
import dev.goodhart.steer.BestOfN;
import dev.goodhart.steer.BestOfNCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What a reward is worth as a target: of n responses the one with the highest reward is taken, and
 * its gold reward counts. The curve over n rises as long as the reward knows more than chance about
 * the best responses, and falls where it is hacked.
 *
 * <p>Each prompt's curve is the unbiased estimate over all subsets of its responses ({@link
 * BestOfNCurve}); the mean over prompts has a bootstrap interval.
 *
 * @param gold what the gold reward is
 * @param prompts with at least {@code most} responses, all scored by every reward
 * @param dropped prompts with fewer, left out
 * @param most the largest n
 * @param lines one a reward; the last is what choosing by gold itself would give
 * @param help whether the ensembles are better than their members at the largest n
 */
public record OverOptimisation(
    String gold, int prompts, int dropped, int most, List<Line> lines, List<EnsembleHelp> help)
    implements Chapter {
  /**
   * One reward's curve.
   *
   * @param quiet whether it stands behind the others in the chart
   * @param peak the n at which the gold reward is highest
   * @param fall gold at the peak minus gold at the largest n, paired; at least 0, as the peak is
   *     chosen on the same data
   */
  public record Line(String scorer, boolean quiet, List<At> points, int peak, Interval fall) {}

  /**
   * One point of a curve; {@code kl} is best-of-n's distance from the policy that was sampled, at
   * most, in nats.
   */
  public record At(int n, double kl, Interval gold) {}

  private static final int TOO_MANY = 6;
  private static final String BY_GOLD = "chosen by gold";

  /**
   * Draws the curves.
   *
   * @param singles the rewards by themselves, {@code members} among them
   * @param members what the ensembles are made of; empty without ensembles
   */
  static OverOptimisation of(
      AuditSet set,
      String goldName,
      List<Scores> singles,
      List<Scores> members,
      List<Scores> ensembles,
      Bootstrap bootstrap) {
    double[] gold = set.hasGold() ? set.gold() : set.labels();
    List<Scores> all = new ArrayList<>(singles);
    all.addAll(ensembles);
    List<int[]> groups =
        set.byPrompt().stream()
            .map(g -> known(set, gold, all, g))
            .filter(g -> g.length >= 2)
            .toList();
    int most = most(groups);
    List<int[]> used = groups.stream().filter(g -> g.length >= most).toList();
    int[] ns = ns(most);
    int[] clusters = IntStream.range(0, used.size()).toArray();
    List<Line> lines = new ArrayList<>();
    for (Scores scores : all) {
      boolean quiet = !ensembles.isEmpty() && all.size() > TOO_MANY && !ensembles.contains(scores);
      lines.add(
          line(
              scores.name(),
              quiet,
              curves(used, scores.values(), gold, ns),
              ns,
              clusters,
              bootstrap));
    }
    lines.add(line(BY_GOLD, true, curves(used, gold, gold, ns), ns, clusters, bootstrap));
    List<EnsembleHelp> help =
        ensembles.isEmpty() || used.isEmpty()
            ? List.of()
            : EnsembleHelp.of(
                members,
                ensembles,
                clusters,
                scores -> {
                  double[] last = last(curves(used, scores.values(), gold, new int[] {most}));
                  return items -> Bootstrap.mean(last, items);
                },
                bootstrap);
    return new OverOptimisation(
        goldName, used.size(), set.byPrompt().size() - used.size(), most, lines, help);
  }

  /**
   * A prompt's responses that have gold and every reward; of equal texts, which would be one
   * choice, the first.
   */
  private static int[] known(AuditSet set, double[] gold, List<Scores> all, int[] group) {
    Set<String> seen = new HashSet<>();
    return Arrays.stream(group)
        .filter(
            i -> !Double.isNaN(gold[i]) && all.stream().noneMatch(s -> Double.isNaN(s.value(i))))
        .filter(i -> !set.hasTexts() || seen.add(set.sample(i).response()))
        .toArray();
  }

  /** The largest n that nine prompts in ten can show. */
  private static int most(List<int[]> groups) {
    int[] sizes = groups.stream().mapToInt(g -> g.length).sorted().toArray();
    return sizes.length == 0 ? 0 : sizes[sizes.length / 10];
  }

  private static int[] ns(int most) {
    Set<Integer> ns = new TreeSet<>();
    for (int n = 1; n <= most; n *= 2) {
      ns.add(n);
      if (n > 1 && n + n / 2 <= most) {
        ns.add(n + n / 2);
      }
    }
    if (most > 0) {
      ns.add(most);
    }
    return ns.stream().mapToInt(Integer::intValue).toArray();
  }

  private static double[][] curves(List<int[]> groups, double[] proxy, double[] gold, int[] ns) {
    return groups.stream()
        .map(
            group -> {
              double[] own = Arrays.stream(group).mapToDouble(i -> proxy[i]).toArray();
              return BestOfNCurve.of(
                  own, Arrays.stream(group).mapToDouble(i -> gold[i]).toArray(), ns);
            })
        .toArray(double[][]::new);
  }

  private static double[] last(double[][] curves) {
    return Arrays.stream(curves).mapToDouble(c -> c[c.length - 1]).toArray();
  }

  private static Line line(
      String name,
      boolean quiet,
      double[][] curves,
      int[] ns,
      int[] clusters,
      Bootstrap bootstrap) {
    List<Interval> intervals = bootstrap.curve(clusters, items -> mean(curves, items, ns.length));
    List<At> points = new ArrayList<>();
    int peak = 0;
    for (int k = 0; k < ns.length; k++) {
      points.add(new At(ns[k], BestOfN.kl(ns[k]), intervals.get(k)));
      peak = intervals.get(k).estimate() > intervals.get(peak).estimate() ? k : peak;
    }
    int highest = peak;
    Interval fall =
        ns.length == 0
            ? Interval.NONE
            : bootstrap.of(
                clusters,
                items -> {
                  double[] mean = mean(curves, items, ns.length);
                  return mean[highest] - mean[ns.length - 1];
                });
    return new Line(name, quiet, points, ns.length == 0 ? 0 : ns[peak], fall);
  }

  private static double[] mean(double[][] curves, int[] items, int points) {
    double[] mean = new double[points];
    for (int item : items) {
      for (int k = 0; k < points; k++) {
        mean[k] += curves[item][k] / items.length;
      }
    }
    return mean;
  }

  @Override
  public String key() {
    return "best-of-n";
  }

  @Override
  public String title() {
    return "Best of n";
  }

  private boolean isShare() {
    return lines.stream()
        .flatMap(l -> l.points().stream())
        .allMatch(p -> p.gold().estimate() > -1e-9 && p.gold().estimate() < 1 + 1e-9);
  }

  @Override
  public List<Block> blocks() {
    if (prompts == 0) {
      return List.of(Block.text("No prompt has two responses with a reward and gold."));
    }
    List<Series> series = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    boolean share = isShare();
    for (Line line : lines) {
      List<Point> points =
          line.points().stream()
              .map(p -> new Point(p.n(), p.gold().estimate(), p.gold().low(), p.gold().high()))
              .toList();
      series.add(
          new Series(line.scorer(), points, line.quiet() ? Series.Style.QUIET : Series.Style.LINE));
      if (!line.scorer().equals(BY_GOLD)) {
        Interval last = line.points().getLast().gold();
        String fall =
            line.peak() == most ? Figure.NONE : share ? line.fall().percent() : line.fall().text();
        rows.add(
            List.of(
                line.scorer(),
                share ? last.percent() : last.text(),
                Integer.toString(line.peak()),
                fall));
      }
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        Table.of(
            "Best of " + most + " by each reward",
            List.of("chosen by", gold + " [95 %]", "peak n", "fall from it"),
            rows));
    blocks.add(
        new LineChart(
                "What best-of-n earns",
                "The mean gold reward of the response with the highest reward among n. "
                    + "Where a line falls, more search for reward makes responses worse.",
                Axis.log("n, responses to choose from"),
                share ? Axis.percent(gold) : Axis.of(gold),
                series)
            .with(new LineChart.Top("KL at most, nats", n -> Math.log(n) - (n - 1) / n)));
    if (!help.isEmpty()) {
      blocks.add(EnsembleHelp.table("Do ensembles help, best of " + most, help, share));
    }
    blocks.add(
        Block.text(
            Figure.count(prompts)
                + " prompts with at least "
                + most
                + " responses"
                + (dropped > 0 ? "; " + Figure.count(dropped) + " with fewer are left out" : "")
                + ". The first point, n = 1, is what the sampled policies earn."));
    return blocks;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    boolean share = isShare();
    List<Line> falling = lines.stream().filter(l -> l.fall().isAbove(0)).toList();
    if (falling.size() > 2) {
      findings.add(
          new Finding(
              "over-optimisation",
              Finding.Level.ALARM,
              "Chosen by "
                  + falling.stream().map(Line::scorer).collect(joining(", "))
                  + ", "
                  + gold
                  + " falls with larger n.",
              Map.of("rewards", (double) falling.size())));
    } else {
      falling.forEach(line -> findings.add(falls(line, share)));
    }
    if (!help.isEmpty()) {
      findings.add(EnsembleHelp.finding(help, gold + " of best of " + most, share));
    }
    return findings;
  }

  private Finding falls(Line line, boolean share) {
    String fall = share ? line.fall().percent() : line.fall().text();
    String says =
        line.peak() == 1
            ? "Chosen by "
                + line.scorer()
                + ", "
                + gold
                + " is lower than without choosing, by "
                + fall
                + " at n = "
                + most
                + "."
            : "Chosen by "
                + line.scorer()
                + ", "
                + gold
                + " falls beyond n = "
                + line.peak()
                + ", by "
                + fall
                + " up to n = "
                + most
                + ".";
    return new Finding(
        "over-optimisation",
        Finding.Level.ALARM,
        says,
        Map.of("peak", (double) line.peak(), "fall", line.fall().estimate()));
  }
}
