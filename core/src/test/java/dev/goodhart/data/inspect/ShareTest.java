package dev.goodhart.data.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShareTest {
  /** Solved by hand from (p̂ - p)² = z² p (1 - p) / n, whose two roots the interval's ends are. */
  @Test
  void endsSolveTheirEquation() {
    // 8 of 10: 13.8415 p² - 19.8415 p + 6.4 = 0, so p = 0.49016 or 0.94331.
    Share share = new Share(8, 10);
    assertEquals(0.49016, share.low(), 1e-5);
    assertEquals(0.94331, share.high(), 1e-5);
    // None of 20: from 0 to z² / (n + z²) = 3.84146 / 23.84146.
    Share none = new Share(0, 20);
    assertEquals(0, none.low(), 1e-12);
    assertEquals(0.161125, none.high(), 1e-6);
  }

  @Property
  void theIntervalHoldsTheShareAndIsSymmetric(
      @ForAll @IntRange(max = 50) int count, @ForAll @IntRange(min = 50, max = 500) int of) {
    Share share = new Share(count, of);
    assertTrue(0 <= share.low() && share.low() <= share.value() + 1e-12);
    assertTrue(share.value() <= share.high() + 1e-12 && share.high() <= 1);
    assertEquals(1 - share.low(), new Share(of - count, of).high(), 1e-12);
  }

  @Test
  void casesOfOnePromptAreOneCaseWhenTheyAlwaysAgree() {
    Clustered clustered = new Clustered(1000);
    for (int prompt = 0; prompt < 40; prompt++) {
      for (int i = 0; i < 5; i++) {
        clustered.add(1000 + 2L * prompt, prompt < 30 ? 1 : 0);
      }
    }
    // p = ¾. V = 40/39 · (30 · (5/4)² + 10 · (15/4)²) / 200², and p(1-p)/V = 39 of 200 cases.
    Share share = clustered.share();
    assertEquals(0.75, share.value(), 1e-12);
    assertEquals(39, share.n(), 1e-9);
    assertEquals(200, share.of());
  }

  @Test
  void casesOfTheirOwnPromptsAreAllIndependent() {
    Clustered clustered = new Clustered(10_000);
    for (int i = 0; i < 1000; i++) {
      clustered.add(1 + 2L * i, i % 4 == 0 ? 1 : 0);
    }
    assertEquals(999, clustered.share().n(), 1e-6);
    Clustered alike = new Clustered(100);
    for (int i = 0; i < 50; i++) {
      alike.add(1 + 2L * (i % 10), 1);
    }
    assertEquals(10, alike.share().n(), 1e-12); // all succeed: no better than ten prompts
  }

  @Test
  void reads() {
    assertEquals("80.0 % [49.0, 94.3] of 10", new Share(8, 10).text());
    assertEquals("–", new Share(0, 0).text());
  }
}
