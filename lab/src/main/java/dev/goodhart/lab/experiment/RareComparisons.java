package dev.goodhart.lab.experiment;

import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.audit.exact.Tilt;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.Comparisons;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * System 114: what one accidental comparison does to a policy under DPO, under POWER, and under
 * POWER with labels that follow the policy.
 *
 * <p><b>World.</b> Three responses, a table of logits, Bradley–Terry labels. {@code bad wins}:
 * rewards 1, 0.6, −1, an even start; the first two are compared 40 times, and the bad third is once
 * preferred to the best. {@code good loses}: rewards 1, 0.5, 0, a start at 58, 21, 21 %; the last
 * two are compared 60 times, and the best is once thought worse than the second.
 *
 * <p><b>Baselines.</b> {@link dev.goodhart.objective.Dpo} at β = 0.5 with the start as reference;
 * {@link dev.goodhart.objective.PowerDl} with labels that stay. <b>Method.</b> The same with labels
 * that follow; β = 1, w = 1. All take the same steps down the gradient of all comparisons, whose
 * closed form in a table is written out here: a test holds it against the objectives.
 *
 * <p><b>Measure.</b> Weight on the response of the accident, expected reward, and whether the
 * response that won more of the many comparisons keeps more weight than the other.
 *
 * @param eta η where the bad one wins; where the good one loses it is 0, as η pulls to what won
 * @param labelRate γ of the labels that follow
 * @param steps down the gradient, of size 1
 */
public record RareComparisons(double eta, double labelRate, int steps) implements Experiment {
  public static final RareComparisons DEFAULT = new RareComparisons(0.5, 0.99, 5000);

  private static final double DPO_BETA = 0.5;
  private static final double BETA = 1;
  private static final int POINTS = 10;

  @Override
  public int system() {
    return 114;
  }

  @Override
  public String name() {
    return "rare-comparisons";
  }

  @Override
  public String title() {
    return "What a comparison that stands once does to a policy under DPO and under POWER, with"
        + " labels that stay and that follow";
  }

  @Override
  public String tuning() {
    return "Parameters were published with the claim; seeds 1001 to 1020 were seen during"
        + " development.";
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public Axis axis() {
    return new Axis(
        "steps",
        IntStream.rangeClosed(0, POINTS)
            .map(i -> i * steps / POINTS)
            .mapToObj(Double::valueOf)
            .toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "bad-takes-over-under-dpo",
            "DPO gives a bad response that won once more than 95 %",
            "bad wins, dpo",
            "95 %"),
        Claim.below("bad-stays-small", "POWER gives it less than 15 %", "bad wins, power", "15 %"),
        Claim.above(
            "power-earns-more",
            "there POWER earns more than DPO",
            "bad wins, power reward",
            "bad wins, dpo reward"),
        Claim.below(
            "bad-stays-small-with-labels",
            "as does POWER with labels that follow",
            "bad wins, power-dl",
            "15 %"),
        Claim.below(
            "good-is-lost-under-dpo",
            "DPO leaves a good response that lost once less than 1 %",
            "good loses, dpo",
            "1 %"),
        Claim.below(
            "good-is-lost-under-power",
            "so does POWER with labels that stay",
            "good loses, power",
            "1 %"),
        Claim.above(
            "good-is-kept",
            "with labels that follow it keeps more than 15 %",
            "good loses, power-dl",
            "15 %"),
        Claim.above(
            "labels-earn-more",
            "and the policy earns more than DPO's",
            "good loses, power-dl reward",
            "good loses, dpo reward"),
        Claim.above(
            "the-many-are-learnt",
            "the many comparisons are in order all the same, in more than 90 % of cases",
            "good loses, power-dl in order",
            "90 %"),
        Claim.below(
            "protections-compete",
            "with labels that follow, η takes from the good response again",
            "good loses, power-dl and eta",
            "good loses, power-dl"));
  }

