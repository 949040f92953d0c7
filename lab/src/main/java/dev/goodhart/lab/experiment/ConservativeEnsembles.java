package dev.goodhart.lab.experiment;

import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.ConservativeEnsemble.Objective;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import dev.goodhart.steer.BestOfNCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * System 7: does best-of-n against a conservative ensemble of reward models fall less far than
 * against a single one?
 *
 * <p><b>World.</b> A response is six attributes, drawn from N(0, 1); a few responses of the base
 * policy, and none of the training pairs, have all attributes three times as large. The gold reward
 * is linear in the attributes, less what the vector is longer than 3.5: {@code gold = (0.8, 0.6,
 * 0.5, 0, 0, 0).x - max(|x| - 3.5, 0)}. Pairs are labelled by Bradley–Terry with log-odds of twice
 * the gold gap; then a quarter of the labels is flipped.
 *
 * <p><b>Baseline.</b> Best-of-n by one small net, averaged over the members of the ensemble.
 * <b>Method.</b> Best-of-n by the mean, the minimum (WCO) and the mean less lambda times the
 * variance (UWO) of the same members, which saw the same pairs and differ in their start alone,
 * each brought to mean 0 and deviation 1 on base responses first.
 *
 * <p><b>Measure.</b> Expected gold of the chosen response for each n, by the unbiased estimator
 * over all subsets, averaged over prompts. An arm's own fall is measured without looking: half of
 * the prompts say at which n it peaks, the other half how far below that the largest n is, and the
 * other way round.
 *
 * @param members of the ensemble
 * @param lambda the weight of the variance in UWO
 * @param pairs for training
 * @param flips the share of labels turned round
 * @param rare the share of base responses that no pair covers
 * @param prompts over which the curves are averaged, at least 2
 * @param samples base responses a prompt
 */
