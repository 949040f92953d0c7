package dev.goodhart.advantage;

import dev.goodhart.Method;
import java.util.List;

/**
 * Leave-one-out by step: what a response still earns from a step (or turn) on, against what the
 * other responses to the same prompt still earn from their step of the same number on. Credit for
 * steps that, unlike {@link StepNormalised}, keeps the policy gradient of the summed rewards
 * unbiased.
 *
 * <pre>{@code
 * G_ik = sum_{l >= k} r_il                        0 behind the last step
 * A_t  = G_ik - 1/(n-1) sum_{j != i} G_jk         k the step that token t is in
 * }</pre>
 *
 * <p>A baseline may depend on the step's number and on the other responses, not on this one: a
 * response that has ended already stands in it with 0, which is what it still earns. With one step
 * a response it is {@link LeaveOneOut}. Fewer than two scored responses give zeros, and so does a
 * step from which on all earn the same.
 */
@Method(source = "arXiv 2402.14740; Sutton and Barto 2018, section 13.4")
public record StepLeaveOneOut() implements Credit {
  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    return batch.stream().map(StepLeaveOneOut::of).toList();
  }

  private static TokenAdvantages of(Rollouts rollouts) {
    boolean[] mask = rollouts.group().mask();
    int n = rollouts.group().scored().length;
    int most = 0;
    double[][] toGo = new double[mask.length][];
    for (int i = 0; i < mask.length; i++) {
      toGo[i] = mask[i] ? rollouts.tokens().get(i).bySegment() : new double[0];
      for (int k = toGo[i].length - 2; k >= 0; k--) {
        toGo[i][k] += toGo[i][k + 1];
      }
      most = Math.max(most, toGo[i].length);
    }
    double[] sums = new double[most];
    boolean[] varies = new boolean[most];
    double[] some = new double[most];
    boolean any = false;
    for (int i = 0; i < mask.length; i++) {
      for (int k = 0; k < most && mask[i]; k++) {
        double g = k < toGo[i].length ? toGo[i][k] : 0;
        sums[k] += g;
        varies[k] |= any && g != some[k];
        some[k] = g;
      }
      any |= mask[i];
    }
    double[][] values = new double[mask.length][];
    for (int i = 0; i < mask.length; i++) {
      Tokens tokens = rollouts.tokens().get(i);
      double[] steps = new double[tokens.ends().length];
      for (int k = 0; k < toGo[i].length; k++) {
        steps[k] = varies[k] ? toGo[i][k] - (sums[k] - toGo[i][k]) / (n - 1) : 0;
      }
      values[i] = tokens.atTokens(steps);
    }
    return new TokenAdvantages(values, new double[0][], mask);
  }
}
