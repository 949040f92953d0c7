package dev.goodhart.lab.experiment;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.audit.MoneyPump;
import dev.goodhart.audit.MoneyPump.Trader;
import dev.goodhart.combine.AdmissibleWeights;
import dev.goodhart.combine.AdmissibleWeights.Order;
import dev.goodhart.combine.AdmissibleWeights.Range;
import dev.goodhart.combine.AdmissibleWeights.Value;
import dev.goodhart.combine.NashLottery;
import dev.goodhart.combine.RoleNorms;
import dev.goodhart.combine.RoleNorms.Norm;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * System 168: are incomplete preferences safe to act on, and does bargaining leave nobody worse off
 * where a sum does?
 *
 * <p><b>World.</b> Tables of options, uniform on [0, 1] in three values and in the scores of four
 * groups, whose disagreement point is the uniform policy.
 *
 * <p><b>Baselines.</b> The traders that take or toss a coin about undecided swaps, without memory,
 * and a judge who prefers what is ahead in two of three values, which goes in circles; the lottery
 * of the largest sum; the most helpful option without norms.
 *
 * <p><b>Measure.</b> The share of chains of swap offers that end with an option under one held
 * before; the share of tables in which some group ends below its disagreement point, and in which
 * the choice changes when one group scores ten times as high; the share of choices that break a
 * norm, and what keeping them costs in helpfulness. All exact for a table.
 *
 * @param tables of a seed
 * @param options of a table
 * @param offers of a chain
 */
public record PluralValues(int tables, int options, int offers) implements Experiment {
  public static final PluralValues DEFAULT = new PluralValues(20, 10, 4);

  private static final int GROUPS = 4;
  private static final AdmissibleWeights WEIGHTS =
      new AdmissibleWeights(
          Map.of("a", new Range(0.1, 1), "b", new Range(0.1, 1), "c", new Range(0.1, 1)),
          Value.MIDDLE);

  @Override
  public int system() {
    return 168;
  }

  @Override
  public String name() {
    return "plural-values";
  }

