package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.sub;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of responses as a policy sees them: what a {@link PreferenceObjective} computes with. All
 * log-probabilities are of whole responses given their prompts, summed over their tokens, in nats.
 *
 * @param chosen under the policy that is trained, with gradient, {@code [batch]}
 * @param rejected the same of the rejected responses
 * @param referenceChosen under the reference, {@code [batch]}; null where nothing asks for it
 * @param referenceRejected the same of the rejected ones
 * @param chosenLengths in tokens, those counted in the sums, {@code [batch]}
 * @param rejectedLengths the same of the rejected ones
 */
public record PreferenceBatch(
    Tensor chosen,
    Tensor rejected,
    @Nullable Tensor referenceChosen,
    @Nullable Tensor referenceRejected,
    Tensor chosenLengths,
    Tensor rejectedLengths) {
  public PreferenceBatch {
    Expect.sameShape("rejected", rejected, "chosen", chosen);
    Expect.sameShape("chosenLengths", chosenLengths, "chosen", chosen);
    Expect.sameShape("rejectedLengths", rejectedLengths, "chosen", chosen);
    if ((referenceChosen == null) != (referenceRejected == null)) {
      throw new IllegalArgumentException("the reference must know both responses or none");
    }
    if (referenceChosen != null && referenceRejected != null) {
      Expect.sameShape("referenceChosen", referenceChosen, "chosen", chosen);
      Expect.sameShape("referenceRejected", referenceRejected, "chosen", chosen);
    }
  }

  /** log policy/reference of the chosen response, {@code [batch]}. */
  public Tensor chosenRatio() {
    return sub(chosen, known(referenceChosen));
  }

  /** log policy/reference of the rejected response, {@code [batch]}. */
  public Tensor rejectedRatio() {
    return sub(rejected, known(referenceRejected));
  }

  private static Tensor known(@Nullable Tensor reference) {
    if (reference == null) throw new IllegalStateException("no reference was asked for");
    return reference;
  }

  /** By how much the policy has moved the chosen response ahead, {@code [batch]}. */
  public Tensor margin() {
    return sub(chosenRatio(), rejectedRatio());
  }

  /** The mean log-probability of the chosen response's tokens, {@code [batch]}. */
  public Tensor chosenMean() {
    return div(chosen, chosenLengths);
  }

  /** The mean log-probability of the rejected response's tokens, {@code [batch]}. */
  public Tensor rejectedMean() {
    return div(rejected, rejectedLengths);
  }

  /** The same pairs with the two responses in each other's place. */
  public PreferenceBatch turned() {
    return new PreferenceBatch(
        rejected, chosen, referenceRejected, referenceChosen, rejectedLengths, chosenLengths);
  }
}
