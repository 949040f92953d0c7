package dev.goodhart.lab.experiment;

import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.experiment.HackedRuns.Arm;
import dev.goodhart.run.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Over-optimisation by a language model: a small transformer, fine-tuned on the base responses of
 * the style world, is optimised by GRPO against a reward model that was fitted to pairs of
 * annotators who like long answers and err.
 *
 * <p><b>Baseline.</b> The first model of an ensemble, as it is. <b>Methods.</b> The ensemble's mean
 * and worst case, and a charge on leaving the reference, all from the same reference policy, with
 * the same prompts.
 *
 * <p><b>Measure.</b> Gold of the responses drawn, averaged over tenths of the run. A run's peak is
 * its best tenth but the last.
 *
 * @param runs the model, the reward model, the length of a run
 * @param charge on a nat of distance, in the unit of the reward
 */
public record HackedLanguageModel(HackedRuns runs, double charge) implements Experiment {
  public static final HackedLanguageModel DEFAULT =
      new HackedLanguageModel(HackedRuns.DEFAULT, 0.1);

  @Override
  public int system() {
    return 7;
  }

  @Override
  public String name() {
    return "hacked-language-model";
  }

  @Override
  public String title() {
    return "GRPO of a small transformer against a single reward model, an ensemble and a charge on"
        + " distance";
  }

  @Override
  public String tuning() {
    return "The learning rate was chosen by one run of 200 steps against a model of 10,000 other"
        + " pairs, without any of the mitigations; their parameters are the defaults of their"
        + " records, the charge a guess.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "step",
        IntStream.rangeClosed(1, HackedRuns.TENTHS)
            .mapToObj(i -> (double) i * runs.steps() / HackedRuns.TENTHS)
            .toList());
  }

  @Override
  public int seeds() {
    return 5;
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "gold-rises", "against a single model gold rises at first", "single peak", "start"),
        Claim.below("gold-falls", "and ends below its peak", "single last", "single peak"),
        Claim.above(
            "proxy-goes-on-rising",
            "while the reward ends above what it was at gold's peak",
            "single reward",
            "single reward at peak"),
        Claim.above(
            "mean-over-single", "the mean of an ensemble ends with more gold than a single model",
            "mean last", "single last"),
        Claim.above(
            "worst-case-over-single",
            "its worst case ends with more gold than a single model",
            "wco last",
            "single last"),
        Claim.above(
            "worst-case-over-mean",
            "its worst case ends with more gold than its mean",
            "wco last",
            "mean last"),
        Claim.above(
            "charge-over-single",
            "a charge on distance ends with more gold than none",
            "charge last",
            "single last"),
        Claim.below(
            "worst-case-falls-too",
            "the worst case ends below its own peak, too",
            "wco last",
            "wco peak"),
        Claim.below(
            "charge-falls-too",
            "with the charge gold ends below its own peak, too",
            "charge last",
            "charge peak"));
  }

  @Override
  public Experiment smoke() {
    return new HackedLanguageModel(HackedRuns.SMOKE, charge);
  }

  @Override
  public Outcome run(Seeds seeds) {
    var worst =
        new ConservativeEnsemble(List.of("helpful"), ConservativeEnsemble.Objective.WCO, 0.5);
    HackedRuns.SequencedArms arms =
        new HackedRuns.SequencedArms()
            .and("single", Arm.SINGLE)
            .and("mean", new Arm(runs.members(), List.of(), Optional.empty(), ""))
            .and("wco", new Arm(runs.members(), List.of(), Optional.of(worst), ""))
            .and("charge", Arm.SINGLE.with("kl-in-reward: { weight: " + charge + " }"));
    return runs.of(arms, name(), seeds);
  }
}
