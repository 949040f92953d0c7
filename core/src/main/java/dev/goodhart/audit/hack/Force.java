package dev.goodhart.audit.hack;

import java.util.List;

/** What drives reward and truth apart. Each has its own remedies; those of another do little. */
public enum Force {
  /** The evaluator sees less than what matters: many responses look alike to it. */
  COMPRESSION(
      List.of(
          "reward parts separately and combine them (weighted, gated, product)",
          "credit by step or token instead of one figure a response",
          "add a signal that sees what this one does not")),
  /** Search finds whatever the evaluator overrates: more steps, a smaller beta, a larger n. */
  AMPLIFICATION(
      List.of(
          "stop at the peak of held-out gold (over-optimisation-law)",
          "raise beta, or lower n",
          "bound the reward (preference-as-reward, log-sigmoid-centred)",
          "score by an ensemble, cautiously (conservative-ensemble)")),
  /** Policy and evaluator are made from each other's output and share their blind spots. */
  CO_ADAPTATION(
      List.of(
          "label with a different view each time and average all of them",
          "keep a gold set that no evaluator was fitted on (audited-sample)",
          "do not merely replace the evaluator: that trades one blind spot for another"));

  @SuppressWarnings("ImmutableEnumChecker") // a List.of
  private final List<String> remedies;

  Force(List<String> remedies) {
    this.remedies = remedies;
  }

  /** What is done about it, cheapest first. */
  public List<String> remedies() {
    return remedies;
  }
}
