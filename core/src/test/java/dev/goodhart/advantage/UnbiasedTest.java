package dev.goodhart.advantage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Which advantages leave the policy gradient what it is, on a bandit small enough to sum over every
 * group that could be drawn and every way to mask it. The policy is a softmax over three responses
 * with logits as its parameters, so that d/dz_a log pi(y) = [y = a] - pi_a, and the gradient of the
 * expected reward is pi_a (r_a - J).
 */
class UnbiasedTest {
  private static final double[] POLICY = {0.5, 0.3, 0.2};
  private static final double[] REWARD = {1, 0, 4};
  private static final int GROUP = 4;

  /** J = 0.5 + 0.8 = 1.3: 0.5 (1 - 1.3), 0.3 (0 - 1.3), 0.2 (4 - 1.3). */
  private static final double[] GRADIENT = {-0.15, -0.39, 0.54};

  /** The expectation of the mean over the scored responses of A grad log pi, masked like this. */
  private static double[] expected(Credit credit, boolean[] scored) {
    double[] expected = new double[POLICY.length];
    int groups = (int) Math.pow(POLICY.length, scored.length);
    for (int g = 0; g < groups; g++) {
      int[] drawn = new int[scored.length];
      double probability = 1;
      for (int i = 0, code = g; i < drawn.length; i++, code /= POLICY.length) {
        drawn[i] = code % POLICY.length;
        probability *= POLICY[drawn[i]];
      }
      TokenAdvantages credits = credit.credit(List.of(rollouts(drawn, scored))).getFirst();
      int counted = (int) IntStream.range(0, drawn.length).filter(i -> scored[i]).count();
      for (int i = 0; i < drawn.length; i++) {
        assertEquals(scored[i], credits.mask()[i]);
        for (int a = 0; a < expected.length && scored[i]; a++) {
          double score = (drawn[i] == a ? 1 : 0) - POLICY[a];
          expected[a] += probability * credits.values()[i][0] * score / counted;
        }
      }
    }
    return expected;
  }

  private static Rollouts rollouts(int[] drawn, boolean[] scored) {
    List<Reward> rewards =
        IntStream.range(0, drawn.length)
            .mapToObj(
                i -> scored[i] ? (Reward) Reward.of(REWARD[drawn[i]]) : Reward.unscored("timeout"))
            .toList();
    return new Rollouts(
        new Group(Collections.nCopies(drawn.length, Sample.of("p", "r")), rewards),
        IntStream.range(0, drawn.length)
            .mapToObj(i -> Tokens.of(1, scored[i] ? REWARD[drawn[i]] : 0))
            .toList(),
        Reward.of(1)); // the greedy response is the first
  }

  /** Every mask of the group with this many scored. */
  private static List<boolean[]> masks(int scored) {
    return IntStream.range(0, 1 << GROUP)
        .filter(m -> Integer.bitCount(m) == scored)
        .mapToObj(
            m -> {
              boolean[] mask = new boolean[GROUP];
              for (int i = 0; i < GROUP; i++) {
                mask[i] = (m >> i & 1) == 1;
              }
              return mask;
            })
        .toList();
  }

  private static double[] times(double factor, double[] vector) {
    return java.util.Arrays.stream(vector).map(v -> factor * v).toArray();
  }

  /** So also in expectation over masks, however they are drawn as long as responses do not tell. */
  @Test
  void leaveOneOutGivesTheExactGradientUnderEveryMask() {
    for (int n = 2; n <= GROUP; n++) {
      for (boolean[] mask : masks(n)) {
        assertArrayEquals(GRADIENT, expected(new LeaveOneOut(), mask), 1e-12);
        assertArrayEquals(GRADIENT, expected(new StepLeaveOneOut(), mask), 1e-12);
      }
    }
    assertArrayEquals(new double[3], expected(new LeaveOneOut(), masks(1).getFirst()));
  }

  @Test
  void theGroupMeanShrinksItByTheShareOfTheOthers() {
    for (int n = 1; n <= GROUP; n++) {
      for (boolean[] mask : masks(n)) {
        double[] shrunk = times((n - 1.0) / n, GRADIENT);
        assertArrayEquals(shrunk, expected(new GroupCentred(), mask), 1e-12);
        assertArrayEquals(shrunk, expected(new BatchCentred(), mask), 1e-12);
        assertArrayEquals(shrunk, expected(new OptimalBaseline(), mask), 1e-12); // equal lengths
      }
    }
  }

  @Test
  void theGreedyBaselineAndNoneGiveTheExactGradientEvenOfOneResponse() {
    for (int n = 1; n <= GROUP; n++) {
      for (boolean[] mask : masks(n)) {
        assertArrayEquals(GRADIENT, expected(new GreedyBaseline(), mask), 1e-12);
        assertArrayEquals(GRADIENT, expected(new Uncentred(), mask), 1e-12);
      }
    }
  }

  /** Dividing by the deviation is another thing: no multiple of the gradient. */
  @Test
  void groupNormalisationChangesTheDirection() {
    double[] normalised = expected(new GroupNormalised(1e-6), masks(GROUP).getFirst());
    double dot = 0;
    double a = 0;
    double b = 0;
    for (int i = 0; i < 3; i++) {
      dot += normalised[i] * GRADIENT[i];
      a += normalised[i] * normalised[i];
      b += GRADIENT[i] * GRADIENT[i];
    }
    assertTrue(dot / Math.sqrt(a * b) < 0.999, "cosine " + dot / Math.sqrt(a * b));
  }

  /** Were an unscored sample counted as a 0, one in four of them would cost a quarter of it. */
  @Test
  void aZeroForTheUnscoredWouldShrinkIt() {
    double[] expected = new double[3];
    for (boolean[] mask : masks(3)) {
      for (int g = 0; g < 81; g++) {
        double probability = 1;
        int[] drawn = new int[GROUP];
        for (int i = 0, code = g; i < GROUP; i++, code /= 3) {
          drawn[i] = code % 3;
          probability *= POLICY[drawn[i]];
        }
        double[] rewards = new double[GROUP];
        double sum = 0;
        for (int i = 0; i < GROUP; i++) {
          rewards[i] = mask[i] ? REWARD[drawn[i]] : 0;
          sum += rewards[i];
        }
        for (int i = 0; i < GROUP; i++) {
          double advantage = rewards[i] - (sum - rewards[i]) / (GROUP - 1);
          for (int a = 0; a < 3; a++) {
            double score = (drawn[i] == a ? 1 : 0) - POLICY[a];
            expected[a] += probability * advantage * score / GROUP / masks(3).size();
          }
        }
      }
    }
    assertArrayEquals(times(0.75, GRADIENT), expected, 1e-12);
  }
}
