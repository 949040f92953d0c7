package dev.goodhart.verify.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When an output or a result is the expected one. */
class MatchTest {
  private static final OutputMatch LINES = new OutputMatch(Comparison.LINES, 1e-6);

  @ParameterizedTest
  @CsvSource({
    "'1 2\n3\n', '1 2\n3', true",
    "'1 2\n3\n', '1  2 \n3\n\n \n', true",
    "'1 2\n3', '1 2 3', false",
    "'1 2', '1\n2', false",
    "'0.5', '0.5000001', true",
    "'0.5', '0.50001', false",
    "'1e3', '1000', true",
    "'1.0', '1', true",
    "'1', '1.0', false",
    "'1000000.5', '1000001.0', true",
    "'5', '5.0000001', false",
    "'nan', 'nan', true",
    "'nan', '0', false",
    "'YES', 'yes', false",
    "'', '\n', true",
    "'12345678901234567890', '12345678901234567891', false",
    "'0.1', '1e999', false",
    "'١', '1', false"
  })
  void linesMatchWordByWord(String expected, String actual, boolean matches) {
    assertEquals(matches, LINES.matches(expected, actual));
  }

  @Test
  void whiteSpaceMattersAsMuchAsItIsSaid() {
    OutputMatch words = new OutputMatch(Comparison.WORDS, 0);
    OutputMatch exact = new OutputMatch(Comparison.EXACT, 0);
    assertTrue(words.matches("1 2\n3", "1\n2 3"));
    assertFalse(words.matches("0.5", "0.50"));
    assertFalse(exact.matches("1\n", "1"));
    assertTrue(exact.matches(" *\n", " *\n"));
  }

  @Test
  void valuesMatchAsJson() {
    ValueMatch match = new ValueMatch(1e-6);
    assertTrue(
        match.matches(List.of(1, 2.5, "a", true), List.of(BigInteger.ONE, 2.5000001, "a", true)));
    assertTrue(match.matches(3, 3.0));
    assertFalse(match.matches(3, 3.0000001));
    assertFalse(match.matches("3", BigInteger.valueOf(3)));
    assertFalse(match.matches(3, "3"));
    assertTrue(match.matches(Map.of("a", List.of()), Map.of("a", List.of())));
    assertFalse(match.matches(Map.of("a", 1), Map.of("a", 1, "b", 2)));
    assertFalse(match.matches(List.of(), Map.of()));
    assertFalse(match.matches(0, Double.NaN));
    assertFalse(match.matches(0.5, Double.NaN));
    assertFalse(match.matches(1e308, Double.POSITIVE_INFINITY));
    assertTrue(match.matches(null, null));
    assertFalse(match.matches(0, null));
    assertFalse(match.matches(null, false));
  }

  @Test
  void answersOfACandidateAreReadWithCare() {
    assertEquals(
        List.of(), Wire.answers(java.nio.ByteBuffer.wrap(new byte[] {9, 0, 0, 0, '{'}), 3));
    assertEquals(
        new Wire.Answer.Value(new BigInteger("ff", 16)), one("{\"value\": {\"i\": \"0xff\"}}"));
    assertEquals(
        new Wire.Answer.Value(List.of(Double.NaN)),
        one("{\"value\": {\"t\": [{\"f\": \"nan\"}]}}"));
    assertEquals(
        new Wire.Answer.Value(Map.of("1", true)), one("{\"value\": {\"d\": [[1, true]]}}"));
    for (String bad :
        List.of(
            "",
            "[",
            "{\"value\": {\"i\": \"zz\"}}",
            "{\"value\": {\"f\": \"1\"}}",
            "{\"value\": {}}",
            "{\"value\": {\"d\": [1]}}",
            "{}",
            "3")) {
      assertTrue(one(bad) instanceof Wire.Answer.Malformed, bad);
    }
  }

  private static Wire.Answer one(String frame) {
    byte[] bytes = frame.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] framed =
        java.nio.ByteBuffer.allocate(4 + bytes.length)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .putInt(bytes.length)
            .put(bytes)
            .array();
    return Wire.answers(java.nio.ByteBuffer.wrap(framed), 1).getFirst();
  }
}
