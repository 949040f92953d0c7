package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.Gated;
import java.util.List;
import org.junit.jupiter.api.Test;

class HyperParameterTest {
  @Test
  void saysWhatASpecMayHold() {
    assertEquals(
        List.of(
            new HyperParameter("of", "list of text", true, ""),
            new HyperParameter(
                "objective", "mean | median | wco | uwo | mean-minus-std", false, "mean"),
            new HyperParameter("lambda", "number", false, "0.5")),
        HyperParameter.of(ConservativeEnsemble.class));
    assertEquals("combine", HyperParameter.of(Gated.class).getFirst().type());
  }

  @Test
  void everyTypeHasItsWords() {
    assertEquals(
        List.of(
            "number",
            "whole number",
            "whole number",
            "true or false",
            "text",
            "path",
            "one-way | other",
            "list of text",
            "number by name",
            "inner",
            "inner",
            "number",
            "whole number",
            "text",
            "whole number",
            "text",
            "anything"),
        HyperParameter.of(TestMethods.Everything.class).stream()
            .map(HyperParameter::type)
            .toList());
  }

  @Test
  void whatMayBeLeftOutIsNotRequired() {
    List<String> required =
        HyperParameter.of(TestMethods.Everything.class).stream()
            .filter(HyperParameter::required)
            .map(HyperParameter::key)
            .toList();
    assertEquals(
        List.of(
            "number",
            "count",
            "big",
            "flag",
            "text",
            "path",
            "kind",
            "texts",
            "numbers",
            "inner",
            "anything"),
        required);
  }
}
