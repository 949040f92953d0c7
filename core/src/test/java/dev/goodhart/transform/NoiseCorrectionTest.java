package dev.goodhart.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import dev.goodhart.transform.NoiseCorrection.Mode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class NoiseCorrectionTest {
  private static final double[] NONE = {};

  /** Three responses of a softmax policy, the first of them right. */
  private static final double[] POLICY = {0.2, 0.5, 0.3};

  private static final boolean[] RIGHT = {true, false, false};

  @Test
  void bothCorrectionsByHand() {
    Channel channel = new Channel(0.1, 0.4); // c = 0.5
    var backward = new NoiseCorrection(Mode.BACKWARD, channel);
    var forward = new NoiseCorrection(Mode.FORWARD, channel);
    assertEquals(1.8, backward.of(1, NONE), 1e-12); // 0.9 / 0.5
    assertEquals(-0.2, backward.of(0, NONE), 1e-12); // -0.1 / 0.5
    assertEquals(0.4, forward.of(1, NONE), 1e-12);
    assertEquals(-0.6, forward.of(0, NONE), 1e-12);
  }

  @Property(tries = 200)
  void theBackwardRewardIsUnbiasedGivenTheTruthAndItsVarianceGrowsByTheGain(
      @ForAll @DoubleRange(min = 0, max = 0.49) double rho0,
      @ForAll @DoubleRange(min = 0, max = 0.49) double rho1) {
    Channel channel = new Channel(rho0, rho1);
    for (boolean right : new boolean[] {true, false}) {
      double accepted = right ? 1 - rho1 : rho0;
      double one = Mode.BACKWARD.of(1, channel);
      double zero = Mode.BACKWARD.of(0, channel);
      double mean = accepted * one + (1 - accepted) * zero;
      double variance =
          accepted * (one - mean) * (one - mean) + (1 - accepted) * (zero - mean) * (zero - mean);
      double c = 1 - rho0 - rho1;
      assertEquals(right ? 1 : 0, mean, 1e-10);
      assertEquals(accepted * (1 - accepted) / (c * c), variance, 1e-7);
    }
  }

  @Property(tries = 200)
  void theForwardWeightSparesRightAnswersAndPunishesWrongOnesByTheGain(
      @ForAll @DoubleRange(min = 0, max = 0.49) double rho0,
      @ForAll @DoubleRange(min = 0, max = 0.49) double rho1) {
    Channel channel = new Channel(rho0, rho1);
    double one = Mode.FORWARD.of(1, channel);
    double zero = Mode.FORWARD.of(0, channel);
    assertEquals(0, (1 - rho1) * one + rho1 * zero, 1e-12);
    assertEquals(-(1 - rho0 - rho1), rho0 * one + (1 - rho0) * zero, 1e-12);
    for (double verdict : new double[] {0, 1}) {
      assertEquals(
          channel.gain() * (Mode.BACKWARD.of(verdict, channel) - 1),
          Mode.FORWARD.of(verdict, channel),
          1e-12);
      assertTrue(Math.abs(Mode.FORWARD.of(verdict, channel)) <= 1);
    }
  }

  /** Backward: also when every response has a channel of its own. Forward: with one for all. */
  @Test
  void theExpectedPolicyGradientIsTheCleanOne() {
    double[] clean = gradient(Mode.BACKWARD, Collections.nCopies(3, Channel.CLEAN));
    // sum_y pi(y) R(y) (1[y = k] - pi(k)) = pi(0) (1[k = 0] - pi(k))
    assertArrayEquals(new double[] {0.16, -0.1, -0.06}, clean, 1e-15);

    List<Channel> own = List.of(new Channel(0.3, 0.6), new Channel(0.5, 0.1), new Channel(0, 0.2));
    assertArrayEquals(clean, gradient(Mode.BACKWARD, own), 1e-12);

    List<Channel> one = Collections.nCopies(3, new Channel(0.2, 0.3));
    double[] half = Arrays.stream(clean).map(g -> 0.5 * g).toArray();
    assertArrayEquals(half, gradient(Mode.FORWARD, one), 1e-12);
  }

  /** The expected gradient over responses and verdicts, by enumeration. */
  private static double[] gradient(Mode mode, List<Channel> channels) {
    double[] gradient = new double[POLICY.length];
    for (int y = 0; y < POLICY.length; y++) {
      Channel channel = channels.get(y);
      double accepted = RIGHT[y] ? 1 - channel.falseNegative() : channel.falsePositive();
      double reward = accepted * mode.of(1, channel) + (1 - accepted) * mode.of(0, channel);
      for (int k = 0; k < POLICY.length; k++) {
        gradient[k] += POLICY[y] * reward * ((y == k ? 1 : 0) - POLICY[k]);
      }
    }
    return gradient;
  }

  @Property(tries = 100)
  void oneChannelForTheGroupIsUndoneByItsNormalisation(
      @ForAll @DoubleRange(min = 0, max = 0.45) double rho0,
      @ForAll @DoubleRange(min = 0, max = 0.45) double rho1) {
    double[] verdicts = {1, 0, 0, 1, 0};
    double[] raw = normalised(verdicts);
    for (Mode mode : Mode.values()) {
      var correction = new NoiseCorrection(mode, new Channel(rho0, rho1));
      double[] corrected = Arrays.stream(verdicts).map(v -> correction.of(v, NONE)).toArray();
      assertArrayEquals(raw, normalised(corrected), 1e-9);
    }
    // and two channels are not
    double[] mixed = {
      Mode.BACKWARD.of(1, new Channel(0, 0.5)), 0, 0, Mode.BACKWARD.of(1, Channel.CLEAN), 0
    };
    assertTrue(Math.abs(normalised(mixed)[0] - raw[0]) > 0.1);
  }

  private static double[] normalised(double[] rewards) {
    List<Reward> given = Arrays.stream(rewards).<Reward>mapToObj(Reward::of).toList();
    Group group = new Group(Collections.nCopies(given.size(), Sample.of("p", "r")), given);
    return new GroupNormalised(1e-12).of(group).values();
  }

  @Test
  void eachSampleIsCorrectedByTheRatesOfItsClass() {
    RewardSpec spec =
        RewardSpec.parse(
            """
            signals: { correct: { column: verdict } }
            transform:
              correct:
                - noise-correction:
                    mode: backward
                    false-positive: 0.2
                    by: form
                    classes: { fraction: { false-positive: 0, false-negative: 0.5 } }
            """,
            "reward.yaml",
            Path.of("."));
    try (Scorer scorer = new Scorer(spec)) {
      assertEquals(2, value(scorer.score(sample("fraction", 1))), 1e-12); // (1 - 0) / 0.5
      assertEquals(1, value(scorer.score(sample("decimal", 1))), 1e-12); // (1 - 0.2) / 0.8
      assertEquals(-0.25, value(scorer.score(sample("decimal", 0))), 1e-12); // -0.2 / 0.8
      Reward unknown = scorer.score(Sample.of("p", "r").withResponse("s"));
      assertTrue(unknown instanceof Unscored);
      assertTrue(
          scorer.score(sample(Optional.empty(), 1)) instanceof Unscored missing
              && missing.reason().contains("'form' is missing"));
      assertTrue(
          scorer.score(sample("decimal", 37)) instanceof Unscored wrong
              && wrong.reason().contains("[0, 1], not 37"));
    }
  }

  private static double value(Reward reward) {
    return ((Scored) reward).value();
  }

  private static Sample sample(String form, double verdict) {
    return sample(Optional.of(form), verdict);
  }

  private static Sample sample(Optional<String> form, double verdict) {
    Sample bare = Sample.of("p", "r");
    Map<String, Object> columns =
        form.<Map<String, Object>>map(f -> Map.of("verdict", verdict, "form", f))
            .orElse(Map.of("verdict", verdict));
    return new Sample(bare.id(), bare.prompt(), bare.response(), bare.reference(), columns);
  }

  @Test
  void aVerdictThatSaysNothingOrTheOppositeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Channel(0.5, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new Channel(0.7, 0.6));
    assertThrows(IllegalArgumentException.class, () -> new Channel(-0.1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Channel(0, Double.NaN));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new NoiseCorrection(Mode.FORWARD, 0, 0, Optional.empty(), Map.of("a", Channel.CLEAN)));
  }
}
