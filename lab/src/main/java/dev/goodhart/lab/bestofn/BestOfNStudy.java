package dev.goodhart.lab.bestofn;

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
public record BestOfNStudy(
    Draws world, Signal single, Signal ensemble, int prompts, int samples, List<Integer> ns) {
  public static final String SINGLE = "single model";
  public static final String MEMBER = "average member of the ensemble";
  public static final String MEAN = "mean of the ensemble";
  public static final String WORST = "worst case of the ensemble";
  public static final String WEIGHTED = "uncertainty-weighted ensemble";
  public static final String GOLD = "gold reward itself";
  private static final List<String> ARMS = List.of(SINGLE, MEMBER, MEAN, WORST, WEIGHTED, GOLD);

  /** Prompts that set the scale have indices from here: other streams than the measured ones. */
  private static final long SCALE = 1_000_000;

  private static final int SCALE_PROMPTS = 32;
  private static final int SCALE_SAMPLES = 128;

  /** The curves of all arms, in the order in which a reader should meet them; gold is the last. */
  public List<HackingCurve> curves(Seeds seeds, Progress progress) {
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
    double[][] models = new double[scale.length][samples];
    double[][] taken = new double[3][samples];
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
      for (int k = 0; k < scores.length; k++) {
        models[k][i] = scores[k];
      }
      taken[0][i] = mean.score(members);
      taken[1][i] = worst.score(members);
      taken[2][i] = weighted.score(members);
    }
    double[][] member = new double[3][ns.size()];
    for (int k = 1; k < models.length; k++) {
      double[][] one = chosen(models[k], gold, words);
      for (int quantity = 0; quantity < member.length; quantity++) {
        for (int i = 0; i < ns.size(); i++) {
          member[quantity][i] += one[quantity][i] / (models.length - 1);
        }
      }
    }
    return new double[][][] {
      chosen(models[0], gold, words),
      member,
      chosen(taken[0], gold, words),
      chosen(taken[1], gold, words),
      chosen(taken[2], gold, words),
      chosen(gold, gold, words)
    };
  }

  /** Gold, words and proxy of what a proxy chooses: {@code [3][n]}. */
  private double[][] chosen(double[] proxy, double[] gold, double[] words) {
    int[] steps = ns.stream().mapToInt(Integer::intValue).toArray();
    return new double[][] {
      BestOfNCurve.of(proxy, gold, steps),
      BestOfNCurve.of(proxy, words, steps),
      BestOfNCurve.of(proxy, proxy, steps)
    };
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
