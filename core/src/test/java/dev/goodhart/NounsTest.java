package dev.goodhart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The nouns are validated where they are made, and nothing can change them afterwards. */
class NounsTest {
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aRewardIsFinite(double value) {
    assertEquals(
        "a reward must be finite, not " + value,
        assertThrows(ArithmeticException.class, () -> Reward.of(value)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -0.1})
  void aRewardsDeviationIsFiniteAndNotNegative(double deviation) {
    assertEquals(
        "a reward's deviation must be finite and at least 0, not " + deviation,
        assertThrows(ArithmeticException.class, () -> new Scored(1, deviation)).getMessage());
  }

  @Test
  void anotherValueIsCheckedAsWell() {
    assertThrows(ArithmeticException.class, () -> Reward.of(1).withValue(Double.NaN));
  }

  @Test
  void partsAreKeptInOrderAndCannotBeChanged() {
    Map<String, Reward> parts = new LinkedHashMap<>();
    parts.put("z", Reward.of(1));
    parts.put("a", Reward.unscored("timeout"));
    Scored reward = new Scored(1, OptionalDouble.empty(), parts);
    parts.clear();
    assertEquals(List.of("z", "a"), List.copyOf(reward.parts().keySet()));
    assertThrows(UnsupportedOperationException.class, () -> reward.parts().clear());
  }

  @Test
  void anUnscoredSampleSaysWhyAndItsKindEndsAtTheColon() {
    assertEquals("timeout", Reward.unscored("timeout: 5 s in case 3").kind());
    assertEquals("no answer", Reward.unscored("no answer").kind());
    assertThrows(IllegalArgumentException.class, () -> Reward.unscored(" "));
  }

  @Test
  void aPlainPromptIsOneUserTurnAndAnEmptyOneIsNone() {
    assertEquals(List.of(Message.user("hi")), Prompt.of("hi").messages());
    assertEquals("hi", Prompt.of("hi").text());
    assertEquals(Prompt.NONE, Prompt.of(""));
    assertEquals("", Prompt.NONE.text());
  }

  @Test
  void aDialogueReadsWithItsRoles() {
    Prompt prompt =
        new Prompt(
            List.of(
                new Message("system", "Be brief."), Message.user("2+2?"), Message.assistant("4")));
    assertEquals("system: Be brief.\n\nuser: 2+2?\n\nassistant: 4", prompt.text());
    assertEquals("system: x", new Prompt(List.of(new Message("system", "x"))).text());
  }

  @Test
  void aPromptCannotBeChangedThroughTheListItWasMadeOf() {
    List<Message> messages = new ArrayList<>(List.of(Message.user("a")));
    Prompt prompt = new Prompt(messages);
    messages.add(Message.user("b"));
    assertEquals(1, prompt.messages().size());
  }

  @Test
  void aMessageNeedsARole() {
    assertThrows(IllegalArgumentException.class, () -> new Message(" ", "text"));
    assertEquals("", Message.assistant("").content());
  }

  @Test
  void columnsMayHoldNullAndKeepTheirOrder() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("z", null);
    columns.put("a", 1);
    Sample sample = new Sample("1", Prompt.of("p"), "r", null, columns);
    columns.put("late", 2);
    assertEquals(List.of("z", "a"), List.copyOf(sample.columns().keySet()));
    assertTrue(sample.columns().containsKey("z"));
    assertThrows(UnsupportedOperationException.class, () -> sample.columns().remove("a"));
  }

  @Test
  void anotherResponseKeepsThePromptTheReferenceAndTheColumns() {
    Sample sample = new Sample("7", Prompt.of("p"), "r", "42", Map.of("k", 1));
    assertEquals(
        new Sample("7", Prompt.of("p"), "s", "42", Map.of("k", 1)), sample.withResponse("s"));
  }

  private static Preference preference(double probability, OptionalDouble strength, double weight) {
    return new Preference("", Prompt.of("p"), "a", "b", probability, strength, weight, Map.of());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void aPreferencesProbabilityIsOne(double probability) {
    assertThrows(
        IllegalArgumentException.class, () -> preference(probability, OptionalDouble.empty(), 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void aPreferencesStrengthAndWeightAreFiniteAndNotNegative(double value) {
    assertThrows(IllegalArgumentException.class, () -> preference(1, OptionalDouble.of(value), 1));
    assertThrows(
        IllegalArgumentException.class, () -> preference(1, OptionalDouble.empty(), value));
  }

  @Test
  void halfIsATieAndOnlyHalf() {
    assertTrue(preference(0.5, OptionalDouble.empty(), 1).isTie());
    assertFalse(preference(1, OptionalDouble.empty(), 1).isTie());
    assertFalse(preference(0, OptionalDouble.of(0), 0).isTie());
  }

  @Test
  void aPreferenceIsTwoSamplesOfOnePrompt() {
    Preference preference = Preference.of("p", "good", "bad");
    assertEquals("good", preference.chosenSample().response());
    assertEquals("bad", preference.rejectedSample().response());
    assertEquals(preference.chosenSample().prompt(), preference.rejectedSample().prompt());
  }

  @Test
  void aGroupAnswersOnePromptWithOneRewardASample() {
    Sample sample = Sample.of("p", "r");
    assertThrows(
        IllegalArgumentException.class,
        () -> new Group(List.of(sample), List.of(Reward.of(1), Reward.of(2))));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new Group(
                        List.of(sample, new Sample("7", Prompt.of("q"), "r", null, Map.of())),
                        List.of(Reward.of(1), Reward.of(2))))
            .getMessage();
    assertEquals("sample '7' answers another prompt than its group", message);
  }

  @Test
  void aGroupMasksWhatIsUnscored() {
    Sample sample = Sample.of("p", "r");
    Group group =
        new Group(
            List.of(sample, sample, sample),
            List.of(Reward.of(3), Reward.unscored("timeout"), Reward.of(0)));
    assertArrayEquals(new boolean[] {true, false, true}, group.mask());
    assertArrayEquals(new double[] {3, 0}, group.scored());
    assertEquals(3, group.size());
    assertEquals(0, new Group(List.of(), List.of()).size());
  }

  @Test
  void aTrajectoryHasAStep() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Trajectory("", Prompt.NONE, List.of(), new HashMap<>()));
    Trajectory one =
        new Trajectory(
            "", Prompt.NONE, List.of(new Trajectory.Step("look", "a door", null)), Map.of());
    assertEquals("look", one.steps().getFirst().action());
  }
}
