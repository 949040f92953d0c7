package dev.goodhart.neural.reward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goodhart.Scored;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.objective.StepScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RewardNetTest {
  private static final DecoderConfig CONFIG = DecoderConfig.tiny(40, DecoderConfig.Special.NONE);

  @Test
  void aScoreIsTheSameAloneAndInABatchOfSixtyFour() {
    RewardNet net =
        new RewardNet(List.of(random(1, 3), random(2, 1)), 1); // three heads and one model
    assertEquals(4, net.members());
    SplittableRandom random = new SplittableRandom(1);
    List<Encoded> samples = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      samples.add(Encoded.of(random.ints(1 + random.nextInt(300), 0, 40).toArray()));
    }
    double[][][][] together = net.scores(samples);
    for (int i = 0; i < 64; i++) {
      double[][][] alone = net.scores(List.of(samples.get(i)))[0];
      for (int m = 0; m < 4; m++) {
        assertEquals(alone[m][0][0], together[i][m][0][0], 1e-5);
      }
    }
  }

  @Test
  void theFirstMembersAreThoseOfTheWhole() {
    RewardNet net = new RewardNet(List.of(random(1, 2), random(2, 2)), 2);
    List<Encoded> samples = List.of(Encoded.of(new int[] {1, 2, 3}));

    assertEquals(2, net.members());
    assertEquals(1, net.first(1).members());
    assertArrayEquals(net.scores(samples)[0][0][0], net.first(1).scores(samples)[0][0][0], 1e-6);
  }

  @Test
  void stepsAreReadWhereTheyEnd() {
    RewardNet net = new RewardNet(List.of(random(1, 1)), 1);
    int[] ids = {5, 6, 7, 8, 9, 10};
    double[][] steps = net.scores(List.of(new Encoded(ids, new int[] {1, 3, 5})))[0][0];

    for (int i = 0; i < 3; i++) {
      int[] until = Arrays.copyOf(ids, 2 * i + 2);
      assertEquals(net.scores(List.of(Encoded.of(until)))[0][0][0][0], steps[i][0], 1e-5);
    }
  }

  @Test
  void attributesAreWeighedAndNamed() {
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("helpfulness", 0.5);
    weights.put("verbosity", -0.25);
    Scored reward = new Head.Attributes(weights).reward(new double[][] {{4, 2}});

    assertEquals(1.5, reward.value());
    assertEquals(2, ((Scored) reward.parts().get("verbosity")).value());
  }

  @Test
  void aChainIsAsGoodAsItsWorstStep() {
    double even = 0;
    double threeToOne = Math.log(3);
    Scored reward =
        new Head.Process("\n\n", StepScores.MIN).reward(new double[][] {{threeToOne}, {even}});

    assertEquals(0.5, reward.value(), 1e-15);
    assertEquals(0.75, ((Scored) reward.parts().get("step-1")).value(), 1e-15);
  }

  @Test
  void aHeadIsReadBackFromItsCard() {
    for (Head head :
        List.of(
            new Head.Scalar(),
            new Head.Attributes(Map.of("correctness", 1.0)),
            new Head.Process("\n", StepScores.PRODUCT))) {
      assertEquals(head, Head.of(head.card()));
    }
    assertThrows(IllegalArgumentException.class, () -> Head.of(Map.of("head", "tail")));
  }

  private static Decoder random(long seed, int labels) {
    return HfFolder.random(CONFIG.withLabels(labels), seed, Device.CPU);
  }
}
