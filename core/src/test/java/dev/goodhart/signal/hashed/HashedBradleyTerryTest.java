package dev.goodhart.signal.hashed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.data.Example;
import dev.goodhart.run.Progress;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.HeldOut;
import dev.goodhart.signal.fit.PreferenceData;
import dev.goodhart.signal.fit.PreferenceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashedBradleyTerryTest {
  private static final HashedBradleyTerry SMALL =
      new HashedBradleyTerry(
          14, HashedBradleyTerry.DEFAULT.features(), 0.03, 20, 10, 0, 1, 0.2, 0.2);

  private static Fit fit(HashedBradleyTerry method, List<Example> examples) {
    return method.fit(examples, 1, Progress.NONE);
  }

  private static double reward(Signal model, String prompt, String response) {
    return ((Scored) model.of(Sample.of(prompt, response))).value();
  }

  @Test
  void learnsMannersAndSaysHowSureItIs() {
    Fit fit = fit(SMALL, Politeness.pairs(600, 0.2, 1));
    HeldOut heldOut = fit.heldOut();
    assertEquals(120, heldOut.prompts());
    assertEquals(120, heldOut.comparisons());
    // A fifth of the labels is wrong: who knows the manners is right four times in five.
    assertEquals(0.8, heldOut.accuracy().estimate(), 0.1);
    assertEquals(0.5, heldOut.longer().estimate(), 0.15);
    assertTrue(heldOut.difference().isAbove(0), heldOut.difference().percent());
    double gap =
        reward(fit.model(), "What about it?", "I will kindly mend it.")
            - reward(fit.model(), "What about it?", "I will rudely mend it.");
    assertEquals(Math.log(4), gap, 0.8); // log-odds of four to one
    assertEquals(List.of(), fit.notes());
  }

  @Test
  void promptsThatTookPartAreKnownAgain() {
    List<Example> examples = Politeness.pairs(300, 0, 2);
    Fit fit = fit(SMALL, examples);
    long known =
        examples.stream()
            .filter(e -> fit.model().trainedOn(((Example.Pair) e).preference().prompt()))
            .count();
    assertEquals(240, known);
    assertEquals(192, fit.training().prompts());
    assertEquals(48, fit.training().developmentPrompts());
    Prompt first = ((Example.Pair) examples.get(0)).preference().prompt();
    Prompt shouted = Prompt.of("  " + first.text().toUpperCase(java.util.Locale.ROOT) + "\n");
    assertEquals(fit.model().trainedOn(first), fit.model().trainedOn(shouted));
    assertFalse(fit.model().trainedOn(Prompt.of("A new one")));
  }

  private static byte[] weights(Fit fit) {
    return WeightsFile.bytes(((HashedModel) fit.model()).members());
  }

  @Test
  void theNumberOfThreadsChangesNothing() throws Exception {
    List<Example> examples = Politeness.pairs(300, 0.2, 3);
    HashedBradleyTerry method = SMALL.withEnsemble(3);
    byte[] expected = weights(fit(method, examples));
    for (int threads : new int[] {1, 5}) {
      PreferenceData data;
      Features[] features;
      try (FeatureReader featureReader = new FeatureReader(method, threads)) {
        PreferenceReader reader = new PreferenceReader(featureReader);
        examples.forEach(reader::add);
        data = reader.data();
        features = featureReader.all();
      }
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        Fit fit =
            pool.submit(() -> new Fitting(method, data, features, 1, Progress.NONE).fit()).get();
        assertArrayEquals(expected, weights(fit));
      }
    }
  }

  @Test
  void membersDifferAndTheirMeanAndDeviationAreTheReward() {
    Signal model = fit(SMALL.withEnsemble(3), Politeness.pairs(300, 0.2, 4)).model();
    Reward reward = model.of(Sample.of("What about the lamp?", "I will gladly count the lamp."));
    List<Double> members =
        reward.parts().values().stream().map(part -> ((Scored) part).value()).toList();
    assertEquals(List.of("0", "1", "2"), List.copyOf(reward.parts().keySet()));
    double mean = (members.get(0) + members.get(1) + members.get(2)) / 3;
    double squares = members.stream().mapToDouble(m -> (m - mean) * (m - mean)).sum();
    assertEquals(mean, ((Scored) reward).value(), 1e-12);
    assertEquals(Math.sqrt(squares / 2), ((Scored) reward).deviation().orElseThrow(), 1e-12);
    assertTrue(((Scored) reward).deviation().orElseThrow() > 0);
  }

  @Test
  void aScoreDependsOnItsSampleAlone() {
    Signal model = fit(SMALL, Politeness.pairs(200, 0, 5)).model();
    List<Sample> samples =
        IntStream.range(0, 400)
            .mapToObj(i -> Sample.of("Ask " + i, "kindly count ".repeat(i % 40) + i))
            .toList();
    List<Reward> one = samples.stream().map(model::of).toList();
    assertEquals(one, samples.parallelStream().map(model::of).toList());
    assertEquals(one.reversed(), model.of(samples.reversed()));
  }

  @Test
  void aPairIsLearntFromTheOtherWayRoundWhenItsProbabilitySaysSo() {
    List<Example> turned = new ArrayList<>();
    for (Example e : Politeness.pairs(300, 0, 6)) {
      Preference p = ((Example.Pair) e).preference();
      turned.add(
          new Example.Pair(
              new Preference(
                  "",
                  p.prompt(),
                  p.rejected(),
                  p.chosen(),
                  0,
                  OptionalDouble.empty(),
                  1,
                  Map.of())));
    }
    assertEquals(1, fit(SMALL, turned).heldOut().accuracy().estimate(), 0.02);
  }

  @Test
  void labelsGiveTheLogOddsOfBeingGood() {
    List<Example> labels = new ArrayList<>();
    for (Example e : Politeness.pairs(400, 0, 7)) {
      Preference p = ((Example.Pair) e).preference();
      labels.add(new Example.Labelled(p.chosenSample(), 1));
      labels.add(new Example.Labelled(p.rejectedSample(), 0));
      labels.add(new Example.Labelled(p.rejectedSample().withResponse(p.rejected() + " "), 0));
    }
    Fit fit = fit(SMALL, labels);
    assertEquals(1, fit.heldOut().auroc().estimate(), 0.02);
    assertTrue(reward(fit.model(), "Ask", "I will kindly mend the lamp.") > 0);
    assertTrue(reward(fit.model(), "Ask", "I will rudely mend the lamp.") < 0);
    assertEquals(0, fit.heldOut().comparisons());
    assertFalse(fit.heldOut().accuracy().isKnown());
  }

  @Test
  void marginsPullPairsFurtherApart() {
    List<Example> strong = new ArrayList<>();
    for (Example e : Politeness.pairs(300, 0.3, 8)) {
      Preference p = ((Example.Pair) e).preference();
      strong.add(
          new Example.Pair(
              new Preference(
                  "", p.prompt(), p.chosen(), p.rejected(), 1, OptionalDouble.of(2), 1, Map.of())));
    }
    // Without development prompts nothing is scaled back.
    HashedBradleyTerry plain =
        new HashedBradleyTerry(14, SMALL.features(), 0.03, 20, 3, 0, 1, 0.2, 0);
    double[] gaps = new double[2];
    for (int i = 0; i < 2; i++) {
      Signal model = fit(plain.withMargin(i), strong).model();
      gaps[i] =
          reward(model, "Ask", "I will kindly mend it.")
              - reward(model, "Ask", "I will rudely mend it.");
    }
    assertTrue(gaps[1] > gaps[0] + 0.3, gaps[0] + " and " + gaps[1]);
  }

  @Test
  void whatCannotBeLearntFromIsSaid() {
    GoodhartException nothing = assertThrows(GoodhartException.class, () -> fit(SMALL, List.of()));
    assertTrue(nothing.getMessage().contains("nothing to learn from"), nothing.getMessage());
    Fit few = fit(SMALL.withHoldout(0), Politeness.pairs(30, 0, 9));
    assertTrue(few.notes().toString().contains("rest on 6"), few.notes().toString());
    assertTrue(few.notes().toString().contains("Nothing was held out"), few.notes().toString());
  }

  @Test
  void whereThereIsNothingToFindItSaysSoAndStaysNearZero() {
    Fit fit = fit(SMALL, Politeness.pairs(400, 0.5, 10));
    assertEquals(0.5, fit.heldOut().accuracy().estimate(), 0.15);
    double gap =
        reward(fit.model(), "Ask", "I will kindly mend it.")
            - reward(fit.model(), "Ask", "I will rudely mend it.");
    assertEquals(0, gap, 0.8);
  }

  @Test
  void aFileThatIsHeldOutMeasuresAloneAndNothingLikeItIsLearntFrom() {
    String text =
        "Please write a short story about a fox that crosses the wide river at night and finds a"
            + " lamp on the other side";
    try (FeatureReader features = new FeatureReader(SMALL)) {
      PreferenceReader reader = new PreferenceReader(features);
      reader.holdOut(true);
      reader.add(new Example.Pair(Preference.of(text, "kindly", "rudely")));
      reader.holdOut(false);
      reader.add(new Example.Pair(Preference.of(text + "!", "kindly", "rudely")));
      Politeness.pairs(100, 0, 11).forEach(reader::add);
      Fit fit = new Fitting(SMALL, reader.data(), features.all(), 1, Progress.NONE).fit();
      assertEquals(1, fit.heldOut().comparisons());
      assertEquals(80, fit.training().comparisons()); // a fifth of the hundred decides
      assertTrue(fit.notes().toString().contains("1 comparisons"), fit.notes().toString());
      assertFalse(fit.model().trainedOn(Prompt.of(text + "!")));
    }
  }
}
