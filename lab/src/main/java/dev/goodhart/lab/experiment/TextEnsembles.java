package dev.goodhart.lab.experiment;

import dev.goodhart.Preference;
import dev.goodhart.data.Example;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bestofn.BestOfNStudy;
import dev.goodhart.lab.bestofn.HackingCurve;
import dev.goodhart.lab.bestofn.HackingCurve.Mean;
import dev.goodhart.lab.style.StyleWorld;
import dev.goodhart.lab.style.StyleWorld.Draws;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.fit.FittedReward;
import dev.goodhart.signal.hashed.HashedBradleyTerry;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * System 7 on text: what conservative ensembles save where all members share their annotators'
 * length bias.
 *
 * <p><b>World.</b> {@link StyleWorld}: its annotators like long answers, a quarter of the labels is
 * flipped, and pairs and best-of-n samples come from the same policy. A new draw of pairs for each
 * seed.
 *
 * <p><b>Baselines.</b> A hashed Bradley–Terry model fitted to all pairs, and an average member of
 * the ensemble. <b>Method.</b> The mean, the worst case and the uncertainty-weighted sum of an
 * ensemble of such models, each fitted to a bootstrap of the prompts.
 *
 * <p><b>Measure.</b> Expected gold of the response chosen from n, averaged over prompts; the fall
 * from the peak judges each prompt at the n at which the others peak. This is {@code goodhart
 * quickstart} over several draws of the pairs: one draw alone says little, since a model's luck
 * with its pairs is larger than its error over prompts.
 *
 * @param pairs for training
 * @param members of the ensemble
 * @param prompts over which the curves are averaged
 * @param samples base responses a prompt
 */
public record TextEnsembles(int pairs, int members, int prompts, int samples)
    implements Experiment {
  public static final TextEnsembles DEFAULT = new TextEnsembles(4000, 5, 24, 4096);

  private static final Map<String, String> ARMS = arms();

  private static Map<String, String> arms() {
    Map<String, String> arms = new LinkedHashMap<>();
    arms.put(BestOfNStudy.SINGLE, "single");
    arms.put(BestOfNStudy.MEMBER, "member");
    arms.put(BestOfNStudy.MEAN, "mean");
    arms.put(BestOfNStudy.WORST, "wco");
    arms.put(BestOfNStudy.WEIGHTED, "uwo");
    arms.put(BestOfNStudy.GOLD, "gold");
    return arms;
  }

  @Override
  public int system() {
    return 7;
  }

  @Override
  public String name() {
    return "text-ensembles";
  }

  @Override
  public String title() {
    return "Best-of-n against hashed reward models of the style world, whose annotators share a"
        + " length bias";
  }

  @Override
  public String tuning() {
    return "The world's defaults were chosen with seed 9001; seeds 9001 to 9010 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("n", ns().stream().map(Integer::doubleValue).toList());
  }

  private List<Integer> ns() {
    return List.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024).stream()
        .filter(n -> n <= samples / 4)
        .toList();
  }

  @Override
  public List<Claim> claims() {
    String at = " at n = " + ns().getLast();
    return List.of(
        Claim.above(
            "single-overoptimises",
            "a single model's gold" + at + " is below its own peak",
            "single fall",
            "zero"),
        Claim.above(
            "worst-case-over-member",
            "worst case earns more gold than an average member" + at,
            "wco last",
            "member last"),
        Claim.above(
            "uncertainty-weighted-over-member",
            "uncertainty weighted earns more gold than an average member" + at,
            "uwo last",
            "member last"),
        Claim.above(
            "mean-over-member",
            "the plain mean earns more gold than an average member" + at,
            "mean last",
            "member last"),
        Claim.above(
            "worst-case-over-single",
            "worst case earns more gold than a model fitted to all pairs" + at,
            "wco last",
            "single last"),
        Claim.above(
            "uncertainty-weighted-over-single",
            "uncertainty weighted earns more gold than a model fitted to all pairs" + at,
            "uwo last",
            "single last"),
        Claim.above(
            "mean-over-single",
            "the plain mean earns more gold than a model fitted to all pairs" + at,
            "mean last",
            "single last"),
        Claim.above(
            "worst-case-over-mean",
            "worst case earns more gold than the plain mean" + at,
            "wco last",
            "mean last"),
        Claim.equal(
            "worst-case-removes-it",
            "worst case does not fall from its own peak (within 0.1)",
            "wco fall",
            "zero",
            0.1),
        Claim.equal(
            "uncertainty-weighted-removes-it",
            "uncertainty weighted does not fall from its own peak (within 0.1)",
            "uwo fall",
            "zero",
            0.1));
  }

  @Override
  public Experiment smoke() {
    return new TextEnsembles(400, 3, 3, 256);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Draws world = StyleWorld.DEFAULT.open();
    List<Preference> data = world.pairs(pairs, seeds);
    List<HackingCurve> curves =
        new BestOfNStudy(
                world, fit(1, data, seeds), fit(members, data, seeds), prompts, samples, ns())
            .curves(seeds, Progress.NONE);
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> drawn = new LinkedHashMap<>();
    figures.put("zero", 0.0);
    for (HackingCurve curve : curves) {
      String arm = ARMS.get(curve.name());
      List<Double> means = Arrays.stream(curve.means()).map(Mean::value).toList();
      drawn.put(arm, means);
      figures.put(arm + " last", means.getLast());
      figures.put(arm + " fall", curve.fall().value());
    }
    return new Outcome(figures, drawn);
  }

  private static FittedReward fit(int members, List<Preference> data, Seeds seeds) {
    return HashedBradleyTerry.DEFAULT
        .withEnsemble(members)
        .withHoldout(0)
        .fit(data.stream().map(Example.Pair::new).toList(), seeds.seed(), Progress.NONE)
        .model();
  }
}
