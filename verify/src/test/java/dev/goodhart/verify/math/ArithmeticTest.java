package dev.goodhart.verify.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The parts that everything rests on, against other ways to the same number. */
class ArithmeticTest {
  private static Expr read(String text) {
    return Parser.parse(text, Lexer.Commas.GROUP);
  }

  /** Fifty decimals of well-known constants, from tables. */
  @Test
  void preciseValuesHaveTheDigitsOfTheTables() {
    assertDigits("\\pi", "3.14159265358979323846264338327950288419716939937511");
    assertDigits("e", "2.71828182845904523536028747135266249775724709369996");
    assertDigits("\\sqrt{2}", "1.41421356237309504880168872420969807856967187537695");
    assertDigits("\\ln 2", "0.69314718055994530941723212145817656807550013436026");
    assertDigits("\\frac{1+\\sqrt{5}}{2}", "1.61803398874989484820458683436563811772030917980576");
    assertDigits("\\sqrt[3]{2}", "1.25992104989487316476721060727822835057025146470151");
    assertDigits("\\ln 10", "2.30258509299404568401799145468436420760110148862877");
    assertDigits("\\sin 1", "0.84147098480789650665250232163029899962256306079837");
    assertDigits("\\cos 1", "0.54030230586813971740093660744297660373231042061792");
    assertDigits("\\arctan 2", "1.10714871779409050301706546017853704007004764540143");
    assertDigits("e^{\\pi}", "23.14069263277926900572908636794854738026610624260021");
  }

  private static void assertDigits(String expression, String digits) {
    BigDecimal value = new Precise(false).of(read(expression));
    assertNotNull(value);
    BigDecimal error = value.subtract(new BigDecimal(digits)).abs();
    assertTrue(error.compareTo(new BigDecimal("1e-49")) < 0, () -> expression + " = " + value);
  }

  /** Ramanujan's constant is within 1e-12 of a whole number, and is none. */
  @Test
  void almostIntegersAreNoIntegers() {
    MathEquality own = new MathEquality(MathOptions.DEFAULT, Algebra.NONE);
    assertEquals(new Verdict.Different(), own.compare("262537412640768744", "e^{\\pi\\sqrt{163}}"));
  }

  @Property(tries = 300)
  void doublesCarryABoundThatHolds(
      @ForAll @IntRange(min = 1, max = 400) int a,
      @ForAll @IntRange(min = 1, max = 400) int b,
      @ForAll @IntRange(min = 1, max = 40) int c) {
    String text =
        "\\sqrt{"
            + a
            + "+\\pi}\\cdot\\sin("
            + b
            + ")-\\ln("
            + c
            + "+e)\\cdot e^{\\frac{"
            + a
            + "}{"
            + b
            + "}}";
    Complex fast = new Numeric(name -> 0, false).of(read(text));
    BigDecimal slow = new Precise(false).of(read(text));
    Assume.that(fast.isFinite() && slow != null);
    double off = slow.subtract(new BigDecimal(fast.re())).abs().doubleValue();
    assertTrue(
        off <= 4 * fast.error(), () -> text + " is off by " + off + ", bound " + fast.error());
    assertTrue(fast.error() <= 1e-9 * Math.max(1, fast.abs()), "a bound that says something");
  }

  @Property(tries = 300)
  void residuesAreThoseOfTheIntegers(
      @ForAll long a, @ForAll long b, @ForAll @IntRange(max = 60) int n) {
    BigInteger prime = BigInteger.valueOf(Modular.PRIME);
    BigInteger expected =
        BigInteger.valueOf(a)
            .pow(n)
            .subtract(BigInteger.valueOf(b))
            .multiply(BigInteger.valueOf(a))
            .mod(prime);
    long found =
        new Modular(name -> 0).of(read("((" + a + ")^{" + n + "}-(" + b + "))\\cdot(" + a + ")"));
    assertEquals(expected.longValueExact(), found);
  }

  @Test
  void quadratureKnowsTheClassics() {
    assertIntegral("\\int_0^1 x^{-1/2} dx", 2);
    assertIntegral("\\int_0^{\\infty} e^{-x^2} dx", Math.sqrt(Math.PI) / 2);
    assertIntegral("\\int_{-\\infty}^{\\infty} \\frac{1}{1+x^2} dx", Math.PI);
    assertIntegral("\\int_0^1 \\ln x dx", -1);
    assertIntegral("\\int_0^{\\pi} x\\sin x dx", Math.PI);
  }

  private static void assertIntegral(String text, double value) {
    Complex found = new Numeric(name -> 0, false).of(read(text));
    assertEquals(value, found.re(), Math.max(found.error(), 1e-12));
    assertTrue(found.error() < 1e-9, () -> text + ": " + found);
  }

  @Test
  void derivativesAreTheKnownOnes() {
    MathEquality own = new MathEquality(MathOptions.DEFAULT, Algebra.NONE);
    assertEquals(new Verdict.Equal(), own.compare("\\frac{d}{dx}(x^x)", "x^x(\\ln x+1)"));
    assertEquals(
        new Verdict.Equal(),
        own.compare(
            "\\frac{d}{dx}\\left(\\frac{\\sin x}{x}\\right)", "\\frac{x\\cos x-\\sin x}{x^2}"));
    assertEquals(new Verdict.Equal(), own.compare("\\frac{d}{dx}(\\arctan x)", "\\frac{1}{1+x^2}"));
    assertEquals(
        new Verdict.Different(), own.compare("\\frac{d}{dx}(\\arctan x)", "\\frac{1}{1-x^2}"));
  }

  @Property(tries = 200)
  void rationalsAreOrderedAsDecimals(
      @ForAll int a,
      @ForAll @IntRange(min = 1) int b,
      @ForAll int c,
      @ForAll @IntRange(min = 1) int d) {
    Rational x = Rational.of(a, b);
    Rational y = Rational.of(c, d);
    assertEquals(Long.compare((long) a * d, (long) c * b), x.compareTo(y));
    assertEquals(x, x.plus(y).minus(y));
    assertEquals((double) a / b, x.doubleValue(), Math.abs((double) a / b) * 1e-15);
    assertEquals(BigInteger.valueOf(Math.floorDiv(a, b)), x.floor());
  }

  @Test
  void numbersAreBounded() {
    assertThrows(TooLarge.class, () -> Rational.of(2).pow(1_000_000));
    assertThrows(TooLarge.class, () -> Exact.rational(read("(10^{20})!")));
    assertThrows(TooLarge.class, () -> Rational.decimal(BigInteger.ONE, 1_000_000));
  }
}
