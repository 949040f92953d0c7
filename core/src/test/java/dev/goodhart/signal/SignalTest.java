package dev.goodhart.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalTest {
  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'one two', 7, 2",
    "' one\n\ntwo  three ', 17, 3",
    "'größe', 5, 1", // letters, not bytes
    "'🙂🙂', 2, 1", // characters, not pairs of surrogates
    "'   ', 3, 0"
  })
  void lengthCountsCharactersOrWords(String text, int characters, int words) {
    Sample sample = Sample.of("p", text);
    assertEquals(Reward.of(characters), new Length(Length.Unit.CHARACTERS).of(sample));
    assertEquals(Reward.of(words), new Length(Length.Unit.WORDS).of(sample));
  }

  private static Reward column(Object value) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("gold", value);
    return new Column("gold").of(new Sample("", Prompt.of("p"), "r", null, columns));
  }

  @Test
  void aColumnIsItsNumber() {
    assertEquals(Reward.of(-2), column(-2L));
    assertEquals(Reward.of(0.5), column(" 0.5 "));
    assertEquals(Reward.of(1), column(true));
    assertEquals(Reward.of(0), column(false));
  }

  @Test
  void whatIsNoNumberIsUnscoredAndNotZero() {
    assertEquals(Reward.unscored("no number: column 'gold' holds null"), column(null));
    assertEquals(Reward.unscored("no number: column 'gold' holds n/a"), column("n/a"));
    assertEquals(Reward.unscored("no number: column 'gold' holds "), column(""));
    assertEquals(Reward.unscored("no number: column 'gold' holds NaN"), column(Double.NaN));
    assertEquals(Reward.unscored("no number: column 'gold' holds Infinity"), column("Infinity"));
    assertEquals(
        Reward.unscored("no such column: 'gold'"), new Column("gold").of(Sample.of("p", "r")));
  }
}
