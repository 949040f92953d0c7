package dev.goodhart.verify.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import dev.goodhart.verify.text.Bmas.Mean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the types of a mixture are rewarded by: BMAS, relaxed numbers, the route to them. */
class MixedRewardTest {
  private static float[] at(double angle) {
    return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
  }

  @Test
  void bmasByHand() {
    // Response at 0 and 90 degrees, reference at 60: cosines 1/2 and sqrt(3)/2
    List<float[]> response = List.of(at(0), at(Math.PI / 2));
    List<float[]> reference = List.of(at(Math.PI / 3));
    double forward = (0.5 + Math.sqrt(3) / 2) / 2;
    double backward = Math.sqrt(3) / 2;
    Scored scored = Bmas.of(response, reference, Mean.ARITHMETIC);
    assertEquals((forward + backward) / 2, scored.value(), 1e-6);
    assertEquals(forward, ((Scored) part(scored, "forward")).value(), 1e-6);
    assertEquals(backward, ((Scored) part(scored, "backward")).value(), 1e-6);
    assertEquals(
        2 * forward * backward / (forward + backward),
        Bmas.of(response, reference, Mean.HARMONIC).value(),
        1e-6);
    assertEquals(0, Bmas.of(List.of(at(Math.PI)), List.of(at(0)), Mean.ARITHMETIC).value(), 0);
    assertEquals(0, Bmas.of(List.of(), reference, Mean.ARITHMETIC).value(), 0);
  }

  private static Reward part(Scored scored, String name) {
    return scored.parts().getOrDefault(name, Reward.unscored("none"));
  }

  @Property(tries = 200)
  void bmasIsSymmetricAndOneForTheSameWordsInAnyOrder(
      @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = -3, max = 3) Double> a,
      @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = -3, max = 3) Double> b) {
    List<float[]> p = a.stream().map(MixedRewardTest::at).toList();
    List<float[]> g = b.stream().map(MixedRewardTest::at).toList();
    for (Mean mean : Mean.values()) {
      double value = Bmas.of(p, g, mean).value();
      assertTrue(value >= 0 && value <= 1 + 1e-6);
      assertEquals(value, Bmas.of(g, p, mean).value(), 1e-9);
      assertEquals(1, Bmas.of(p, p.reversed(), mean).value(), 1e-5);
    }
  }

  @Test
  void numbersFromChartsAreForgivenFivePercent() {
    Relaxed relaxed = new Relaxed(0.05, Within.RESPONSE, Optional.empty());
    assertEquals(1, relaxed(relaxed, "105", "100"));
    assertEquals(1, relaxed(relaxed, "-95", "-100"));
    assertEquals(0, relaxed(relaxed, "105.1", "100"));
    assertEquals(1, relaxed(relaxed, "1,020", "1000"));
    assertEquals(1, relaxed(relaxed, "0.04", "0")); // absolute at 0
    assertEquals(0, relaxed(relaxed, "0.06", "0"));
    assertEquals(1, relaxed(relaxed, "51%", "50 %"));
    assertEquals(0, relaxed(relaxed, "50", "50%"));
    assertEquals(1, relaxed(relaxed, " France ", "france"));
    assertEquals(0, relaxed(relaxed, "e5", "5"));
    assertEquals(0, relaxed(relaxed, "", "5"));
    assertEquals(0, relaxed(relaxed, "10,0", "100"));
    assertInstanceOf(Unscored.class, relaxed.of(Sample.of("p", "5")));
  }

  private static double relaxed(Relaxed relaxed, String text, String reference) {
    return ((Scored) relaxed.of(Sample.of("p", text, reference))).value();
  }

  /** A group has one prompt and so one type: the scale of another type never enters. */
  @Test
  void aMixtureIsScoredByTypeAndEachGroupNormalisedByItself(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("v.txt"), "cat 1 0\ndog 0.8 0.6\ncar 0 1\n");
    RewardSpec spec =
        RewardSpec.parse(
            """
            signals:
              right:
                routed:
                  by: task
                  types:
                    chart: { relaxed: {} }
                    caption: { bmas: { vectors: v.txt } }
            """,
            "reward.yaml",
            folder);
    try (Scorer scorer = new Scorer(spec)) {
      assertEquals(List.of(1.0, 0.0), values(scorer, "chart", "100", List.of("104", "90")));
      List<Double> captions = values(scorer, "caption", "cat", List.of("cat", "dog", "car"));
      assertEquals(1, captions.get(0), 1e-6);
      assertEquals(0.8, captions.get(1), 1e-6);
      assertEquals(0, captions.get(2), 1e-6);
      List<Sample> samples = new ArrayList<>();
      List<Reward> rewards = new ArrayList<>();
      for (double value : captions) {
        samples.add(Sample.of("p", "r"));
        rewards.add(Reward.of(value));
      }
      double[] advantages = new GroupNormalised(1e-12).of(new Group(samples, rewards)).values();
      // mean 0.6, squares 0.16 + 0.04 + 0.36 over 2
      assertEquals(0.4 / Math.sqrt(0.28), advantages[0], 1e-5);
    }
  }

  private static List<Double> values(
      Scorer scorer, String task, String reference, List<String> responses) {
    return responses.stream()
        .map(r -> Sample.of("p", r, reference))
        .map(s -> new Sample("", s.prompt(), s.response(), s.reference(), Map.of("task", task)))
        .map(s -> ((Scored) scorer.score(s)).value())
        .toList();
  }
}
