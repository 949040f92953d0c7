package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SurfaceTest {
  @Test
  void lengthCountsCharactersNotHalvesOfThem() {
    assertEquals(3, Surface.LENGTH.of("12345678"), 1e-12);
    assertEquals(1, Surface.LENGTH.of("😀😀"), 1e-12);
    assertEquals(0, Surface.LENGTH.of(""), 1e-12);
  }

  @Test
  void listItemsAreMarksAtTheBeginningOfALine() {
    assertEquals(
        2,
        Surface.LISTS.of("- one\n  * two\n3. three\nnot - this\n2.5 is a number"),
        1e-12); // 3 items
    assertEquals(0, Surface.LISTS.of("plain"), 1e-12);
  }

  @Test
  void emphasisIsHeadingsAndBold() {
    assertEquals(
        2,
        Surface.EMPHASIS.of("# Title\nsome **bold** and **more**, not * this *"),
        1e-12); // 3 marks
  }

  @Test
  void codeCountsRunsOfBackticks() {
    assertEquals(Math.log(5) / Math.log(2), Surface.CODE.of("`a` and ```b```"), 1e-12); // 4 runs
  }
}
