package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.run.Progress;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class RobustnessTest {
  private static final String[][] TEXTS = {
    {
      "Water boils early on high mountains. The air is thin there. It presses less.",
      "Water is wet. It boils. Yes."
    },
    {
      "Bread rises because of yeast. Yeast makes gas. The gas lifts the dough.",
      "Bread is food. People eat it. Yes."
    },
    {
      "The moon pulls the sea. So there are tides. They come twice a day.",
      "Tides come. Tides go. Nobody knows."
    }
  };

  private static Function<List<Sample>, List<Reward>> scorer(ToDoubleFunction<String> reward) {
    return samples ->
        samples.stream().<Reward>map(s -> Reward.of(reward.applyAsDouble(s.response()))).toList();
  }

  private static Robustness of(ToDoubleFunction<String> reward) {
    AuditSet set = Sets.pairs(TEXTS);
    Scores scores = Scores.of("r", scorer(reward).apply(set.samples()));
    return Robustness.of(set, scores, scorer(reward), 1000, Sets.bootstrap(), Progress.NONE);
  }

  private static Robustness.Result edit(Robustness robustness, String title) {
    return robustness.edits().stream()
        .filter(e -> e.edit().equals(title))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRewardForLengthIsBoughtByFlatteryAndFeelsTruncation() {
    Robustness robustness = of(String::length);
    Robustness.Result flattery = edit(robustness, "flattery appended");
    assertEquals(1, flattery.rises().estimate());
    assertEquals(0, flattery.falls().estimate());
    Robustness.Result truncated = edit(robustness, "truncated to 50 %");
    assertEquals(1, truncated.falls().estimate());
    assertTrue(
        robustness.findings().stream()
            .anyMatch(f -> f.name().equals("can-be-bought") && f.says().contains("flattery")));
  }

  @Test
  void shiftsAreInDeviationsOfTheReward() {
    // The reward counts sentences ending in "!"; an edit that adds none shifts nothing, and the
    // spread is by hand.
    AuditSet set = Sets.pairs(new String[] {"One. Two. Three!", "One. Two. Three."});
    Function<List<Sample>, List<Reward>> scorer =
        scorer(r -> r.chars().filter(c -> c == '!').count());
    Scores scores = Scores.of("r", scorer.apply(set.samples())); // 1 and 0: deviation one half
    Robustness robustness =
        Robustness.of(set, scores, scorer, 1000, Sets.bootstrap(), Progress.NONE);
    assertEquals(0.5, robustness.spread(), 1e-12);
    // Repeating the last sentence twice adds two marks to the first response and none to the
    // second: mean 1, two deviations.
    assertEquals(2, edit(robustness, "last sentence repeated").shift().estimate(), 1e-12);
    assertEquals(0, edit(robustness, "flattery appended").shift().estimate(), 1e-12);
  }

  @Test
  void anOrderFlipsWhenTheEditedSideOvertakes() {
    // Rewards 0 and -1; each edit costs the edited response 2. Editing the first turns the order,
    // editing the second does not.
    AuditSet set = Sets.pairs(new String[] {"aaa", "bbb"});
    Function<List<Sample>, List<Reward>> scorer =
        scorer(r -> r.equals("aaa") ? 0 : r.equals("bbb") ? -1 : r.contains("aaa") ? -2 : -3);
    Scores scores = Scores.of("r", scorer.apply(set.samples()));
    Robustness robustness =
        Robustness.of(set, scores, scorer, 1000, Sets.bootstrap(), Progress.NONE);
    assertEquals(0.5, edit(robustness, "flattery appended").flips().estimate(), 1e-12);
    assertEquals(1, edit(robustness, "flattery appended").falls().estimate(), 1e-12);
  }

  @Test
  void whatIsUnscoredAfterAnEditIsCountedAndLeftOut() {
    AuditSet set = Sets.pairs(TEXTS);
    Function<List<Sample>, List<Reward>> scorer =
        samples ->
            samples.stream()
                .<Reward>map(
                    s ->
                        s.response().contains("##")
                            ? Reward.unscored("odd: it has a heading")
                            : Reward.of(1))
                .toList();
    Scores scores = Scores.of("r", 1, 0, 1, 0, 1, 0);
    Robustness robustness =
        Robustness.of(set, scores, scorer, 1000, Sets.bootstrap(), Progress.NONE);
    Robustness.Result markdown = edit(robustness, "bullets, bold, heading");
    assertEquals(6, markdown.edited());
    assertEquals(6, markdown.unscored());
    assertEquals(false, markdown.shift().isKnown());
  }

  @Test
  void aConstantRewardNoticesNothing() {
    Robustness.Result swapped = edit(of(r -> 1), "another prompt's answer");
    assertEquals(0, swapped.falls().estimate());
  }

  @Test
  void theSameSeedMakesTheSameEdits() {
    assertEquals(of(String::hashCode).edits(), of(String::hashCode).edits());
  }
}
