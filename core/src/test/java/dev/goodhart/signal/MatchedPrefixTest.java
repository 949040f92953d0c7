package dev.goodhart.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchedPrefixTest {
  private static Reward reward(String response, String finish) {
    return new MatchedPrefix()
        .of(new Sample("", Prompt.of("1,2:5,3"), response, "3,4,0", Map.of("finish", finish)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', eos, 0",
    "'4,4,0', eos, 0",
    "'3', eos, 1",
    "'3,4', eos, 3",
    "'3,4,1', eos, 4",
    "'3,4,0', eos, 6",
    "'3,4,0', length, 5",
    "'3,4,0,1', eos, 5"
  })
  void whatAgreesFromTheBeginningIsPaid(String response, String finish, int sixths) {
    assertEquals(sixths / 6.0, ((Scored) reward(response, finish)).value(), 1e-12);
  }

  @Test
  void eachCharacterThatAgreesIsAStep() {
    Reward steps = reward("3,5", "eos").parts().get("steps");

    assertEquals(java.util.Set.of("1", "2"), steps.parts().keySet());
    assertEquals(1 / 6.0, ((Scored) steps.parts().get("2")).value(), 1e-12);
  }

  @Test
  void withoutAReferenceThereIsNoVerdict() {
    assertInstanceOf(Unscored.class, new MatchedPrefix().of(Sample.of("1", "2")));
  }
}
