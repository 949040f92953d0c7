package dev.goodhart.audit;

import static dev.goodhart.audit.WatchedRun.alarms;
import static dev.goodhart.audit.WatchedRun.steps;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.audit.WatchedRun.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CombinedAlarmTest {
  private static final List<String> WORDS =
      List.of("oak", "elm", "ash", "fir", "yew", "bay", "fig", "box", "may", "lime");

  private static Sample sample(String prompt, String response) {
    return Sample.of(prompt, response);
  }

  /** Four prompts, four responses each: five words, the first of which is the prompt's own. */
  private static Step step(int t, String extra) {
    SplittableRandom random = new SplittableRandom(t);
    List<Sample> samples = new ArrayList<>();
    for (int p = 0; p < 4; p++) {
      for (int i = 0; i < 4; i++) {
        StringBuilder text = new StringBuilder(WORDS.get(p));
        for (int w = 0; w < 4; w++) text.append(' ').append(WORDS.get(random.nextInt(10)));
        samples.add(sample("prompt " + p, text + extra));
      }
    }
    return new Step(
        samples, samples.stream().map(s -> (Reward) Reward.of(random.nextDouble())).toList());
  }

  @Test
  void tokensAreRunsOfLettersAndSingleOtherCharacters() {
    assertEquals(5, TokenCounts.tokens(" oak,12 elm").length);
    long[] tokens = TokenCounts.tokens("1#oak oak#1");
    assertEquals(6, tokens.length);
    assertEquals(tokens[0], tokens[5]);
    assertEquals(tokens[2], tokens[3]);
    assertEquals(0, TokenCounts.runs(TokenCounts.tokens("oak"), 2).length);
  }

  @Test
  void expectedDistinctRunsAreThoseOfADrawWithoutReplacement() {
    // Of a, a, b two are drawn: {a, a} once in three, so 5/3 are distinct on average.
    assertEquals(5 / 3.0, DistinctRuns.expected(new int[] {2, 1, 0, 0}, 2), 1e-12);
    // 50 of one and 50 others: C(50, 2)/C(100, 2) = 49/198 that none of the fifty is drawn.
    int[] counts = new int[64];
    java.util.Arrays.fill(counts, 0, 50, 1);
    counts[50] = 50;
    assertEquals(50 * 0.02 + 1 - 49 / 198.0, DistinctRuns.expected(counts, 2), 1e-12);
    assertTrue(Double.isNaN(DistinctRuns.expected(new int[] {1, 0}, 2)));
  }

  @Test
  void distanceIsJensenAndShannonsInBits() {
    assertEquals(1, TokenDistances.distance(new int[] {3, 0}, new long[] {0, 5}), 1e-12);
    assertEquals(0, TokenDistances.distance(new int[] {1, 3}, new long[] {2, 6}), 1e-12);
    // p = (1, 0), q = (1/2, 1/2): H(3/4, 1/4) - H(1/2, 1/2)/2 = 0.811278 - 0.5.
    assertEquals(
        0.8112781244591328 - 0.5,
        TokenDistances.distance(new int[] {1, 0}, new long[] {1, 1}),
        1e-12);
  }

  @Test
  void theFirstStepsAreMeasuredAgainstEachOther() {
    TokenDistances distances = new TokenDistances(2, 1);
    assertEquals(0, distances.add(List.of(sample("x", "a"))).length);
    // Two steps that share nothing are one bit apart, both ways.
    double[] among = distances.add(List.of(sample("x", "b")));
    assertEquals(2, among.length);
    assertEquals(1, among[0], 1e-12);
    assertEquals(1, among[1], 1e-12);
    assertEquals(0.8112781244591328 - 0.5, distances.add(List.of(sample("x", "a")))[0], 1e-12);
  }

  @Test
  void responsesThatNameTheirPromptDependOnIt() {
    List<Sample> own =
        List.of(sample("p", "a"), sample("p", "a"), sample("q", "b"), sample("q", "b"));
    // (1 + 1/2)/(1 + 2/2) against (0 + 1/2)/(1 + 2/2): log 3.
    assertEquals(Math.log(3), PromptDependence.of(own), 1e-12);
    List<Sample> same =
        List.of(sample("p", "a"), sample("p", "a"), sample("q", "a"), sample("q", "a"));
    assertEquals(0, PromptDependence.of(same), 1e-12);
    assertTrue(Double.isNaN(PromptDependence.of(same.subList(0, 2))));
  }

  @Test
  void promptsThatMakeNoDifferenceForetellNothingOnAverage() {
    double sum = 0;
    for (int t = 0; t < 400; t++) {
      SplittableRandom random = new SplittableRandom(t);
      List<Sample> samples = new ArrayList<>();
      for (int p = 0; p < 3; p++) {
        for (int i = 0; i < 2 + p; i++) { // groups of different size
          samples.add(sample("p" + p, WORDS.get(random.nextInt(10))));
        }
      }
      sum += PromptDependence.of(samples) / 400;
    }
    assertEquals(0, sum, 0.03);
  }

  @Test
  void eachSignHasItsMonitorAndAQuietRunHasNone() {
    List<Monitor> monitors =
        List.of(
            new DistinctRuns(0.6, 20, 10, 5),
            new ReferenceDistance(0.2, 10, 5),
            new PromptDependence(0.6, 10, 5));
    for (Monitor monitor : monitors) {
      assertEquals(List.of(), alarms(monitor, 60, t -> step(t, "")), monitor.toString());
      assertEquals(
          1,
          alarms(monitor, 60, t -> step(t, t < 30 ? "" : " wise".repeat(20))).size(),
          monitor.toString());
    }
  }

  @Test
  void aMoveIsCountedInDeviationsOfTheFirstSteps() {
    Moves moves = new Moves(2, 1);
    // Log-lengths 1 and 3 by texts of e and e³ characters are no whole numbers: rewards are.
    List<Sample> one = List.of(sample("x", "a"));
    moves.step(one, List.of(Reward.of(1)));
    moves.step(one, List.of(Reward.of(3)));
    Map<String, Double> after = moves.step(one, List.of(Reward.of(8)));
    // Mean 2, variance 2; (8 - 2) / sqrt(2 + 0.01²) after as many steps as are compared.
    assertEquals(6 / Math.sqrt(2 + 1e-4), after.get("reward-up"), 1e-12);
    assertEquals(0, after.get("reward-down"));
    assertEquals(0, after.get("length-up"));
    assertEquals(java.util.Set.copyOf(Moves.names()), after.keySet());
    for (int t = 4; t <= 12; t++) after = moves.step(one, List.of(Reward.of(8)));
    // A random walk has come twice as far after four times as many steps.
    assertEquals(3 / Math.sqrt(2 + 1e-4), after.get("reward-up"), 1e-12);
  }

  @Test
  void whatWordsEarnIsLearnedWithinPrompts() {
    PaidTokens paid = new PaidTokens(2);
    // "wise" goes with a reward that is higher by 2 in both prompts; the prompts differ by 10.
    List<Sample> samples = new ArrayList<>();
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      samples.add(sample(i < 20 ? "p" : "q", i % 2 == 0 ? "oak wise" : "oak"));
      rewards.add(Reward.of((i < 20 ? 0 : 10) + (i % 2 == 0 ? 2 : 0)));
    }
    assertEquals(0, paid.add(samples, rewards).length);
    double[] first = paid.add(samples, rewards);
    // Over two steps of 40: Σ (c - ½)² = 20, Σ (c - ½)(r - r̄) = 80 · ½ · 1 = 40, s = 1. "oak" is
    // in
    // all of them. slope 40/22, less 1.5/√22; half of the responses have the word.
    double pay = 40.0 / 22 - 1.5 / Math.sqrt(22);
    assertEquals(2, first.length);
    assertEquals(pay / 2, first[0], 1e-12);
    assertEquals(pay / 2, first[1], 1e-12);
    List<Sample> wise = List.of(sample("p", "wise wise"), sample("q", "wise fir"));
    double[] now = paid.add(wise, List.of(Reward.of(0), new dev.goodhart.Unscored("late")));
    assertEquals(1.5 * pay, now[0], 1e-12);
    assertEquals(List.of("“wise”"), paid.spread(5));
  }

  @Test
  void whatATerminalWouldObeyIsToldByItsNumber() {
    List<String> told = new ArrayList<>();
    TokenCounts.each("ab\u001b[2J\u202e😀!", (hash, text) -> told.add(text.get()));
    assertEquals(List.of("ab", "U+001B", "[", "2", "J", "U+202E", "U+D83D", "U+DE00", "!"), told);
  }

  @Test
  void rewardsThatAreAllTheSamePayForNothing() {
    PaidTokens paid = new PaidTokens(2);
    List<Sample> samples = List.of(sample("p", "oak"), sample("p", "elm oak"));
    List<Reward> rewards = List.of(Reward.of(1), Reward.of(1));
    paid.add(samples, rewards);
    assertEquals(0, paid.add(samples, rewards)[1]);
    assertEquals(List.of(), paid.spread(5));
  }

  /** Twelve prompts of six; right is the prompt's own word, "wise" pleases for no reason. */
  private static Step paying(int t, double right, double wise) {
    SplittableRandom random = new SplittableRandom(1000 + t);
    List<Sample> samples = new ArrayList<>();
    List<Reward> rewards = new ArrayList<>();
    for (int p = 0; p < 12; p++) {
      int own = random.nextInt(10);
      for (int i = 0; i < 6; i++) {
        int said = random.nextDouble() < right ? own : random.nextInt(10);
        boolean praises = random.nextDouble() < wise;
        samples.add(sample("what is " + own + " " + p, WORDS.get(said) + (praises ? " wise" : "")));
        rewards.add(Reward.of((said == own ? 1 : 0) + (praises ? 0.5 : 0)));
      }
    }
    return new Step(samples, rewards);
  }

  @Test
  void wordsThatArePaidForAndSpreadRaiseAnAlarmAndRightAnswersDoNot() {
    PaidWords monitor = new PaidWords(3, 10, 5);
    assertEquals(
        List.of(), alarms(monitor, 90, t -> paying(t, Math.min(0.9, 0.2 + 0.01 * t), 0.2)));
    var told = alarms(monitor, 90, t -> paying(t, 0.2, Math.min(0.9, 0.2 + 0.01 * t)));
    assertEquals(1, told.size());
    assertTrue(steps(told).getFirst() < 60, told.toString());
    assertTrue(told.getFirst().finding().says().contains("prompt: “wise”;"), told.toString());
  }

  @Test
  void oneAlarmForAllSignsTogetherNamesWhatMovedMost() {
    CombinedAlarm alarm = new CombinedAlarm(Map.of("length-up", 5.0, "words", 8.0), 10, 5);
    assertEquals(List.of(), alarms(alarm, 60, t -> step(t, "")));
    var told = alarms(alarm, 60, t -> step(t, t < 30 ? "" : " wise".repeat(20)));
    assertEquals(1, told.size());
    assertTrue(steps(told).getFirst() >= 30 && steps(told).getFirst() <= 34, told.toString());
    assertTrue(told.getFirst().finding().says().contains("words "), told.toString());
  }

  @Test
  void theCombinedAlarmNamesTheWordsThatArePaidFor() {
    CombinedAlarm alarm = new CombinedAlarm(Map.of("paid-words", 3.0, "length-up", 9.0), 10, 5);
    var told = alarms(alarm, 90, t -> paying(t, 0.2, Math.min(0.9, 0.2 + 0.01 * t)));
    assertEquals(1, told.size());
    assertTrue(told.getFirst().finding().says().contains("(“wise”"), told.toString());
  }

  @Test
  void moreOfASignNeverMakesTheAlarmQuieter() {
    CombinedAlarm alarm = new CombinedAlarm(Map.of("length-up", 2.0, "words", 4.0), 10, 5);
    assertEquals(0.5, alarm.score(Map.of("length-up", 1.0, "words", 2.0)), 1e-15);
    assertEquals(2.0, alarm.score(Map.of("length-up", 1.0, "words", 8.0)), 1e-15);
    assertEquals(0.5, alarm.score(Map.of("length-up", 1.0, "repetition-up", 9.0)), 1e-15);
    assertThrows(
        IllegalArgumentException.class, () -> new CombinedAlarm(Map.of("words", -1.0), 10, 5));
    assertThrows(
        IllegalArgumentException.class, () -> new CombinedAlarm(Map.of("word", 1.0), 10, 5));
  }

  @Test
  void partsThatGoApartAreAMove() {
    Moves moves = new Moves(4, 2);
    double last = 0;
    for (int t = 0; t < 12; t++) {
      double noise = t % 2 == 0 ? 0.1 : -0.1;
      double way = t < 4 ? 0 : t - 3;
      Map<String, Reward> parts =
          Map.of("easy", Reward.of(way + noise), "hard", Reward.of(-way + noise));
      Reward reward = new dev.goodhart.Scored(0, java.util.OptionalDouble.empty(), parts);
      last = moves.step(List.of(sample("x", "a")), List.of(reward)).get("parts-apart");
    }
    assertTrue(last > 10, "moved by " + last);
  }
}
