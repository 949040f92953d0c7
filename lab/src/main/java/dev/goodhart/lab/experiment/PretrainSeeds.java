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
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * System 3: do reward models that differ in their pretraining make a better ensemble than models
 * that differ in their fine-tuning alone, and what do they still do together?
 *
 * <p><b>World.</b> A response has five latent values: two qualities, length, format, which in all
 * training data goes with the first quality (correlation 0.6), and noise. A model sees them through
 * twenty cues, four noisy copies of each. Gold is {@code 0.8 q_1 + 0.6 q_2 - 0.3 max(length - 1,
 * 0)}; annotators like length: they prefer by twice the gap in {@code gold + 0.5 length}, and a
 * share of their labels is turned.
 *
 * <p><b>Models.</b> Pretraining is a layer of random rectified units on a random half of the cues,
 * brought to mean 0 and deviation 1 on unlabelled responses; fine-tuning is a linear head on it,
 * fitted to a bootstrap of the pairs from a start of its own. A {@code finetune} ensemble shares
 * one pretraining, in a {@code pretrain} ensemble each member has its own. Scores are brought to
 * mean 0 and deviation 1 on base responses.
 *
 * <p><b>Measure.</b> Expected gold, length and format of the best of n by the ensemble's aggregate;
 * and the members' rank correlation with each other on base responses and on the chosen ones. The
 * format's drift is measured where it no longer goes with quality.
 *
 * @param members of an ensemble
 * @param pairs for training
 * @param flips the share of labels turned round
 * @param prompts over which best-of-n is averaged
 * @param samples base responses a prompt
 */
