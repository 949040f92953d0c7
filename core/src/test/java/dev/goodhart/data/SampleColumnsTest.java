package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleColumnsTest {
  @Test
  void agreedNamesAreTakenAndTheOthersStayColumns() {
    Sample sample =
        SampleColumns.sample(
            Map.of("id", 7, "prompt", "1 + 1?", "response", "2", "reference", 2, "level", "easy"));

    assertEquals("7", sample.id());
    assertEquals("1 + 1?", sample.prompt().text());
    assertEquals("2", sample.response());
    assertEquals("2", sample.reference());
    assertEquals(Map.of("level", "easy"), sample.columns());
  }

  @Test
  void aPromptMayBeMessages() {
    Sample sample =
        SampleColumns.sample(
            Map.of(
                "prompt",
                List.of(
                    Map.of("role", "system", "content", "Be brief."),
                    Map.of("role", "user", "content", "Hello")),
                "response",
                ""));

    assertEquals(
        List.of(new Message("system", "Be brief."), Message.user("Hello")),
        sample.prompt().messages());
    assertEquals("", sample.response());
    assertNull(sample.reference());
  }

  @Test
  void whatIsWrongIsNamed() {
    assertEquals("response: is missing", message(Map.of("prompt", "x")));
    assertEquals("response: expected text, not number", message(Map.of("response", 3)));
    assertEquals(
        "prompt: expected text or a list of messages {role, content}, not list of texts",
        message(Map.of("prompt", List.of("a"), "response", "b")));
    assertEquals(
        "reference: expected text or a number, not empty list",
        message(Map.of("response", "b", "reference", List.of())));
  }

  private static String message(Map<String, Object> columns) {
    return assertThrows(GoodhartException.class, () -> SampleColumns.sample(columns)).getMessage();
  }
}
