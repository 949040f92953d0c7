package dev.goodhart.neural.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Property(tries = 2000)
  void whereThePiecesEndDoesNotMatter(
      @ForAll("pieces") List<String> pieces, @ForAll("stops") List<String> stops) {
    String whole = String.join("", pieces);
    StopStrings found = new StopStrings(stops);
    StringBuilder text = new StringBuilder();
    List<String> given = new ArrayList<>();
    for (String piece : pieces) {
      text.append(found.add(piece));
      given.add(text.toString());
    }
    text.append(found.end());

    assertEquals(cut(whole, stops), text.toString());
    assertEquals(!cut(whole, stops).equals(whole), found.stopped());
    // What was given out is never taken back.
    for (String early : given) assertEquals(early, text.substring(0, early.length()));
  }

  /** Letter by letter: the first moment at which the text ends in a stop string. */
  private static String cut(String whole, List<String> stops) {
    for (int end = 1; end <= whole.length(); end++) {
      int shortest = Integer.MAX_VALUE;
      for (String stop : stops) {
        if (whole.startsWith(stop, end - stop.length())) {
          shortest = Math.min(shortest, end - stop.length());
        }
      }
      if (shortest < Integer.MAX_VALUE) return whole.substring(0, shortest);
    }
    return whole;
  }

  @Test
  void whatMayBecomeAStopStringIsHeldBack() {
    StopStrings stops = new StopStrings(List.of("\n\nQ:"));
    assertEquals("one", stops.add("one\n"));
    assertEquals("", stops.add("\n"));
    assertEquals("", stops.add("Q"));
    assertEquals("\n\nQuite", stops.add("uite"));
    assertEquals(" so.", stops.add(" so.\n\nQ: two"));
    assertEquals("", stops.add("more"));
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.strings().withChars("ab").ofMaxLength(4).list().ofMaxSize(12);
  }

  @Provide
  Arbitrary<List<String>> stops() {
    return Arbitraries.strings().withChars("ab").ofMinLength(2).ofMaxLength(6).list().ofMaxSize(3);
  }
}
