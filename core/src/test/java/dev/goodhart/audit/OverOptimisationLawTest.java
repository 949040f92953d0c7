package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.Finding.Level;
import dev.goodhart.audit.OverOptimisationLaw.Form;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class OverOptimisationLawTest {
  /** a = 2, b = 1: peak at d = e, of e. */
  @Test
  void theLogarithmicPeakByHand() {
    var law = new OverOptimisationLaw(Form.LOGARITHMIC, 2, 1, 0, 0, 0);
    assertEquals(Math.E * Math.E, law.peakKl(), 1e-12);
    assertEquals(Math.E, law.peak(), 1e-12);
    assertEquals(0, law.at(0), 0);
    assertEquals(2, law.at(1), 1e-15); // ln 1 = 0
    assertEquals(0, law.at(Math.exp(4)), 1e-12); // ln d = a / b
  }

  /** a = 2, b = 1/2: d (2 - d/2) peaks at d = 2, of 2; KL (2 - KL/2) at KL = 2, of 2. */
  @Test
  void theOtherPeaksByHand() {
    var linear = new OverOptimisationLaw(Form.LINEAR, 2, 0.5, 0, 0, 0);
    assertEquals(4, linear.peakKl(), 1e-15);
    assertEquals(2, linear.peak(), 1e-15);
    var inKl = new OverOptimisationLaw(Form.IN_KL, 2, 0.5, 0, 0, 0);
    assertEquals(2, inKl.peakKl(), 1e-15);
    assertEquals(2, inKl.peak(), 1e-15);
    // best-of-n is 4 nats away at n with log n - (n-1)/n = 4
    double n = linear.peakN();
    assertEquals(4, Math.log(n) - (n - 1) / n, 1e-9);
  }

  @Property(tries = 100)
  void whatHasTheFormIsFoundAgain(
      @ForAll @DoubleRange(min = -3, max = 3) double a,
      @ForAll @DoubleRange(min = -2, max = 2) double b,
      @ForAll Form form) {
    double[] kl = {0, 0.01, 0.1, 0.5, 2, 8, 30};
    var law = new OverOptimisationLaw(form, a, b, 0, 0, 0);
    double[] gains = Arrays.stream(kl).map(law::at).toArray();
    var found = OverOptimisationLaw.fit(form, kl, gains);
    assertEquals(a, found.a(), 1e-7);
    assertEquals(b, found.b(), 1e-7);
    assertTrue(found.rmse() < 1e-7);
  }

  /** No point near the peak is higher, whatever the constants. */
  @Property(tries = 100)
  void thePeakIsOne(
      @ForAll @DoubleRange(min = 0.1, max = 3) double a,
      @ForAll @DoubleRange(min = 0.3, max = 2) double b,
      @ForAll Form form) {
    var law = new OverOptimisationLaw(form, a, b, 0, 0, 0);
    for (double other : new double[] {0.25, 0.9, 0.99, 1.01, 1.1, 4}) {
      assertTrue(law.at(law.peakKl() * other) <= law.peak() + 1e-12);
    }
  }

  /** Of 200 noisy curves the constants lie within three of their errors, and the errors fit. */
  @Test
  void errorsAreThoseOfNoisyCurves() {
    var law = new OverOptimisationLaw(Form.LOGARITHMIC, 1.5, 0.8, 0, 0, 0);
    double[] kl = new double[20];
    Arrays.setAll(kl, i -> Math.exp(-3 + 0.35 * i));
    SplittableRandom random = new SplittableRandom(3);
    int far = 0;
    double squares = 0;
    for (int curve = 0; curve < 200; curve++) {
      double[] gains =
          Arrays.stream(kl).map(x -> law.at(x) + 0.1 * random.nextGaussian()).toArray();
      var found = OverOptimisationLaw.fit(Form.LOGARITHMIC, kl, gains);
      double miss = (found.b() - 0.8) / found.bError();
      squares += miss * miss / 200;
      far += Math.abs(miss) > 3 || Math.abs(found.a() - 1.5) > 3 * found.aError() ? 1 : 0;
    }
    assertTrue(far <= 8, far + " of 200 beyond three errors"); // t with 18: 0.8 % each
    assertEquals(18 / 16.0, squares, 0.35); // variance of t with 18 degrees of freedom
  }

  /** An interval over eight runs holds the peak they share. */
  @Test
  void thePeakHasAnInterval() {
    var law = new OverOptimisationLaw(Form.LOGARITHMIC, 1.5, 1, 0, 0, 0);
    SplittableRandom random = new SplittableRandom(5);
    double[] kl = new double[64];
    int[] run = new int[64];
    double[] gains = new double[64];
    for (int i = 0; i < 64; i++) {
      run[i] = i / 8;
      kl[i] = Math.exp(-2 + 0.6 * (i % 8));
      gains[i] = law.at(kl[i]) + 0.05 * random.nextGaussian();
    }
    Interval peak =
        OverOptimisationLaw.peakInterval(
            Form.LOGARITHMIC, kl, gains, run, new Bootstrap(300, 0.99, 1));
    assertTrue(peak.low() < law.peakKl() && law.peakKl() < peak.high(), peak.text());
    assertTrue(peak.high() - peak.low() < law.peakKl());
  }

  @Test
  void pastThePeakIsAnAlarm() {
    var law = new OverOptimisationLaw(Form.LINEAR, 2, 0.5, 0, 0, 0.01);
    assertEquals(Level.NOTE, law.finding(1).level());
    Finding past = law.finding(9); // d = 3, gold 1.5 of 2
    assertEquals(Level.ALARM, past.level());
    assertEquals(0.5, past.figures().get("lost"), 1e-12);
    assertTrue(past.says().contains("1.50 times"), past.says());
    var rising = new OverOptimisationLaw(Form.LINEAR, 2, -0.5, 0, 0, 0.01);
    assertEquals(Level.FINE, rising.finding(9).level());
    assertEquals(Double.POSITIVE_INFINITY, rising.peakN());
  }

  @Test
  void fewerThanThreePointsAreNoLaw() {
    double[] two = {0, 1, 2};
    assertThrows(
        IllegalArgumentException.class, () -> OverOptimisationLaw.fit(Form.LINEAR, two, two));
    double[] same = {1, 1, 1};
    assertThrows(
        IllegalArgumentException.class, () -> OverOptimisationLaw.fit(Form.LINEAR, same, same));
    double[] three = {-1, 1, 2};
    assertThrows(
        IllegalArgumentException.class, () -> OverOptimisationLaw.fit(Form.LINEAR, three, three));
  }
}
