package dev.goodhart.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AppealsTest {
  @Test
  void withoutFalsePositivesItIsTheShareOfTheRightAnswersThatWasRejected() {
    Appeals appeals = new Appeals(0.1, 1, 0);
    // 30 of the 100 heard were right, so 300 of the 1000 rejected; 900 accepted: 300 of 1200
    appeals.step(900, 1000, 100, 30);
    assertEquals(0.25, appeals.channel().falseNegative(), 1e-12);
  }

  /** 1000 right of which 200 rejected, 1000 wrong of which 100 accepted: the counts as expected. */
  @Test
  void wrongAnswersAmongTheAcceptedAreTakenOut() {
    Appeals appeals = new Appeals(1, 1, 0.1);
    appeals.step(800 + 100, 200 + 900, 1100, 200);
    assertEquals(0.2, appeals.channel().falseNegative(), 1e-12);
    assertEquals(0.1, appeals.channel().falsePositive());
  }

  @Test
  void earlierStepsFadeInCountsNotInRates() {
    Appeals appeals = new Appeals(1, 0.5, 0);
    appeals.step(8, 2, 2, 2); // fades to 4, 1, 1, 1
    appeals.step(2, 4, 4, 1); // 6 accepted, 5 rejected and heard, 2 of them right
    assertEquals(2.0 / 8, appeals.channel().falseNegative(), 1e-12);
  }

  @Test
  void theRateIsCutWhereTheCorrectionWouldBlowUpAndZeroBeforeThereIsEvidence() {
    Appeals none = new Appeals(0.1, 0.9, 0.2);
    assertEquals(new Channel(0.2, 0), none.channel());
    assertEquals(new Appeals.Estimate(0, 0, 0.75), none.estimate());
    none.step(0, 100, 0, 0);
    assertEquals(0, none.channel().falseNegative());
    none.step(0, 100, 10, 10);
    assertEquals(0.75, none.channel().falseNegative(), 1e-12);
  }

  /** Everything heard, no false positive, all right: a plain share, 2 and 2 added to the heard. */
  @Test
  void theIntervalOfAPlainShareIsTheTextbooks() {
    Appeals appeals = new Appeals(1, 1, 0);
    appeals.step(10_000, 10_000, 10_000, 10_000);
    Appeals.Estimate estimate = appeals.estimate();
    assertEquals(0.5, estimate.rate(), 1e-12);
    double slack = 1.96 * Math.sqrt(0.25 / 20_000);
    assertEquals(0.5 - slack, estimate.low(), 2e-4);
    assertEquals(0.5 + slack, estimate.high(), 2e-4);
  }

  @Test
  void noneOverturnedOfFewIsNotTakenForCertainty() {
    Appeals appeals = new Appeals(0.1, 1, 0);
    appeals.step(50, 50, 5, 0);
    assertEquals(0, appeals.estimate().rate());
    assertTrue(appeals.estimate().high() > 0.3, appeals.estimate().toString());
  }

  @Property(tries = 300)
  void theEstimateStaysWithinItsBoundsWhateverTheCounts(
      @ForAll @IntRange(max = 50) int accepted,
      @ForAll @IntRange(max = 50) int unheard,
      @ForAll @IntRange(max = 50) int upheld,
      @ForAll @IntRange(max = 50) int overturned) {
    Appeals appeals = new Appeals(0.5, 0.9, 0.3);
    for (int step = 0; step < 3; step++) {
      appeals.step(accepted, unheard + upheld + overturned, upheld + overturned, overturned);
      Appeals.Estimate e = appeals.estimate();
      assertTrue(0 <= e.low() && e.low() <= e.high() && e.high() <= 0.65, e.toString());
      assertTrue(e.rate() >= 0 && e.rate() <= 0.65, e.toString());
      assertTrue(appeals.channel().gain() >= 0.05 - 1e-12);
    }
  }

  @Test
  void theDrawnShareIsTheOneAskedFor() {
    Appeals appeals = new Appeals(0.1, 0.9, 0);
    var random = new SplittableRandom(1);
    int drawn = 0;
    for (int i = 0; i < 10_000; i++) {
      drawn += appeals.drawn(random) ? 1 : 0;
    }
    assertEquals(1000, drawn, 120); // four standard deviations
  }

  @Test
  void countsThatCannotBeAreRefused() {
    Appeals appeals = new Appeals(0.1, 0.9, 0);
    assertThrows(IllegalArgumentException.class, () -> appeals.step(1, 2, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> appeals.step(1, 3, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> appeals.step(-1, 3, 2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Appeals(0, 0.9, 0));
    assertThrows(IllegalArgumentException.class, () -> new Appeals(0.1, 1.1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Appeals(0.1, 0.9, 0.95));
  }
}
