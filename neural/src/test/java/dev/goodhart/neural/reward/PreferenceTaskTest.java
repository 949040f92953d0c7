package dev.goodhart.neural.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.signal.fit.Judgement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Against the likelihood in plain Java, of rewards that were scored one by one. */
class PreferenceTaskTest {
  private static final Decoder DECODER =
      Base.withHeads(
          HfFolder.random(DecoderConfig.tiny(32, DecoderConfig.Special.NONE), 1, Device.CPU), 2, 1);

  private static final int[][] IDS = {{1, 2, 3}, {4}, {5, 6, 7, 8, 9}, {10, 11}, {1, 2, 3, 12}};

  private static final List<Judgement> JUDGEMENTS =
      List.of(
          new Judgement(0, 0, 1, 1, 2, 1),
          new Judgement(0, 2, 1, 0.5, 0, 3), // a tie trains a tie
          new Judgement(1, 3, 4, 0.7, 0.5, 2), // a probability a probability
          new Judgement(1, 4, Judgement.NONE, 0.25, 0, 0.5)); // and a label on its own

  private static double[][] rewards() {
    RewardNet net = new RewardNet(List.of(DECODER), 1);
    double[][] rewards = new double[2][IDS.length];
    for (int r = 0; r < IDS.length; r++) {
      double[][][] one = net.scores(List.of(Encoded.of(IDS[r])))[0];
      for (int head = 0; head < 2; head++) rewards[head][r] = one[head][0][0];
    }
    return rewards;
  }

  private static double loss(double z, double p) {
    return -p * Math.log(1 / (1 + Math.exp(-z))) - (1 - p) * Math.log(1 / (1 + Math.exp(z)));
  }

  /** What the heads cost, of which each counts a prompt so often. */
  private static double expected(double margin, int[][] draws) {
    double[][] rewards = rewards();
    double cost = 0;
    double weight = 0;
    for (Judgement j : JUDGEMENTS) {
      weight += j.weight();
      for (int head = 0; head < 2; head++) {
        double first = rewards[head][j.first()];
        double z = j.isLabel() ? first : first - rewards[head][j.second()];
        double asked = j.isLabel() ? 0 : margin * j.strength() * Math.signum(j.probability() - 0.5);
        cost += draws[head][j.prompt()] * j.weight() * loss(z - asked, j.probability()) / 2;
      }
    }
    return cost / weight;
  }

  private static Cost cost(double margin, int[][] draws) {
    var task =
        new PreferenceTask(
            DECODER, new dev.goodhart.objective.BradleyTerry(margin, 0, 0), null, draws, 1);
    return task.cost(Comparisons.of(JUDGEMENTS, IDS, 100));
  }

  @Test
  void tiesSoftLabelsMarginsAndLabelsCostWhatTheirLikelihoodSays() {
    int[][] once = {{1, 1}, {1, 1}};
    try (Scope scope = Scope.inference()) {
      assertEquals(expected(0, once), Ops.item(cost(0, new int[0][]).loss()), 1e-5);
      assertEquals(expected(0.3, once), Ops.item(cost(0.3, new int[0][]).loss()), 1e-5);
    }
  }

  @Test
  void aHeadCountsAPromptAsOftenAsItDrewIt() {
    int[][] draws = {{2, 0}, {0, 3}};
    try (Scope scope = Scope.inference()) {
      assertEquals(expected(0, draws), Ops.item(cost(0, draws).loss()), 1e-5);
      int[][] nothing = {{0, 0}, {0, 0}};
      assertEquals(0, Ops.item(cost(0, nothing).loss()), 0);
    }
  }

  @Test
  void accuracyIsTheShareInTheRightOrderTiesHalf() {
    double[][] rewards = rewards();
    double right = 0;
    for (double[] r : rewards) {
      right += (r[0] > r[1] ? 1 : 0) + 0.5 + (r[3] > r[4] ? 1 : 0);
    }
    try (Scope scope = Scope.inference()) {
      Cost cost = cost(0, new int[0][]);
      assertEquals(right / 6, Ops.item(Objects.requireNonNull(cost.also().get("accuracy"))), 1e-6);
    }
  }

  @Test
  void howTheBatchIsDividedChangesNothing() {
    var task =
        new PreferenceTask(
            DECODER, new dev.goodhart.objective.BradleyTerry(0, 0, 0), null, new int[0][], 1);
    List<Comparisons> parts = Comparisons.of(JUDGEMENTS, IDS, 5);
    assertTrue(parts.size() > 2);
    try (Scope scope = Scope.inference()) {
      double sum = 0;
      for (Comparisons part : parts) {
        sum += task.weight(part) * Ops.item(task.cost(List.of(part)).loss());
      }
      double weight = parts.stream().mapToDouble(task::weight).sum();
      assertEquals(Ops.item(task.cost(parts).loss()), sum / weight, 1e-5);
    }
    assertEquals(
        Arrays.stream(new int[] {0, 1, 2, 1, 3, 4, 4}).map(r -> IDS[r].length).sum(),
        parts.stream().mapToInt(task::tokens).sum() + repeated(parts));
  }

  /** Tokens that a part saves by holding a response of two of its judgements once. */
  private static int repeated(List<Comparisons> parts) {
    int saved = 0;
    for (Comparisons part : parts) {
      int named = 0;
      for (Judgement j : part.judgements()) {
        named += part.sequences().get(j.first()).length;
        if (!j.isLabel()) named += part.sequences().get(j.second()).length;
      }
      saved += named - part.tokens();
    }
    return saved;
  }
}