public record PretrainSeeds(int members, int pairs, double flips, int prompts, int samples)
    implements Experiment {
  public static final PretrainSeeds DEFAULT = new PretrainSeeds(5, 400, 0.15, 16, 1024);

  private static final int LATENTS = 5;
  private static final int LENGTH = 2;
  private static final int FORMAT = 3;
  private static final int CUES = 20;
  private static final int UNITS = 32;
  private static final int UNLABELLED = 1000;
  private static final int N = 64;
  private static final int[] NS = {1, 4, 16, 64, 256};
  private static final Map<String, Objective> AGGREGATES = aggregates();

  private static Map<String, Objective> aggregates() {
    Map<String, Objective> aggregates = new LinkedHashMap<>();
    aggregates.put("mean", Objective.MEAN);
    aggregates.put("median", Objective.MEDIAN);
    aggregates.put("minimum", Objective.WCO);
    aggregates.put("mean - std", Objective.MEAN_MINUS_STD);
    return aggregates;
  }

  @Override
  public int system() {
    return 3;
  }

  @Override
  public String name() {
    return "pretrain-seeds";
  }

  @Override
  public String title() {
    return "Best-of-n by ensembles whose members differ in pretraining against members that differ"
        + " in fine-tuning alone";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1010 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("n", Arrays.stream(ns()).mapToObj(n -> (double) n).toList());
  }

  private int[] ns() {
    return Arrays.stream(NS).filter(n -> n <= samples / 4).toArray();
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    claims.add(
        Claim.above(
            "pretrain-over-finetune",
            "the mean of pretrain seeds earns more gold than that of fine-tune seeds at n = 64",
            "pretrain mean gold",
            "finetune mean gold"));
    claims.add(
        Claim.above(
            "finetune-over-single",
            "the mean of fine-tune seeds earns more gold than a single model",
            "finetune mean gold",
            "single gold"));
    for (String aggregate : List.of("median", "minimum", "mean - std")) {
      claims.add(
          Claim.above(
              "pretrain-over-finetune-by-" + aggregate.replace(" - ", "-minus-"),
              "pretrain seeds earn more than fine-tune seeds by their " + aggregate + " as well",
              "pretrain " + aggregate + " gold",
              "finetune " + aggregate + " gold"));
    }
    claims.add(
        Claim.above(
            "not-eliminated",
            "what pretrain seeds choose is longer than what gold would choose",
            "pretrain mean length",
            "gold length"));
    claims.add(
        Claim.above(
            "shared-bias-is-averaged-in",
            "and longer than what a single model chooses: the annotators' bias is averaged in",
            "pretrain mean length",
            "single length"));
    claims.add(
        Claim.below(
            "pretrain-members-disagree-more",
            "members with pretrain seeds agree less on base responses than fine-tune seeds do",
            "pretrain agreement",
            "finetune agreement"));
    claims.add(
        Claim.below(
            "also-on-what-they-choose",
            "and less on the responses that each ensemble prefers",
            "pretrain agreement chosen",
            "finetune agreement chosen"));
    claims.add(
        Claim.above(
            "format-drifts",
            "where format says nothing of quality, pretrain seeds choose it more than gold does",
            "pretrain mean format",
            "gold format"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new PretrainSeeds(3, 100, flips, 2, 256);
  }

  @Override
  public Outcome run(Seeds seeds) {
    double[][] chosen = new double[pairs][];
    double[][] rejected = new double[pairs][];
    SplittableRandom random = seeds.of("pairs");
    for (int p = 0; p < pairs; p++) {
      double[] a = latents(true, random);
      double[] b = latents(true, random);
      double gap = annotator(a) - annotator(b);
      boolean first = random.nextDouble() < 1 / (1 + Math.exp(-2 * gap));
      first ^= random.nextDouble() < flips;
      double[] cuesA = cues(a, random);
      double[] cuesB = cues(b, random);
      chosen[p] = first ? cuesA : cuesB;
      rejected[p] = first ? cuesB : cuesA;
    }
    double[][] unlabelled = new double[UNLABELLED][];
    SplittableRandom unseen = seeds.of("unlabelled");
    Arrays.setAll(unlabelled, i -> cues(latents(true, unseen), unseen));
    List<Model> finetune = new ArrayList<>();
    List<Model> pretrain = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      Pretraining shared = new Pretraining(seeds.of("pretraining", 0), unlabelled);
      Pretraining own = new Pretraining(seeds.of("pretraining", m), unlabelled);
      finetune.add(model(shared, chosen, rejected, unlabelled, seeds.of("fine-tuning", m)));
      pretrain.add(model(own, chosen, rejected, unlabelled, seeds.of("fine-tuning", m)));
    }

    Map<String, double[][]> sums = new LinkedHashMap<>();
    double[] agreement = new double[4];
    for (int prompt = 0; prompt < prompts; prompt++) {
      for (boolean coupled : new boolean[] {true, false}) {
        SplittableRandom draws = seeds.of(coupled ? "responses" : "decoupled", prompt);
        double[][] latents = new double[samples][];
        double[][] cues = new double[samples][];
        for (int i = 0; i < samples; i++) {
          latents[i] = latents(coupled, draws);
          cues[i] = cues(latents[i], draws);
        }
        double[] gold = Arrays.stream(latents).mapToDouble(PretrainSeeds::gold).toArray();
        Map<String, List<double[]>> proxies = new LinkedHashMap<>();
        double[][] byPretrain = scores(pretrain, cues);
        double[][] byFinetune = scores(finetune, cues);
        proxies.put("single", List.of(byPretrain));
        for (var aggregate : AGGREGATES.entrySet()) {
          proxies.put(
              "finetune " + aggregate.getKey(),
              List.of(combined(aggregate.getValue(), byFinetune)));
          proxies.put(
              "pretrain " + aggregate.getKey(),
              List.of(combined(aggregate.getValue(), byPretrain)));
        }
        proxies.put("gold", List.of(gold));
        proxies.forEach(
            (arm, scores) -> {
              for (double[] proxy : scores) {
                double weight = 1.0 / scores.size() / prompts;
                if (coupled) {
                  add(sums, arm + " gold", proxy, gold, weight);
                  add(sums, arm + " length", proxy, column(latents, LENGTH), weight);
                } else {
                  add(sums, arm + " format", proxy, column(latents, FORMAT), weight);
                }
              }
            });
        if (coupled) {
          agreement[0] += agreement(byPretrain, all(samples)) / prompts;
          agreement[1] += agreement(byFinetune, all(samples)) / prompts;
          agreement[2] += chosenAgreement(byPretrain) / prompts;
          agreement[3] += chosenAgreement(byFinetune) / prompts;
        }
      }
    }
    return outcome(sums, agreement);
  }

  private Outcome outcome(Map<String, double[][]> sums, double[] agreement) {
    int at = Math.min(ns().length - 1, Arrays.binarySearch(NS, N));
    Map<String, Double> figures = new LinkedHashMap<>();
    sums.forEach((figure, curve) -> figures.put(figure, curve[0][at]));
    figures.put("pretrain agreement", agreement[0]);
    figures.put("finetune agreement", agreement[1]);
    figures.put("pretrain agreement chosen", agreement[2]);
    figures.put("finetune agreement chosen", agreement[3]);
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    sums.forEach(
        (figure, curve) -> {
          if (figure.endsWith(" gold")) {
            curves.put(figure.replace(" gold", ""), DoubleStream.of(curve[0]).boxed().toList());
          }
        });
    curves.put(
        "pretrain length",
        DoubleStream.of(Objects.requireNonNull(sums.get("pretrain mean length"))[0])
            .boxed()
            .toList());
    curves.put(
        "gold length",
        DoubleStream.of(Objects.requireNonNull(sums.get("gold length"))[0]).boxed().toList());
    return new Outcome(figures, curves);
  }

  /** What best-of-n by a proxy gets of a value, for each n, added to what other prompts gave. */
  private void add(
      Map<String, double[][]> sums, String figure, double[] proxy, double[] value, double weight) {
    double[] curve = BestOfNCurve.of(proxy, value, ns());
    double[] sum = sums.computeIfAbsent(figure, f -> new double[1][curve.length])[0];
    for (int i = 0; i < curve.length; i++) {
      sum[i] += weight * curve[i];
    }
  }

  private static double[] combined(Objective objective, double[][] scores) {
    var ensemble = new ConservativeEnsemble(List.of("members"), objective, 1);
    double[] combined = new double[scores[0].length];
    Arrays.setAll(
        combined, i -> ensemble.score(Arrays.stream(scores).mapToDouble(s -> s[i]).toArray()));
    return combined;
  }

  /** The members' rank correlation with each other, averaged over the pairs of members. */
  private static double agreement(double[][] scores, int[] among) {
    double sum = 0;
    int count = 0;
    for (int a = 0; a < scores.length; a++) {
      for (int b = 0; b < a; b++) {
        sum += new SpearmansCorrelation().correlation(of(scores[a], among), of(scores[b], among));
        count++;
      }
    }
    return sum / count;
  }

  /** On the responses that the members' mean prefers: as many as best-of-n would choose. */
  private double chosenAgreement(double[][] scores) {
    double[] mean = combined(Objective.MEAN, scores);
    int[] best =
        IntStream.range(0, samples)
            .boxed()
            .sorted((i, j) -> Double.compare(mean[j], mean[i]))
            .mapToInt(Integer::intValue)
            .limit(Math.max(8, samples / N))
            .toArray();
    return agreement(scores, best);
  }

  private static double[] of(double[] values, int[] among) {
    return Arrays.stream(among).mapToDouble(i -> values[i]).toArray();
  }

  private static int[] all(int n) {
    return IntStream.range(0, n).toArray();
  }

  private static double[] column(double[][] rows, int column) {
    return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
  }

  private static double[][] scores(List<Model> models, double[][] cues) {
    return models.stream()
        .map(model -> Arrays.stream(cues).mapToDouble(model::of).toArray())
        .toArray(double[][]::new);
  }

  private static double[] latents(boolean coupled, SplittableRandom random) {
    double[] z = new double[LATENTS];
    Arrays.setAll(z, i -> random.nextGaussian());
    if (coupled) {
      z[FORMAT] = 0.6 * z[0] + 0.8 * z[FORMAT];
    }
    return z;
  }

  private static double[] cues(double[] latents, SplittableRandom random) {
    double[] cues = new double[CUES];
    Arrays.setAll(cues, c -> latents[c % LATENTS] + 0.7 * random.nextGaussian());
    return cues;
  }

  static double gold(double[] z) {
    return 0.8 * z[0] + 0.6 * z[1] - 0.3 * Math.max(z[LENGTH] - 1, 0);
  }

  private static double annotator(double[] z) {
    return gold(z) + 0.5 * z[LENGTH];
  }

  /** A layer of random rectified units on a random half of the cues, standardised. */
  private static final class Pretraining {
    private final int[] seen;
    private final double[][] weights = new double[UNITS][];
    private final double[] biases = new double[UNITS];
    private final double[] means = new double[UNITS];
    private final double[] deviations = new double[UNITS];

    private Pretraining(SplittableRandom random, double[][] unlabelled) {
      int[] order = all(CUES);
      for (int i = CUES - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
      seen = Arrays.copyOf(order, CUES / 2);
      for (int u = 0; u < UNITS; u++) {
        weights[u] = new double[seen.length];
        Arrays.setAll(weights[u], i -> random.nextGaussian() / Math.sqrt(seen.length));
        biases[u] = random.nextGaussian() / 2;
      }
      Arrays.fill(deviations, 1);
      double[] sums = new double[UNITS];
      double[] squares = new double[UNITS];
      for (double[] cues : unlabelled) {
        double[] units = of(cues);
        for (int u = 0; u < UNITS; u++) {
          sums[u] += units[u];
          squares[u] += units[u] * units[u];
        }
      }
      for (int u = 0; u < UNITS; u++) {
        means[u] = sums[u] / unlabelled.length;
        double variance = squares[u] / unlabelled.length - means[u] * means[u];
        deviations[u] = Math.sqrt(Math.max(variance, 1e-6));
      }
    }

    private double[] of(double[] cues) {
      double[] units = new double[UNITS];
      for (int u = 0; u < UNITS; u++) {
        double sum = biases[u];
        for (int i = 0; i < seen.length; i++) {
          sum += weights[u][i] * cues[seen[i]];
        }
        units[u] = (Math.max(0, sum) - means[u]) / deviations[u];
      }
      return units;
    }
  }

  private record Model(Pretraining features, LinearReward head, double mean, double deviation) {
    private double of(double[] cues) {
      return (head.of(features.of(cues)) - mean) / deviation;
    }
  }

  private static Model model(
      Pretraining features,
      double[][] chosen,
      double[][] rejected,
      double[][] unlabelled,
      SplittableRandom random) {
    double[] start = new double[UNITS];
    Arrays.setAll(start, i -> 0.1 * random.nextGaussian());
    double[][] differences = new double[chosen.length][];
    for (int p = 0; p < differences.length; p++) {
      int drawn = random.nextInt(chosen.length);
      double[] above = features.of(chosen[drawn]);
      double[] below = features.of(rejected[drawn]);
      differences[p] = new double[UNITS];
      Arrays.setAll(differences[p], i -> above[i] - below[i]);
    }
    LinearReward head = LinearReward.fit(differences, start, 1);
    double[] scores =
        Arrays.stream(unlabelled).mapToDouble(cues -> head.of(features.of(cues))).toArray();
    double mean = Arrays.stream(scores).sum() / scores.length;
    double squares = Arrays.stream(scores).map(s -> (s - mean) * (s - mean)).sum();
    return new Model(features, head, mean, Math.sqrt(squares / scores.length));
  }
}
