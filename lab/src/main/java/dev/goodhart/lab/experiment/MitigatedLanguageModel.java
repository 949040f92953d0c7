package dev.goodhart.lab.experiment;

import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.experiment.HackedRuns.Arm;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.PreferenceAsReward;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Does a bounded reward hold a language model, as it holds exact policies? The runs are those of
 * {@link HackedLanguageModel}, under the same seeds.
 *
 * <p><b>Baseline.</b> The reward model's raw score, its advantages divided by the group's deviation
 * (GRPO). <b>Methods.</b> The same score as a preference over the reference's response (system 31),
 * first divided in the same way, then only centred, as its card asks: division blows the flat part
 * up again. The raw score only centred, so that the two changes are told apart. And the raw score
 * with a root-chi-squared regulariser of the weight of {@code tilt} (system 11).
 *
 * @param runs the model, the reward model, the length of a run
 * @param tilt coefficient of the regulariser, in the unit of the advantages
 */
public record MitigatedLanguageModel(HackedRuns runs, double tilt) implements Experiment {
  public static final MitigatedLanguageModel DEFAULT =
      new MitigatedLanguageModel(HackedRuns.DEFAULT, 0.05);

  @Override
  public int system() {
    return 31;
  }

  @Override
  public String name() {
    return "mitigated-language-model";
  }

  @Override
  public String title() {
    return "GRPO of a small transformer against raw scores, preferences as rewards, and a"
        + " chi-squared regulariser";
  }

  @Override
  public String tuning() {
    return "As in hacked-language-model; the parameters of the mitigations are the defaults of"
        + " their records and were chosen without a run.";
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
            "preference-over-raw",
            "preferences as rewards end with more gold than raw scores, both divided by the group's"
                + " deviation",
            "preference last",
            "raw last"),
        Claim.above(
            "preference-centred-over-raw-centred",
            "and both only centred",
            "preference centred last",
            "raw centred last"),
        Claim.above(
            "centred-over-divided",
            "preferences as rewards only centred end with more gold than divided",
            "preference centred last",
            "preference last"),
        Claim.above(
            "chi-squared-over-raw",
            "a chi-squared regulariser ends with more gold than none",
            "chi-squared last",
            "raw last"),
        Claim.equal(
            "preference-keeps-its-peak",
            "preferences as rewards, only centred, end where gold was highest",
            "preference centred last",
            "preference centred peak",
            0.3));
  }

  @Override
  public Experiment smoke() {
    return new MitigatedLanguageModel(HackedRuns.SMOKE, tilt);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Arm preference = Arm.SINGLE.with(new PreferenceAsReward(1, 1));
    HackedRuns.SequencedArms arms =
        new HackedRuns.SequencedArms()
            .and("raw", Arm.SINGLE)
            .and("raw centred", Arm.SINGLE.with("advantage: group-centred"))
            .and("preference", preference)
            .and("preference centred", preference.with("advantage: group-centred"))
            .and(
                "chi-squared",
                Arm.SINGLE.with(
                    "regularise: [ { chi-squared: { coefficient: %s } } ]".formatted(tilt)));
    return runs.of(arms, name(), seeds);
  }
}
