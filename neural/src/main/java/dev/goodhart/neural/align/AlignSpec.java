package dev.goodhart.neural.align;

import dev.goodhart.Default;
import dev.goodhart.advantage.Credit;
import dev.goodhart.explore.Explore;
import dev.goodhart.objective.PolicyObjective;
import dev.goodhart.objective.Regulariser;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Specs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run, in one file: what a policy starts from, where its prompts come from, what it is rewarded
 * for, and how it learns.
 *
 * <pre>{@code
 * model:     { tiny: {} }
 * world:     { arith: {} }
 * reward:    reward.yaml
 * algorithm: grpo
 * roll-out:  { prompts: 16, responses: 8, max-tokens: 24 }
 * update:    { rate: 1e-3 }
 * steps:     200
 * }</pre>
 *
 * @param model what the policy starts from
 * @param world where prompts come from
 * @param reward a reward spec's file, or the spec itself; its monitors watch the run
 * @param algorithm the composition of credit, objective and aggregation that is meant where the
 *     next three are left out
 * @param advantage how rewards become advantages
 * @param objective how the policy learns from these
 * @param aggregate how tokens are averaged
 * @param regularise what is added to the objective
 * @param klInReward a charge on leaving the reference, taken off the reward
 * @param teacher whose distributions the policy is to come near, beside the reward or in its place
 * @param rollOut how much is drawn in a step
 * @param explore how many responses each prompt gets
 * @param update how the weights follow
 * @param critic of a method that has one
 * @param start fine-tuning before the run
 * @param evaluate what is measured on held-out prompts
 * @param stop when the run ends early
 * @param keep what is written
 * @param steps of the run, at least 1
 * @param seed of everything random
 */
public record AlignSpec(
    BaseModel model,
    World world,
    RewardSpec reward,
    @Default("grpo") Algorithm algorithm,
    Optional<Credit> advantage,
    Optional<PolicyObjective> objective,
    Optional<Aggregation> aggregate,
    @Default("[]") List<Regulariser> regularise,
    Optional<KlInReward> klInReward,
    Optional<Teacher> teacher,
    @Default("{}") RollOut rollOut,
    @Default("uniform-groups") Explore explore,
    @Default("{}") Update update,
    @Default("{}") CriticSpec critic,
    Optional<WarmStart> start,
    @Default("{}") Evaluation evaluate,
    @Default("{}") Stop stop,
    @Default("{}") Keep keep,
    @Default("200") int steps,
    @Default("1") long seed) {
  public AlignSpec {
    regularise = List.copyOf(regularise);
    Check.atLeast("steps", 1, steps);
  }

  /**
   * @throws dev.goodhart.spec.SpecException naming file, line, key and what was expected
   */
  public static AlignSpec read(Path file) {
    return Specs.read(file, AlignSpec.class);
  }

  Credit credit() {
    return advantage.orElseGet(algorithm::credit);
  }

  PolicyObjective policyObjective() {
    return objective.orElseGet(algorithm::objective);
  }

  Aggregation aggregation() {
    return aggregate.orElseGet(algorithm::aggregation);
  }

  /** Whether the policy learns from the reward, and not from a teacher alone. */
  boolean rewarded() {
    return teacher.isEmpty() || teacher.get().share() < 1;
  }

  /** The same with another seed or another number of steps. */
  public AlignSpec with(int otherSteps, long otherSeed) {
    return with(reward, otherSteps, otherSeed);
  }

  /** The same against another reward. */
  public AlignSpec with(RewardSpec other) {
    return with(other, steps, seed);
  }

  private AlignSpec with(RewardSpec otherReward, int otherSteps, long otherSeed) {
    return new AlignSpec(
        model,
        world,
        otherReward,
        algorithm,
        advantage,
        objective,
        aggregate,
        regularise,
        klInReward,
        teacher,
        rollOut,
        explore,
        update,
        critic,
        start,
        evaluate,
        stop,
        keep,
        otherSteps,
        otherSeed);
  }
}
