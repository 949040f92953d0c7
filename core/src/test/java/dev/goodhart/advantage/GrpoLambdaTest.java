package dev.goodhart.advantage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GrpoLambdaTest {
  private static double[] firsts(TokenAdvantages credit) {
    return Arrays.stream(credit.values()).mapToDouble(v -> v[0]).toArray();
  }

  /**
   * The first group is solved better and so has to become shorter: right lengths 2 and 6, mean 4,
   * deviation 2, z -1 and 1; sigmoid(1) = 0.7310585786. With alpha 1/2: 0.8655292893 and
   * 0.6344707107, 0 for the wrong one. A floor of 1 divides by 1: centred by 0.5.
   */
  @Test
  void theBestSolvedGroupsPayForLengthTheOthersDoNot() {
    Rollouts easy = Drawn.rollouts(new int[] {2, 6, 9}, 1, 1, 0);
    Rollouts hard = Drawn.rollouts(new int[] {2, 6, 9, 3}, 1, 0, 0, 0);
    List<TokenAdvantages> credits = new GrpoLambda(0.5, 0.5, 0.5, 1).credit(List.of(hard, easy));
    assertArrayEquals(
        new double[] {0.3655292893, 0.1344707107, -0.5}, firsts(credits.get(1)), 1e-9);
    assertArrayEquals(new double[] {0.75, -0.25, -0.25, -0.25}, firsts(credits.get(0)), 1e-12);
  }

  @Test
  void withoutLambdaItIsGrpo() {
    Rollouts rollouts = Drawn.rollouts(new int[] {2, 6, 9, 1}, 1, 1, 0, Double.NaN);
    double[] grpo = new GroupNormalised(1e-12).of(rollouts.group()).values();
    assertArrayEquals(grpo, Drawn.firsts(new GrpoLambda(0, 0.4, 0.5, 1e-9), rollouts), 1e-9);
    assertArrayEquals(
        new double[2],
        Drawn.firsts(new GrpoLambda(0, 0.4, 0.5, 1e-9), Drawn.rollouts(new int[] {1, 5}, 1, 1)));
  }

  /** All right, lengths 1 and 3: only length is left to prefer. */
  @Test
  void inASolvedGroupTheShorterOneIsPreferred() {
    Rollouts solved = Drawn.rollouts(new int[] {3, 1}, 1, 1);
    double[] advantages = Drawn.firsts(new GrpoLambda(1, 0.4, 0.5, 1e-6), solved);
    assertArrayEquals(new double[] {-Math.sqrt(0.5), Math.sqrt(0.5)}, advantages, 1e-9);
    // A floor of 1/2 keeps it to 0.4 (sigmoid(1) - 1/2) / (1/2).
    double small = 0.8 * (1 / (1 + Math.exp(-1)) - 0.5);
    assertArrayEquals(
        new double[] {-small, small},
        Drawn.firsts(new GrpoLambda(1, 0.4, 0.5, 0.5), solved),
        1e-12);
  }

  @Test
  void whatNobodySolvesIsNeverPunishedAndEqualLengthsArePreferredByNobody() {
    GrpoLambda all = new GrpoLambda(1, 0.4, 0.5, 1e-6);
    assertArrayEquals(
        new double[3], Drawn.firsts(all, Drawn.rollouts(new int[] {1, 2, 3}, 0, 0, 0)));
    assertArrayEquals(
        new double[3], Drawn.firsts(all, Drawn.rollouts(new int[] {4, 4, 4}, 1, 1, 1)));
    assertTrue(all.credit(List.of()).isEmpty());
  }

  /** Whatever the lengths, a right response is preferred to a wrong one of its group. */
  @Property(tries = 300)
  void rightStaysAboveWrongAndShorterAboveLonger(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] lengths = random.ints(6, 1, 100).toArray();
    double[] rewards = random.ints(6, 0, 2).asDoubleStream().toArray();
    double[] advantages =
        Drawn.firsts(new GrpoLambda(1, 0.6, 0.5, 1e-6), Drawn.rollouts(lengths, rewards));
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        if (rewards[i] > rewards[j]) {
          assertTrue(advantages[i] > advantages[j]);
        } else if (rewards[i] == 1 && rewards[j] == 1 && lengths[i] < lengths[j]) {
          assertTrue(advantages[i] > advantages[j]);
        } else if (rewards[i] == 0 && rewards[j] == 0) {
          assertEquals(advantages[i], advantages[j], 1e-12);
        }
      }
    }
  }

  /** Five groups, a fifth of them: one; a tie is decided the same way again. */
  @Test
  void oneGroupInFivePaysAndAlwaysTheSame() {
    List<Rollouts> batch =
        List.of(
            Drawn.rollouts(new int[] {1, 2}, 1, 1),
            Drawn.rollouts(new int[] {1, 2}, 1, 1),
            Drawn.rollouts(new int[] {1, 2}, 1, 0),
            Drawn.rollouts(new int[] {1, 3}, 1, 1),
            Drawn.rollouts(new int[] {1, 2}, 0, 0));
    GrpoLambda fifth = new GrpoLambda(0.2, 0.4, 0.5, 1e-6);
    boolean[] pays = new boolean[5];
    for (int round = 0; round < 2; round++) {
      List<TokenAdvantages> credits = fifth.credit(batch);
      int paying = 0;
      for (int k : new int[] {0, 1, 3}) {
        boolean now = firsts(credits.get(k))[0] != 0;
        assertTrue(round == 0 || now == pays[k]);
        pays[k] = now;
        paying += now ? 1 : 0;
      }
      assertEquals(1, paying);
    }
    assertThrows(IllegalArgumentException.class, () -> new GrpoLambda(1.1, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new GrpoLambda(1, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new GrpoLambda(1, 0, 0, 0));
  }
}
