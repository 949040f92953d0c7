package dev.goodhart.verify.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers found in what models write. */
class ExtractionTest {
  static Stream<Arguments> sections() {
    return Suite.lines("extraction.tsv").stream()
        .filter(line -> line.startsWith("# "))
        .map(line -> Arguments.of(line.substring(2)));
  }

  @ParameterizedTest
  @MethodSource("sections")
  void rewardsOf(String section) {
    List<String> wrong = new ArrayList<>();
    String current = "";
    for (String line : Suite.lines("extraction.tsv")) {
      if (line.startsWith("# ")) {
        current = line.substring(2);
      } else if (current.equals(section)) {
        String[] parts = line.replace('⏎', '\n').split("\t", -1);
        String found = sign(new MathVerifier().of(Sample.of("", parts[2], parts[1])));
        if (!found.equals(parts[0])) {
          wrong.add(line + ", but " + found + " from " + MathAnswer.extract(parts[2]));
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static String sign(Reward reward) {
    if (!(reward instanceof Scored scored)
        || !(scored.parts().get("answered") instanceof Scored answered)) {
      return reward.toString();
    }
    return scored.value() == 1 ? "=" : answered.value() == 1 ? "!" : "0";
  }

  @Test
  void theSourceIsNamed() {
    assertEquals(
        Optional.of(new MathAnswer("5", AnswerSource.BOXED)), MathAnswer.extract("so \\boxed{5}"));
    assertEquals(
        Optional.of(new MathAnswer("5", AnswerSource.HASHES)), MathAnswer.extract("so\n#### 5"));
    assertEquals(
        Optional.of(new MathAnswer("5", AnswerSource.TAG)),
        MathAnswer.extract("<answer>5</answer>"));
    assertEquals(Optional.of(new MathAnswer("5", AnswerSource.WHOLE)), MathAnswer.extract("5"));
    assertEquals(
        Optional.of(new MathAnswer("5", AnswerSource.PHRASE)),
        MathAnswer.extract("The answer is 5"));
    assertEquals(
        Optional.of(new MathAnswer("5", AnswerSource.EXPRESSION)),
        MathAnswer.extract("that leaves her with just 5"));
  }

  @Test
  void theOrderDecides() {
    String response = "#### 3\nThe answer is 4, that is \\boxed{5}";
    assertEquals("5", text(response, MathAnswer.DEFAULT_ORDER));
    assertEquals("3", text(response, List.of(AnswerSource.HASHES, AnswerSource.BOXED)));
    assertEquals("4", text(response, List.of(AnswerSource.PHRASE)));
    assertEquals(
        Optional.empty(), MathAnswer.extract("The answer is 4", List.of(AnswerSource.BOXED)));
  }

  private static String text(String response, List<AnswerSource> order) {
    return MathAnswer.extract(response, order).orElseThrow().text();
  }
}
