package dev.goodhart.advantage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VerifiableDenseTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final VerifiableDense VERPO = new VerifiableDense();
  private static final VerifiableDense LOCAL =
      new VerifiableDense(1, 0.1, true, false, "tests", 1e-6);
  private static final VerifiableDense NO_DENSITY =
      new VerifiableDense(1, 0.1, false, false, "tests", 1e-6);
  private static final VerifiableDense UNIFORM =
      new VerifiableDense(INF, 0.1, false, false, "tests", 1e-6);

  /** Rows of 1 and 0, one a program. */
  private static boolean[][] matrix(String... rows) {
    boolean[][] passes = new boolean[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      passes[i] = new boolean[rows[i].length()];
      for (int j = 0; j < passes[i].length; j++) {
        passes[i][j] = rows[i].charAt(j) == '1';
      }
    }
    return passes;
  }

  private static Reward reward(String row) {
    Map<String, Reward> each = new LinkedHashMap<>();
    for (int j = 0; j < row.length(); j++) {
      each.put(
          String.valueOf(j + 1),
          row.charAt(j) == '?' ? Reward.unscored("timeout") : Reward.of(row.charAt(j) - '0'));
    }
    return Reward.of(0).withParts(Map.of("tests", Reward.of(row.length()).withParts(each)));
  }

  private static Group group(String... rows) {
    List<Reward> rewards = new ArrayList<>();
    for (String row : rows) {
      rewards.add(row.isEmpty() ? Reward.unscored("no sandbox") : reward(row));
    }
    return new Group(Collections.nCopies(rows.length, Sample.of("p", "r")), rewards);
  }

  /**
   * Rates 3/4 and 1/4, half a unit apart: at bandwidth 1/2 the kernel is exp(-1/2), the same for
   * both, so that only exp(-rho) tells the weights apart: 1 : e^(1/2).
   */
  @Test
  void theRarerTestWeighsMore() {
    var verpo = new VerifiableDense(1, 0.5, true, true, "tests", 1e-6);
    double[] weights = verpo.weights(matrix("10", "10", "11", "00"));
    assertEquals(1 / (1 + Math.exp(0.5)), weights[0], 1e-15);
    assertEquals(Math.exp(0.5) / (1 + Math.exp(0.5)), weights[1], 1e-15);
  }

  /** Rates 1/2, 1/2 and 0; the kernel over half a unit at bandwidth 0.1 is exp(-12.5). */
  @Test
  void testsOfOneDifficultyShareOneWeight() {
    double[] weights = LOCAL.weights(matrix("110", "000"));
    double far = Math.exp(-12.5);
    double easy = Math.exp(-0.5) / (2 + far);
    double hard = 1 / (1 + 2 * far);
    double sum = 2 * easy + hard;
    assertArrayEquals(new double[] {easy / sum, easy / sum, hard / sum}, weights, 1e-15);
  }

  @Test
  void withoutDensityAndAtInfiniteTemperatureEveryTestCountsTheSame() {
    assertArrayEquals(
        new double[] {0.25, 0.25, 0.25, 0.25}, UNIFORM.weights(matrix("1100", "1110")), 1e-15);
  }

  /**
   * X passes m easy tests, Y half of them and the frontier test. Eight X, Y, and one that passes
   * the other half: every easy test is missed once and has rate 0.9, the frontier test has 0.1; the
   * kernel between them is exp(-32).
   */
  @Test
  void manyEasyTestsDoNotOutweighTheFrontier() {
    for (int m = 2; m <= 30; m += 2) {
      String x = "1".repeat(m) + "0";
      String y = "1".repeat(m / 2) + "0".repeat(m / 2) + "1";
      String[] rows = new String[10];
      Arrays.fill(rows, x);
      rows[0] = "0".repeat(m / 2) + "1".repeat(m / 2) + "0";
      rows[9] = y;
      double[] dense = LOCAL.local(matrix(rows));
      double easy = Math.exp(-0.9) / (Math.exp(-0.9) + Math.exp(-0.1));
      assertEquals(easy, dense[1], 1e-10);
      assertEquals(1 - easy / 2, dense[9], 1e-10);
      assertEquals(0.310, dense[1], 5e-4);
      assertEquals(0.845, dense[9], 5e-4);
      double[] uniform = UNIFORM.local(matrix(rows));
      assertEquals((double) m / (m + 1), uniform[1], 1e-12);
      assertEquals((m / 2.0 + 1) / (m + 1), uniform[9], 1e-12);
      // without density the frontier wins while m/2 exp(-0.9) < exp(-0.1): up to m = 4
      double[] plain = NO_DENSITY.local(matrix(rows));
      assertEquals(m <= 4, plain[9] > plain[1], "m = " + m);
    }
  }

  /** One of four passes the only test: z = (0.75 or -0.25) / 0.5, once for q and once for o. */
  @Test
  void theAdvantageIsTheSumOfTheTwoScores() {
    double[] advantages = VERPO.of(group("1", "0", "0", "0")).values();
    double z = 1 / (0.5 + 1e-6);
    assertArrayEquals(
        new double[] {2 * 0.75 * z, -2 * 0.25 * z, -2 * 0.25 * z, -2 * 0.25 * z},
        advantages,
        1e-12);
    assertEquals(0.75 * z, LOCAL.of(group("1", "0", "0", "0")).values()[0], 1e-12);
  }

  @Test
  void testsThatAllOrNonePassPreferNobody() {
    assertArrayEquals(new double[3], VERPO.of(group("1101", "1101", "1101")).values(), 0);
  }

  @Test
  void unscoredSamplesAndUndecidedTestsAreMaskedAndHaveNoPartInTheRates() {
    Advantages some = VERPO.of(group("110", "", "1?0", "111", "100"));
    double[] others = VERPO.of(group("110", "111", "100")).values();
    assertArrayEquals(new double[] {others[0], 0, 0, others[1], others[2]}, some.values(), 1e-15);
    assertArrayEquals(new boolean[] {true, false, false, true, true}, some.mask());
    assertArrayEquals(new boolean[] {false, false}, VERPO.of(group("", "1?")).mask());
  }

  @Test
  void theTestsAreFoundInThePartOfASignalToo() {
    Reward nested = Reward.of(1).withParts(Map.of("passes", reward("10")));
    Reward other = Reward.of(1).withParts(Map.of("passes", reward("11")));
    Group group = new Group(Collections.nCopies(2, Sample.of("p", "r")), List.of(nested, other));
    assertArrayEquals(VERPO.of(group("10", "11")).values(), VERPO.of(group).values(), 0);
  }

  @Test
  void whatIsMissingIsSaid() {
    Group bare =
        new Group(Collections.nCopies(1, Sample.of("p", "r")), List.of((Reward) Reward.of(1)));
    assertTrue(
        assertThrows(GoodhartException.class, () -> VERPO.of(bare))
            .getMessage()
            .contains("each: true"));
    assertTrue(
        assertThrows(GoodhartException.class, () -> VERPO.of(group("10", "100")))
            .getMessage()
            .contains("response 1 has 3 tests and another one of its group 2"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new VerifiableDense(0, 0.1, true, true, "tests", 1e-6));
    assertThrows(
        IllegalArgumentException.class,
        () -> new VerifiableDense(1, Double.NaN, true, true, "tests", 1e-6));
  }

  @Property(tries = 300)
  void passingEverythingIsNeverBelowAnythingElseAndPassingMoreNeverCostsCredit(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int programs) {
    var random = new java.util.SplittableRandom(seed);
    int tests = 1 + random.nextInt(8);
    String[] rows = new String[programs];
    for (int i = 0; i < programs; i++) {
      StringBuilder row = new StringBuilder();
      for (int j = 0; j < tests; j++) {
        row.append(random.nextInt(10) < 1 + j ? '0' : '1');
      }
      rows[i] = i == 0 ? "1".repeat(tests) : row.toString();
    }
    double[] weights = VERPO.weights(matrix(rows));
    assertEquals(1, Arrays.stream(weights).sum(), 1e-12);
    double[] local = VERPO.local(matrix(rows));
    double[] advantages = VERPO.of(group(rows)).values();
    assertEquals(0, Arrays.stream(advantages).sum(), 1e-6);
    for (int i = 0; i < programs; i++) {
      assertTrue(local[i] >= 0 && local[i] <= 1 + 1e-12);
      assertTrue(advantages[0] >= advantages[i] - 1e-9);
      for (int k = 0; k < programs; k++) {
        assertTrue(!covers(rows[i], rows[k]) || local[i] >= local[k] - 1e-12);
      }
    }
  }

  private static boolean covers(String a, String b) {
    for (int j = 0; j < a.length(); j++) {
      if (a.charAt(j) < b.charAt(j)) {
        return false;
      }
    }
    return true;
  }
}
