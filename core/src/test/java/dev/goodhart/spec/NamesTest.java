package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "GroupNormalised, group-normalised",
    "GROUP_NORMALISED, group-normalised",
    "BestOfN, best-of-n",
    "klCoefficient, kl-coefficient",
    "URLReader, url-reader",
    "top2Tokens, top2-tokens",
    "k, k",
    "UWO, uwo"
  })
  void javaNamesBecomeKebabCase(String java, String kebab) {
    assertEquals(kebab, Names.kebab(java));
  }

  @ParameterizedTest
  @CsvSource({
    "lenght, length", // two letters swapped
    "lngth, length", // one left out
    "lengthh, length", // one too many
    "legnht, length",
    "mathe, math",
    "Length, length"
  })
  void theClosestNameIsOffered(String typed, String meant) {
    assertEquals(
        Optional.of(meant), Names.closest(typed, List.of("math", "length", "reward-model")));
  }

  @ParameterizedTest
  @CsvSource({"xyz", "''", "sql", "m"})
  void nothingIsOfferedWhereNothingIsNear(String typed) {
    assertEquals(Optional.empty(), Names.closest(typed, List.of("math", "length", "reward-model")));
  }

  @Test
  void equallyCloseNamesAreOfferedInTheirOrder() {
    assertEquals(Optional.of("cat"), Names.closest("at", List.of("hat", "cat")));
    assertEquals(Optional.empty(), Names.closest("at", List.of()));
  }

  @Test
  void manyNamesAreCutShort() {
    List<String> many = java.util.stream.IntStream.range(0, 40).mapToObj(i -> "n" + i).toList();
    String known = Names.known(many);
    assertEquals(16, known.split(", n").length);
    assertEquals(true, known.endsWith(", ...; see 'goodhart methods --installed'"));
    assertEquals("there is none", Names.known(List.of()));
  }
}
