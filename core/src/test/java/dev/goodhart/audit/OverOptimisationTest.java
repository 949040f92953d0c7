package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OverOptimisationTest {
  /** Prompts with these gold rewards a response. */
  private static AuditSet set(double[]... gold) {
    AuditSet set = new AuditSet();
    for (int p = 0; p < gold.length; p++) {
      for (int i = 0; i < gold[p].length; i++) {
        set.add(
            "row" + p + "/" + i,
            Sets.sample("prompt " + p, "response " + i),
            Double.NaN,
            gold[p][i]);
      }
    }
    return set;
  }

  private static OverOptimisation of(AuditSet set, Scores scores) {
    return OverOptimisation.of(
        set, "gold", List.of(scores), List.of(), List.of(), Sets.bootstrap());
  }

  @Test
  void theCurveIsTheMeanOverAllSubsets() {
    // Proxy 1, 2, 3 with gold 0, 6, 3. n = 1: 3; n = 2: subsets {1,2} 6, {1,3} 3, {2,3} 3, mean 4;
    // n = 3: 3.
    // The second prompt has proxy and gold alike, 1, 2, 3. n = 1: 2; n = 2: (2 + 3 + 3) / 3; n = 3:
    // 3.
    AuditSet set = set(new double[] {0, 6, 3}, new double[] {1, 2, 3});
    OverOptimisation.Line line = of(set, Scores.of("r", 1, 2, 3, 1, 2, 3)).lines().getFirst();
    assertEquals(List.of(1, 2, 3), line.points().stream().map(OverOptimisation.At::n).toList());
    assertEquals((3 + 2) / 2.0, line.points().get(0).gold().estimate(), 1e-12);
    assertEquals((4 + 8 / 3.0) / 2, line.points().get(1).gold().estimate(), 1e-12);
    assertEquals((3 + 3) / 2.0, line.points().get(2).gold().estimate(), 1e-12);
    assertEquals(2, line.peak());
    assertEquals((4 + 8 / 3.0) / 2 - 3, line.fall().estimate(), 1e-12);
    assertEquals(Math.log(2) - 0.5, line.points().get(1).kl(), 1e-12);
  }

  @Test
  void choosingByGoldIsTheLastLine() {
    OverOptimisation.Line best =
        of(set(new double[] {0, 6, 3}, new double[] {1, 2, 3}), Scores.of("r", new double[6]))
            .lines()
            .getLast();
    assertEquals((6 + 3) / 2.0, best.points().getLast().gold().estimate(), 1e-12);
  }

  @Test
  void aRewardThatIsTheOppositeOfGoldIsHacked() {
    double[][] gold = new double[30][];
    double[] proxy = new double[120];
    for (int p = 0; p < 30; p++) {
      gold[p] = new double[] {0, 1, 2, 3};
      for (int i = 0; i < 4; i++) {
        proxy[4 * p + i] = -i;
      }
    }
    OverOptimisation curve = of(set(gold), Scores.of("r", proxy));
    assertEquals(1, curve.lines().getFirst().peak());
    assertEquals(1.5, curve.lines().getFirst().fall().estimate(), 1e-12);
    assertTrue(curve.findings().stream().anyMatch(f -> f.level() == Finding.Level.ALARM));
  }

  @Test
  void promptsWithTooFewResponsesAreCountedOut() {
    double[][] gold = new double[20][];
    double[] proxy = new double[19 * 3 + 1];
    for (int p = 0; p < 20; p++) {
      gold[p] = p < 19 ? new double[] {1, 2, 3} : new double[] {1};
    }
    OverOptimisation curve = of(set(gold), Scores.of("r", proxy));
    assertEquals(3, curve.most());
    assertEquals(19, curve.prompts());
    assertEquals(1, curve.dropped());
  }

  @Test
  void equalResponsesAreOneChoice() {
    AuditSet set = new AuditSet();
    for (String response : List.of("same", "same", "other")) {
      set.add(response, Sets.sample("p", response), Double.NaN, response.equals("same") ? 1 : 0);
    }
    assertEquals(2, of(set, Scores.of("r", 1, 1, 0)).most());
  }
}
