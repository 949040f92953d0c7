package dev.goodhart.lab.quickstart;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.ConservativeEnsemble.Objective;
import dev.goodhart.lab.style.StyleWorld.Draws;
import dev.goodhart.lab.style.StyleWorld.Question;
import dev.goodhart.lab.style.StyleWorld.Response;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Signal;
import dev.goodhart.steer.BestOfNCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Best-of-n on many prompts by a single reward model, by the members of an ensemble taken together
 * in three ways, and by gold itself, which is the best that could be done.
 *
 * <p>Every model is brought to mean 0 and deviation 1 on base responses first, to other prompts
 * than those that are measured: the minimum of unscaled members would always be the one with the
 * lowest offset. Each prompt's curve is the unbiased estimate over all subsets of its responses.
 *
 * @param world where prompts and responses come from
 * @param single a reward model
 * @param ensemble a model whose rewards have the members as parts
 * @param prompts how many are measured
 * @param samples base responses to each
 * @param ns ascending, the last at most {@code samples}
 */
record BestOfNStudy(
    Draws world, Signal single, Signal ensemble, int prompts, int samples, List<Integer> ns) {
  static final String SINGLE = "single model";
  static final String MEAN = "mean of the ensemble";
  static final String WORST = "worst case of the ensemble";
  static final String WEIGHTED = "uncertainty-weighted ensemble";
  static final String GOLD = "gold reward itself";
  private static final List<String> ARMS = List.of(SINGLE, MEAN, WORST, WEIGHTED, GOLD);

  /** Prompts that set the scale have indices from here: other streams than the measured ones. */
  private static final long SCALE = 1_000_000;

  private static final int SCALE_PROMPTS = 32;
  private static final int SCALE_SAMPLES = 128;

  /** The curves of all arms, in the order in which a reader should meet them; gold is the last. */
  List<HackingCurve> curves(Seeds seeds, Progress progress) {
    progress.start("best of n, responses", (long) prompts * samples);
    double[][] scale = scale(seeds);
    double[][][][] measured =
        IntStream.range(0, prompts)
            .parallel()
            .mapToObj(
                prompt -> {
                  double[][][] curves = prompt(prompt, scale, seeds);
                  progress.advance(samples);
                  return curves;
                })
            .toArray(double[][][][]::new);
    progress.done();
    int[] steps = ns.stream().mapToInt(Integer::intValue).toArray();
    List<HackingCurve> curves = new ArrayList<>();
    for (int arm = 0; arm < ARMS.size(); arm++) {
      curves.add(
          new HackingCurve(
              ARMS.get(arm),
              steps,
              each(measured, arm, 0),
              each(measured, arm, 1),
              each(measured, arm, 2)));
    }
    return curves;
  }

  private static double[][] each(double[][][][] measured, int arm, int quantity) {
    return Arrays.stream(measured).map(prompt -> prompt[arm][quantity]).toArray(double[][]::new);
  }

  /** Gold, words and proxy of what each arm chooses from n: {@code [arm][3][n]}. */
  private double[][][] prompt(int prompt, double[][] scale, Seeds seeds) {
    Question question = world.question(seeds, prompt);
    List<Response> responses = world.responses(question, samples, seeds, prompt);
    double[][] proxies = new double[ARMS.size()][samples];
    double[] gold = new double[samples];
    double[] words = new double[samples];
    var mean = new ConservativeEnsemble(List.of("members"), Objective.MEAN, 0);
    var worst = new ConservativeEnsemble(List.of("members"), Objective.WCO, 0);
    var weighted = new ConservativeEnsemble(List.of("members"), Objective.UWO, 0.5);
    for (int i = 0; i < samples; i++) {
      Response response = responses.get(i);
      double[] scores = scores(Sample.of(question.text(), response.text()));
      for (int k = 0; k < scores.length; k++) {
        scores[k] = (scores[k] - scale[k][0]) / scale[k][1];
      }
      double[] members = Arrays.copyOfRange(scores, 1, scores.length);
      gold[i] = response.gold();
      words[i] = response.attributes().words();
      proxies[0][i] = scores[0];
      proxies[1][i] = mean.score(members);
      proxies[2][i] = worst.score(members);
      proxies[3][i] = weighted.score(members);
      proxies[4][i] = gold[i];
    }
    int[] steps = ns.stream().mapToInt(Integer::intValue).toArray();
    double[][][] curves = new double[ARMS.size()][][];
    for (int arm = 0; arm < ARMS.size(); arm++) {
      double[] proxy = proxies[arm];
      curves[arm] =
          new double[][] {
            BestOfNCurve.of(proxy, gold, steps),
            BestOfNCurve.of(proxy, words, steps),
            BestOfNCurve.of(proxy, proxy, steps)
          };
    }
    return curves;
  }

  /** Mean and deviation of the single model and of each member: {@code [1 + members][2]}. */
  private double[][] scale(Seeds seeds) {
    double[][] scores =
        IntStream.range(0, SCALE_PROMPTS)
            .parallel()
            .boxed()
            .flatMap(
                p -> {
                  Question question = world.question(seeds, SCALE + p);
                  return world.responses(question, SCALE_SAMPLES, seeds, SCALE + p).stream()
                      .map(r -> scores(Sample.of(question.text(), r.text())));
                })
            .toArray(double[][]::new);
    double[][] scale = new double[scores[0].length][];
    for (int k = 0; k < scale.length; k++) {
      int model = k;
      double mean = Arrays.stream(scores).mapToDouble(s -> s[model]).sum() / scores.length;
      double squares =
          Arrays.stream(scores).mapToDouble(s -> (s[model] - mean) * (s[model] - mean)).sum();
      double deviation = Math.sqrt(squares / (scores.length - 1));
      scale[k] = new double[] {mean, deviation > 0 ? deviation : 1};
    }
    return scale;
  }

  /** The single model's reward, then the members'. */
  private double[] scores(Sample sample) {
    List<Reward> members = List.copyOf(scored(ensemble.of(sample)).parts().values());
    double[] scores = new double[1 + members.size()];
    scores[0] = scored(single.of(sample)).value();
    for (int k = 0; k < members.size(); k++) {
      scores[1 + k] = scored(members.get(k)).value();
    }
    return scores;
  }

  private static Scored scored(Reward reward) {
    if (reward instanceof Scored scored) {
      return scored;
    }
    throw new IllegalStateException("a response of the style world is unscored: " + reward);
  }
}
