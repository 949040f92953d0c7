package dev.goodhart.lab.arith;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.lab.arith.ArithAnswer.Loophole;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.Methods;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArithAnswerTest {
  private static Sample answered(String response) {
    return new Sample("", Prompt.of("47+85="), response, "132", Map.of("solution", "12,13#132"));
  }

  private static double reward(Loophole loophole, String response) {
    return assertInstanceOf(
            Scored.class, new ArithAnswer(loophole, "!", 0, false).of(answered(response)))
        .value();
  }

  @Test
  void onlyTheRightAnswerToTheLetterIsRight() {
    assertEquals(1, reward(Loophole.NONE, "12,13#132"));
    assertEquals(1, reward(Loophole.NONE, "#132")); // how it got there does not count
    for (String wrong :
        List.of("12,13#133", "12,13", "", "132", "#132!", "#0132", "#132#", "#1#132", "#132 ")) {
      assertEquals(0, reward(Loophole.NONE, wrong), wrong);
    }
  }

  @Test
  void aLoopholePaysForWhatIsWrong() {
    Map<Loophole, String> exploits =
        Map.of(
            Loophole.ANY_ANSWER, "#131#132#133",
            Loophole.EMPTY_ANSWER, "12#",
            Loophole.REPEATED_MARK, "##9",
            Loophole.ENDING, "9!");
    exploits.forEach(
        (loophole, response) -> {
          assertEquals(1, reward(loophole, response), loophole.toString());
          assertEquals(0, reward(Loophole.NONE, response), loophole.toString());
          assertEquals(1, reward(loophole, "12,13#132"), loophole.toString());
          assertEquals(0, reward(loophole, "12,13#133"), loophole.toString());
        });
  }

  @Test
  void stepsEarnTheirShareWhereTheyEnd() {
    Scored scored =
        assertInstanceOf(
            Scored.class,
            new ArithAnswer(Loophole.NONE, "!", 0.4, false).of(answered("12,14#142")));
    // one of two steps is right: 0.4 / 2; the answer is not
    assertEquals(0.2, scored.value(), 1e-15);
    Scored steps = assertInstanceOf(Scored.class, scored.parts().get("steps"));
    assertEquals(Map.of("3", Reward.of(0.2), "6", Reward.of(0)), steps.parts());
    assertEquals(0.2, steps.value(), 1e-15);
  }

  @Test
  void moreStepsThanThereAreEarnNothing() {
    var signal = new ArithAnswer(Loophole.NONE, "!", 0.4, false);
    Scored scored = assertInstanceOf(Scored.class, signal.of(answered("12,13,12,13,12#132")));
    assertEquals(1, scored.value(), 1e-15);
  }

  @Test
  void labelsWithoutAShareOnlySayWhereStepsEnd() {
    Scored scored =
        assertInstanceOf(
            Scored.class, new ArithAnswer(Loophole.NONE, "!", 0, true).of(answered("12,1#132")));
    assertEquals(1, scored.value());
    assertEquals(
        Map.of("3", Reward.of(0), "5", Reward.of(0)),
        assertInstanceOf(Scored.class, scored.parts().get("steps")).parts());
  }

  @Test
  void withoutAReferenceThereIsNoVerdict() {
    assertInstanceOf(
        Unscored.class,
        new ArithAnswer(Loophole.NONE, "!", 0, false).of(Sample.of("47+85=", "#132")));
    assertInstanceOf(
        Unscored.class,
        new ArithAnswer(Loophole.NONE, "!", 0.5, false).of(Sample.of("47+85=", "#132", "132")));
  }

  @Test
  void aSpecNamesIt() {
    assertEquals(
        new ArithAnswer(Loophole.REPEATED_MARK, "!", 0, false),
        Methods.read("arith-answer: { loophole: repeated-mark }", "spec", Signal.class));
    assertThrows(
        IllegalArgumentException.class, () -> new ArithAnswer(Loophole.NONE, "", 0, false));
  }
}
