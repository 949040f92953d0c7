package dev.goodhart.objective;

import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class DirectNashTest {
  /** Rock, paper, scissors of unlike strengths, and a fourth that loses to all. */
  private static final double[][] CYCLE = {
    {0.5, 0.8, 0.3, 0.9}, {0.2, 0.5, 0.9, 0.95}, {0.7, 0.1, 0.5, 0.9}, {0.1, 0.05, 0.1, 0.5}
  };

  private static double[] rewards(double[] policy) {
    double[] r = new double[4];
    for (int y = 0; y < 4; y++) {
      for (int other = 0; other < 4; other++) r[y] += policy[other] * CYCLE[y][other];
    }
    return r;
  }

  private static Tensor loss(Tensor logs, double eta, double[] before, double[] r) {
    int[] first = {0, 0, 0, 1, 1, 2};
    int[] second = {1, 2, 3, 2, 3, 3};
    Tensor rates = vector(r);
    return new DirectNash(eta, 0.3)
        .loss(
            Table.pairs(logs, Table.log(before), first, second),
            Table.at(rates, first),
            Table.at(rates, second),
            vector(1, 2, 1, 0.5, 1, 3));
  }

  @Test
  void aRoundOnAllPairsIsTheSoftUpdate() {
    double eta = 0.5;
    double[] before = {0.4, 0.3, 0.2, 0.1};
    double[] r = rewards(before);
    double[] logits = Table.log(before);
    for (int step = 0; step < 20000; step++) {
      double[] g = Table.slope(logits, logs -> loss(logs, eta, before, r)).gradient();
      double most = 0;
      for (int y = 0; y < 4; y++) {
        logits[y] -= 20 * g[y];
        most = Math.max(most, Math.abs(g[y]));
      }
      if (most < 1e-12) break;
    }
    double[] update = new double[4];
    Arrays.setAll(update, y -> Math.log(before[y]) + r[y] / eta);

    assertArrayEquals(Table.softmax(update), Table.softmax(logits), 1e-9);
  }

  @Test
  void theOrderOfAPairMeansNothing() {
    double[] before = {0.4, 0.3, 0.2, 0.1};
    double[] logits = {0.1, 0.5, -1, 0};
    double[] r = rewards(before);
    var nash = new DirectNash(0.5, 0.3);
    double one =
        Table.slope(
                logits,
                l ->
                    nash.loss(
                        Table.pairs(l, Table.log(before), new int[] {0}, new int[] {2}),
                        vector(r[0]),
                        vector(r[2]),
                        vector(1)))
            .loss();
    double other =
        Table.slope(
                logits,
                l ->
                    nash.loss(
                        Table.pairs(l, Table.log(before), new int[] {2}, new int[] {0}),
                        vector(r[2]),
                        vector(r[0]),
                        vector(1)))
            .loss();
    assertEquals(one, other, 1e-15);
    double d = 0.5 * (logits[0] - Math.log(0.4) - (logits[2] - Math.log(0.2)));
    double s = Table.sigmoid(r[0] - r[2]);
    assertEquals(
        -s * Math.log(Table.sigmoid(d)) - (1 - s) * Math.log(Table.sigmoid(-d)), one, 1e-14);
  }

  @Test
  void winRatesCountTiesHalfAndLeaveOutTheResponseItself() {
    double[] rates = DirectNash.winRates(new double[][] {{9, 1, 0.5}, {0, 9, 0}, {0.5, 1, 9}});
    assertArrayEquals(new double[] {0.75, 0, 0.75}, rates, 1e-15);
    assertThrows(
        IllegalArgumentException.class,
        () -> DirectNash.winRates(new double[][] {{0, 1.5}, {0, 0}}));
    assertThrows(IllegalArgumentException.class, () -> DirectNash.winRates(new double[][] {{0}}));
  }

  @Test
  void onlyPairsThatAreAMarginApartAreLearntFrom() {
    var pairs = new DirectNash(0.1, 0.5).pairs(new double[] {1, 0.5, 0.25, 0.6});
    assertEquals(List.of(new DirectNash.Chosen(0, 1), new DirectNash.Chosen(0, 2)), pairs);
    assertTrue(new DirectNash(0.1, 1).pairs(new double[] {0.5, 0.5}).isEmpty());
    assertThrows(IllegalArgumentException.class, () -> new DirectNash(0.1, 0));
  }
}
