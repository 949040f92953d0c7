package dev.goodhart.audit.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PreferenceGameTest {
  private static final PreferenceGame ROCK =
      new PreferenceGame(new double[][] {{0.5, 0, 1}, {1, 0.5, 0}, {0, 1, 0.5}});

  @Test
  void rockPaperScissorsByHand() {
    assertArrayEquals(
        new double[] {0.5, 0.625, 0.375}, ROCK.against(new double[] {0.5, 0.25, 0.25}), 1e-15);
    assertEquals(0.125, ROCK.exploitability(new double[] {0.5, 0.25, 0.25}), 1e-15);
    assertEquals(0, ROCK.exploitability(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}), 1e-15);
    assertEquals(0.5, ROCK.exploitability(new double[] {1, 0, 0}), 0);
    assertEquals(1, ROCK.winRate(new double[] {0, 1, 0}, new double[] {1, 0, 0}), 0);
  }

  /** Weights of the Nash policy are the strength of the fight that each sits out. */
  @Test
  void anUnevenCycleHasItsNashPolicyAtTheStrengthsOpposite() {
    // 0 beats 1 by 0.3, 1 beats 2 by 0.4, 2 beats 0 by 0.2 more than half
    var game =
        new PreferenceGame(new double[][] {{0.5, 0.8, 0.3}, {0.2, 0.5, 0.9}, {0.7, 0.1, 0.5}});
    double[] nash = {0.4 / 0.9, 0.2 / 0.9, 0.3 / 0.9};
    assertArrayEquals(new double[] {0.5, 0.5, 0.5}, game.against(nash), 1e-15);
    assertEquals(0, game.exploitability(nash), 1e-15);

    double[] average = game.average(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, 1, 2000);
    assertArrayEquals(nash, average, 0.02);
  }

  @Property(tries = 100)
  void theAverageIsWithinItsBound(
      @ForAll @IntRange(min = 2, max = 8) int n,
      @ForAll @DoubleRange(min = 0.1, max = 3) double eta,
      @ForAll @IntRange(min = 1, max = 60) int rounds,
      @ForAll long seed) {
    PreferenceGame game = random(n, seed);
    double[] even = new double[n];
    Arrays.fill(even, 1.0 / n);
    double[] average = game.average(even, eta, rounds);

    assertEquals(1, Arrays.stream(average).sum(), 1e-12);
    assertTrue(game.exploitability(average) <= PreferenceGame.bound(n, eta, rounds) + 1e-12);
  }

  @Property(tries = 100)
  void whatOneWinsTheOtherLosesAndNobodyBeatsItself(
      @ForAll @IntRange(min = 2, max = 8) int n, @ForAll long seed) {
    PreferenceGame game = random(n, seed);
    double[] p = Softmax.of(new Random(seed).doubles(n, -2, 2).toArray());
    double[] q = Softmax.of(new Random(~seed).doubles(n, -2, 2).toArray());

    assertEquals(1, game.winRate(p, q) + game.winRate(q, p), 1e-12);
    assertEquals(0.5, game.winRate(p, p), 1e-12);
    assertTrue(game.exploitability(p) >= game.winRate(q, p) - 0.5 - 1e-12);
  }

  private static PreferenceGame random(int n, long seed) {
    var random = new Random(seed);
    double[][] wins = new double[n][n];
    for (int y = 0; y < n; y++) {
      wins[y][y] = 0.5;
      for (int other = 0; other < y; other++) {
        wins[y][other] = random.nextDouble();
        wins[other][y] = 1 - wins[y][other];
      }
    }
    return new PreferenceGame(wins);
  }

  @Test
  void whatIsNoGameIsNamed() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new PreferenceGame(new double[][] {{0.5, 0.8}, {0.3, 0.5}}));
    assertThrows(
        IllegalArgumentException.class, () -> new PreferenceGame(new double[][] {{0.5, 0.8}}));
    assertThrows(IllegalArgumentException.class, () -> ROCK.against(new double[] {0.5, 0.5}));
  }
}