  @Override
  public String title() {
    return "Incomplete preferences under chains of swap offers, bargaining beside a sum, norms"
        + " beside a trade-off, on tables of options";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1010 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("", List.of());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.below(
            "remembering-take",
            "with memory a trader that takes undecided swaps is not pumped, without it is",
            "take, remembering: pumped",
            "take: pumped"),
        Claim.below(
            "remembering-random",
            "with memory one that tosses a coin is not pumped, without it is",
            "random, remembering: pumped",
            "random: pumped"),
        Claim.equal(
            "keep-is-safe",
            "one that keeps what it holds needs no memory",
            "keep: pumped",
            "zero",
            1e-12),
        Claim.above(
            "circles-are-pumped",
            "a judge that goes in circles is pumped, though less than one who takes what is"
                + " undecided",
            "judge: pumped",
            "zero"),
        Claim.equal(
            "never-dominated",
            "the choice by the middle weights is never under another option",
            "middle dominated",
            "zero",
            1e-12),
        Claim.below(
            "nobody-loses",
            "bargaining leaves no group below its disagreement point, the largest sum does",
            "nash: some group loses",
            "sum: some group loses"),
        Claim.below(
            "unit-free",
            "with one group's scores times ten the agreement stays, the largest sum moves",
            "nash: moved by a unit",
            "sum: moved by a unit"),
        Claim.below(
            "norms-kept",
            "inside norms none is broken; without them the most helpful option often does",
            "norms: broken",
            "no norms: broken"),
        Claim.below(
            "norms-cost",
            "their price: the choice is less helpful",
            "norms: helpfulness",
            "no norms: helpfulness"));
  }

  @Override
  public Experiment smoke() {
    return new PluralValues(3, 5, 3);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("zero", 0.0);
    SplittableRandom random = seeds.of("tables");
    for (int table = 0; table < tables; table++) {
      double[][] values = new double[options][];
      for (int y = 0; y < options; y++) values[y] = random.doubles(3).toArray();
      double[][] scores = new double[GROUPS][];
      for (int i = 0; i < GROUPS; i++) scores[i] = random.doubles(options).toArray();
      trade(values, figures);
      bargain(scores, figures);
      norms(values, figures);
    }
    return new Outcome(figures, Map.of());
  }

  private void trade(double[][] values, Map<String, Double> figures) {
    Order[][] order = new Order[options][options];
    for (int y = 0; y < options; y++) {
      for (int z = 0; z < options; z++) order[y][z] = WEIGHTS.order(values[y], values[z]);
    }
    MoneyPump.Under under = (y, z) -> order[y][z] == Order.UNDER;
    for (var tie : Map.of("keep", 0.0, "random", 0.5, "take", 1.0).entrySet()) {
      Trader trader =
          (held, offered) ->
              switch (order[offered][held[held.length - 1]]) {
                case OVER -> 1;
                case UNDER, EQUAL -> 0;
                case UNDECIDED -> tie.getValue();
              };
      pump(tie.getKey(), trader, under, figures);
      pump(tie.getKey() + ", remembering", MoneyPump.remembering(trader, under), under, figures);
    }
    Trader judge =
        (held, offered) -> {
          int ahead = 0;
          for (int k = 0; k < 3; k++) {
            ahead += values[offered][k] > values[held[held.length - 1]][k] ? 1 : 0;
          }
          return ahead >= 2 ? 1 : 0;
        };
    pump("judge", judge, under, figures);
    int middle = best(Arrays.stream(values).mapToDouble(WEIGHTS::middle).toArray());
    boolean dominated = Arrays.stream(order).anyMatch(row -> row[middle] == Order.OVER);
    add(figures, "middle dominated", dominated ? 1 : 0);
    add(figures, "comparable", WEIGHTS.comparable(values));
  }

  private void pump(
      String name, Trader trader, MoneyPump.Under under, Map<String, Double> figures) {
    add(figures, name + ": pumped", MoneyPump.of(options, offers, trader, under).losing());
  }

  private void bargain(double[][] scores, Map<String, Double> figures) {
    double[][] tenfold = scores.clone();
    tenfold[0] = Arrays.stream(scores[0]).map(s -> 10 * s).toArray();
    double[] points = means(scores);
    NashLottery nash = NashLottery.of(scores, points);
    NashLottery again = NashLottery.of(tenfold, means(tenfold));
    double moved = 0;
    for (int y = 0; y < options; y++) {
      moved = Math.max(moved, Math.abs(nash.lottery()[y] - again.lottery()[y]));
    }
    boolean loses = Arrays.stream(nash.gains()).anyMatch(g -> g < -1e-9);
    add(figures, "nash: some group loses", loses ? 1 : 0);
    add(figures, "nash: moved by a unit", moved > 1e-3 ? 1 : 0);
    int sum = best(sums(scores));
    boolean sumLoses = false;
    for (int i = 0; i < GROUPS; i++) sumLoses |= scores[i][sum] < points[i];
    add(figures, "sum: some group loses", sumLoses ? 1 : 0);
    add(figures, "sum: moved by a unit", best(sums(tenfold)) != sum ? 1 : 0);
  }

  /** A clerk: the second value must be at least 0.3, the third at most 0.8; help is the first. */
  private void norms(double[][] values, Map<String, Double> figures) {
    RoleNorms clerk =
        new RoleNorms(
            "help",
            Map.of(
                "care", new Norm(OptionalDouble.of(0.3), OptionalDouble.empty()),
                "risk", new Norm(OptionalDouble.empty(), OptionalDouble.of(0.8))),
            -10);
    double[] inside = new double[options];
    for (int y = 0; y < options; y++) {
      Map<String, Reward> parts =
          Map.of(
              "help", Reward.of(values[y][0]),
              "care", Reward.of(values[y][1]),
              "risk", Reward.of(values[y][2]));
      inside[y] = clerk.of(parts) instanceof Scored scored ? scored.value() : Double.NaN;
    }
    int kept = best(inside);
    int free = best(Arrays.stream(values).mapToDouble(v -> v[0]).toArray());
    add(figures, "norms: broken", breaks(values[kept]));
    add(figures, "no norms: broken", breaks(values[free]));
    add(figures, "norms: helpfulness", values[kept][0]);
    add(figures, "no norms: helpfulness", values[free][0]);
  }

  private static double breaks(double[] values) {
    return values[1] < 0.3 || values[2] > 0.8 ? 1 : 0;
  }

  private void add(Map<String, Double> figures, String name, double value) {
    figures.merge(name, value / tables, Double::sum);
  }

  private double[] means(double[][] scores) {
    return Arrays.stream(scores)
        .mapToDouble(s -> Arrays.stream(s).average().orElseThrow())
        .toArray();
  }

  private double[] sums(double[][] scores) {
    double[] sums = new double[options];
    for (double[] group : scores) {
      for (int y = 0; y < options; y++) sums[y] += group[y];
    }
    return sums;
  }

  private static int best(double[] values) {
    int best = 0;
    for (int y = 1; y < values.length; y++) best = values[y] > values[best] ? y : best;
    return best;
  }
}