  @Override
  public Experiment smoke() {
    return new RareComparisons(eta, labelRate, 500);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    double third = 1.0 / 3;
    Case bad = new Case("bad wins", new double[] {third, third, third}, new double[] {1, 0.6, -1});
    List<Comparisons.Pair> data = new ArrayList<>(bad.compared(0, 1, 40, seeds.of("bad wins")));
    data.add(new Comparisons.Pair(0, 2, 0));
    arm(bad, "dpo", new Loss(DPO_BETA, 0, 1, true), data, 2, figures, curves);
    arm(bad, "power", new Loss(BETA, eta, 1, false), data, 2, figures, curves);
    arm(bad, "power-dl", new Loss(BETA, eta, labelRate, false), data, 2, figures, curves);

    Case good = new Case("good loses", new double[] {0.58, 0.21, 0.21}, new double[] {1, 0.5, 0});
    List<Comparisons.Pair> other = new ArrayList<>(good.compared(1, 2, 60, seeds.of("good loses")));
    other.add(new Comparisons.Pair(0, 1, 0));
    arm(good, "dpo", new Loss(DPO_BETA, 0, 1, true), other, 0, figures, curves);
    arm(good, "power", new Loss(BETA, 0, 1, false), other, 0, figures, curves);
    double[] end =
        arm(good, "power-dl", new Loss(BETA, 0, labelRate, false), other, 0, figures, curves);
    arm(
        good,
        "power-dl and eta",
        new Loss(BETA, 0.01, labelRate, false),
        other,
        0,
        figures,
        curves);
    // what the data says of the two, an even split being no order
    long first = other.stream().filter(p -> p.chosen() == 1 && p.rejected() == 2).count();
    boolean inOrder = 2 * first == 60 || (2 * first > 60) == (end[1] > end[2]);
    figures.put("good loses, power-dl in order", inOrder ? 1.0 : 0.0);
    for (int percent : new int[] {1, 15, 90, 95}) figures.put(percent + " %", percent / 100.0);
    return new Outcome(figures, curves);
  }

  private record Case(String name, double[] start, double[] rewards) {
    List<Comparisons.Pair> compared(int a, int b, int times, SplittableRandom random) {
      List<Comparisons.Pair> pairs = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        pairs.add(Comparisons.CLEAN.label(new double[][] {rewards}, 0, a, b, random));
      }
      return pairs;
    }
  }

  private double[] arm(
      Case world,
      String arm,
      Loss loss,
      List<Comparisons.Pair> data,
      int accident,
      Map<String, Double> figures,
      Map<String, List<Double>> curves) {
    double[] logits = Arrays.stream(world.start).map(Math::log).toArray();
    double[] reference = logits.clone();
    double[] labels = new double[data.size()];
    Arrays.fill(labels, 1);
    List<Double> curve = new ArrayList<>();
    for (int step = 0; step <= steps; step++) {
      if (step * POINTS % steps == 0) curve.add(Softmax.of(logits)[accident]);
      if (step == steps) break;
      double[] gradient = loss.gradient(logits, reference, data, labels);
      for (int y = 0; y < logits.length; y++) logits[y] -= gradient[y];
    }
    double[] policy = Softmax.of(logits);
    String name = world.name + ", " + arm;
    curves.put(name, curve);
    figures.put(name, policy[accident]);
    figures.put(name + " reward", Tilt.mean(policy, world.rewards));
    return policy;
  }

  /**
   * DPO's or POWER's mean cost over comparisons of a table's responses, by its gradient:
   *
   * <pre>{@code −mean [β · (l − σ(m)) · (e_chosen − e_rejected) + η · β · (e_chosen − policy)]}
   * </pre>
   *
   * @param labelRate 1 for labels that stay
   * @param reference whether m is counted from the reference, as DPO does
   */
  record Loss(double beta, double eta, double labelRate, boolean reference) {
    /** At these logits; labels are moved on. */
    double[] gradient(
        double[] logits, double[] start, List<Comparisons.Pair> data, double[] labels) {
      double[] policy = Softmax.of(logits);
      double[] gradient = new double[logits.length];
      double one = 1.0 / data.size();
      for (int i = 0; i < labels.length; i++) {
        int w = data.get(i).chosen();
        int l = data.get(i).rejected();
        double h = logits[w] - logits[l] - (reference ? start[w] - start[l] : 0);
        double sigma = 1 / (1 + Math.exp(-beta * h));
        double pull = one * beta * (labels[i] - sigma);
        gradient[w] -= pull;
        gradient[l] += pull;
        if (eta > 0) {
          gradient[w] -= one * eta * beta;
          for (int y = 0; y < policy.length; y++) gradient[y] += one * eta * beta * policy[y];
        }
        if (labelRate < 1) labels[i] = labelRate * labels[i] + (1 - labelRate) * sigma;
      }
      return gradient;
    }
  }
}
