package dev.goodhart.verify.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What only the computer algebra system decides. */
class SymjaTest {
  private static final MathOptions PATIENT = new MathOptions(1e-6, 0, true, false, 60);

  private static Verdict compare(String reference, String answer) {
    return new MathEquality(PATIENT).compare(reference, answer);
  }

  @Test
  void limitsAreItsBusiness() {
    assertInstanceOf(
        Verdict.Undecided.class,
        new MathEquality(PATIENT, Algebra.NONE).compare("\\lim_{x\\to 0}\\frac{\\sin x}{x}", "1"));
    assertTrue(compare("\\lim_{x\\to 0}\\frac{\\sin x}{x}", "1").isEqual());
    assertEquals(new Verdict.Different(), compare("\\lim_{x\\to 0}\\frac{\\sin x}{x}", "2"));
  }

  @Test
  void sumsWithSymbolicBoundsAreToo() {
    assertTrue(compare("\\sum_{k=1}^{n}k^2", "\\frac{n(n+1)(2n+1)}{6}").isEqual());
    assertFalse(compare("\\sum_{k=1}^{n}k^2", "\\frac{n(n+1)}{2}").isEqual());
  }

  @Test
  void itIsNotAskedForWhatIsDecidedWithoutIt() {
    Algebra never =
        (difference, commonLog, options) -> {
          throw new AssertionError("asked for " + difference);
        };
    MathEquality strict = new MathEquality(MathOptions.DEFAULT, never);
    for (EqualityTest.Case c : EqualityTest.cases()) {
      strict.compare(c.reference(), c.answer());
    }
  }

  @Test
  void itIsNotGivenWhatItCannotHold() {
    assertEquals(
        Outcome.UNKNOWN,
        Symja.SHARED.isZero(Parser.parse("9^{9^{9^9}}", Lexer.Commas.GROUP), false, PATIENT));
    assertEquals(
        Outcome.UNKNOWN,
        Symja.SHARED.isZero(Parser.parse("x^{100000}-1", Lexer.Commas.GROUP), false, PATIENT));
  }

  @Test
  void itsTimeIsLimited() {
    Symja.SHARED.isZero(Parser.parse("x-x", Lexer.Commas.GROUP), false, PATIENT); // start it
    long start = System.nanoTime();
    Expr hard =
        Parser.parse(
            "\\int \\frac{\\sin(x^3+e^{x})}{\\ln(x)+\\cos(x^2)}dx-\\int\\frac{x^x}{1+\\sin x}dx",
            Lexer.Commas.GROUP);
    Symja.SHARED.isZero(hard, false, new MathOptions(1e-6, 0, true, false, 0.2));
    assertTrue(System.nanoTime() - start < 20_000_000_000L);
  }
}