public record ConservativeEnsembles(
    int members, double lambda, int pairs, double flips, double rare, int prompts, int samples)
    implements Experiment {
  public static final ConservativeEnsembles DEFAULT =
      new ConservativeEnsembles(5, 0.5, 300, 0.25, 0.03, 32, 4096);

  private static final double[] VALUES = {0.8, 0.6, 0.5, 0, 0, 0};
  private static final double TOO_LONG = 3.5;
  private static final double RARE_FACTOR = 3;
  private static final double SHARPNESS = 2;
  private static final double NO_FALL = 0.25;
  private static final int HIDDEN = 32;
  private static final int STEPS = 300;
  private static final double RATE = 0.01;

  @Override
  public int system() {
    return 7;
  }

  @Override
  public String name() {
    return "conservative-ensembles";
  }

  @Override
  public String title() {
    return "Best-of-n by a mean, worst-case or uncertainty-weighted ensemble against best-of-n by a"
        + " single reward model";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1020 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("n", Arrays.stream(ns()).mapToObj(n -> (double) n).toList());
  }

  @Override
  public List<Claim> claims() {
    String at = "at n = " + samples / 2;
    return List.of(
        Claim.above(
            "worst-case-over-single",
            "worst case earns more gold than a single model " + at,
            "wco last",
            "single last"),
        Claim.above(
            "uncertainty-weighted-over-single",
            "uncertainty weighted earns more gold than a single model " + at,
            "uwo last",
            "single last"),
        Claim.above(
            "mean-over-single",
            "the plain mean earns more gold than a single model " + at,
            "mean last",
            "single last"),
        Claim.above(
            "worst-case-over-mean",
            "worst case earns more gold than the plain mean " + at,
            "wco last",
            "mean last"),
        Claim.above(
            "uncertainty-weighted-over-mean",
            "uncertainty weighted earns more gold than the plain mean " + at,
            "uwo last",
            "mean last"),
        Claim.above(
            "single-overoptimises",
            "a single model's gold " + at + " is below its own peak",
            "single peak",
            "single end"),
        Claim.above(
            "mean-overoptimises",
            "the plain mean's gold " + at + " is below its own peak",
            "mean peak",
            "mean end"),
        Claim.below(
            "worst-case-falls-less",
            "worst case falls less far from its peak than a single model does",
            "wco fall",
            "single fall"),
        Claim.below(
            "uncertainty-weighted-falls-less",
            "uncertainty weighted falls less far from its peak than a single model does",
            "uwo fall",
            "single fall"),
        Claim.equal(
            "worst-case-removes-it",
            "worst case does not fall from its own peak at all (within 0.25)",
            "wco peak",
            "wco end",
            NO_FALL),
        Claim.equal(
            "uncertainty-weighted-removes-it",
            "uncertainty weighted does not fall from its own peak at all (within 0.25)",
            "uwo peak",
            "uwo end",
            NO_FALL));
  }

  @Override
  public Experiment smoke() {
    return new ConservativeEnsembles(members, lambda, pairs, flips, rare, 4, 512);
  }

  /** 1, 2, 4 ... up to half of the samples. */
  private int[] ns() {
    return IntStream.iterate(1, n -> n <= samples / 2, n -> 2 * n).toArray();
  }

  @Override
  public Outcome run(Seeds seeds) {
    List<ReluNet> nets = train(seeds);
    double[][] scale = scale(nets, seeds);

    // Curves by arm, one for each half of the prompts. The members stand apart: a single model is
    // any one of them.
    Map<String, double[][]> curves = new LinkedHashMap<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      SplittableRandom random = seeds.of("responses", prompt);
      double[][] scores = new double[members][samples];
      double[] gold = new double[samples];
      for (int i = 0; i < samples; i++) {
        double[] x = response(rare, random);
        gold[i] = gold(x);
        for (int k = 0; k < members; k++) {
          scores[k][i] = (nets.get(k).of(x) - scale[k][0]) / scale[k][1];
        }
      }
      for (int k = 0; k < members; k++) {
        add(curves, "member " + k, prompt % 2, BestOfNCurve.of(scores[k], gold, ns()));
      }
      for (Objective objective : List.of(Objective.MEAN, Objective.WCO, Objective.UWO)) {
        var ensemble = new ConservativeEnsemble(List.of("members"), objective, lambda);
        double[] proxy = new double[samples];
        for (int i = 0; i < samples; i++) {
          int at = i;
          proxy[i] =
              ensemble.score(IntStream.range(0, members).mapToDouble(k -> scores[k][at]).toArray());
        }
        add(
            curves,
            objective.name().toLowerCase(java.util.Locale.ROOT),
            prompt % 2,
            BestOfNCurve.of(proxy, gold, ns()));
      }
    }
    return outcome(curves);
  }

  /** The members: same pairs, different starts. */
  List<ReluNet> train(Seeds seeds) {
    SplittableRandom random = seeds.of("pairs");
    double[][] chosen = new double[pairs][];
    double[][] rejected = new double[pairs][];
    for (int p = 0; p < pairs; p++) {
      double[] a = response(0, random);
      double[] b = response(0, random);
      double logOdds = SHARPNESS * (gold(a) - gold(b));
      boolean first =
          random.nextDouble() < 1 / (1 + Math.exp(-logOdds)) != random.nextDouble() < flips;
      chosen[p] = first ? a : b;
      rejected[p] = first ? b : a;
    }
    List<ReluNet> nets = new ArrayList<>();
    for (int k = 0; k < members; k++) {
      var start = new ReluNet(VALUES.length, HIDDEN, seeds.of("start", k));
      nets.add(start.fit(chosen, rejected, STEPS, RATE));
    }
    return nets;
  }

  /** Mean and deviation of each member on base responses: {@code [members, 2]}. */
  double[][] scale(List<ReluNet> nets, Seeds seeds) {
    SplittableRandom random = seeds.of("scale");
    double[][] base = new double[samples][];
    Arrays.setAll(base, i -> response(rare, random));
    return nets.stream()
        .map(
            net -> {
              double[] rewards = Arrays.stream(base).mapToDouble(net::of).toArray();
              double mean = DoubleStream.of(rewards).sum() / rewards.length;
              double squares = DoubleStream.of(rewards).map(r -> (r - mean) * (r - mean)).sum();
              return new double[] {mean, Math.sqrt(squares / (rewards.length - 1))};
            })
        .toArray(double[][]::new);
  }

  /** A response of the base policy; with {@code rare} 0, one that a training pair may hold. */
  static double[] response(double rare, SplittableRandom random) {
    double factor = random.nextDouble() < rare ? RARE_FACTOR : 1;
    double[] x = new double[VALUES.length];
    Arrays.setAll(x, i -> factor * random.nextGaussian());
    return x;
  }

  static double gold(double[] x) {
    double value = 0;
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      value += VALUES[i] * x[i];
      squares += x[i] * x[i];
    }
    return value - Math.max(Math.sqrt(squares) - TOO_LONG, 0);
  }

  private void add(Map<String, double[][]> curves, String arm, int half, double[] curve) {
    double[] sum = curves.computeIfAbsent(arm, a -> new double[2][curve.length])[half];
    int prompts = (this.prompts + 1 - half) / 2;
    for (int i = 0; i < curve.length; i++) {
      sum[i] += curve[i] / prompts;
    }
  }

  private Outcome outcome(Map<String, double[][]> curves) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> drawn = new LinkedHashMap<>();
    for (String arm : List.of("single", "mean", "wco", "uwo")) {
      List<double[][]> of =
          curves.entrySet().stream()
              .filter(
                  e ->
                      arm.equals("single")
                          ? e.getKey().startsWith("member")
                          : e.getKey().equals(arm))
              .map(Map.Entry::getValue)
              .toList();
      double[] curve = new double[ns().length];
      double peak = 0;
      double end = 0;
      for (double[][] halves : of) {
        for (int half = 0; half < 2; half++) {
          double[] own = halves[half];
          for (int i = 0; i < own.length; i++) {
            curve[i] += own[i] / (2 * of.size());
          }
          peak += own[argmax(halves[1 - half])] / (2 * of.size());
          end += own[own.length - 1] / (2 * of.size());
        }
      }
      drawn.put(arm, DoubleStream.of(curve).boxed().toList());
      figures.put(arm + " last", curve[curve.length - 1]);
      figures.put(arm + " peak", peak);
      figures.put(arm + " end", end);
      figures.put(arm + " fall", peak - end);
    }
    return new Outcome(figures, drawn);
  }

  private static int argmax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
