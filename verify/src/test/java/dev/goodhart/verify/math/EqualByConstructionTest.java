package dev.goodhart.verify.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** One thing written in two ways is equal; the same with a change is not. */
class EqualByConstructionTest {
  private static final MathEquality OWN = new MathEquality(MathOptions.DEFAULT, Algebra.NONE);

  private static void same(String reference, String answer) {
    assertEquals(
        new Verdict.Equal(), OWN.compare(reference, answer), () -> reference + " = " + answer);
  }

  private static void different(String reference, String answer) {
    assertEquals(
        new Verdict.Different(), OWN.compare(reference, answer), () -> reference + " ≠ " + answer);
  }

  @Property(tries = 300)
  void fractionsInManyWays(
      @ForAll @IntRange(min = -999, max = 999) int p,
      @ForAll @IntRange(min = 1, max = 99) int q,
      @ForAll @IntRange(min = 2, max = 9) int k) {
    String plain = p + "/" + q;
    same("\\frac{" + p + "}{" + q + "}", plain);
    same(plain, "\\dfrac{" + p * k + "}{" + q * k + "}");
    same(plain, "\\frac{" + -p + "}{" + -q + "}");
    same(plain, p + "\\div" + q);
    same(plain, p * k + "\\cdot\\frac{1}{" + q * k + "}");
    different(plain, "\\frac{" + (p + 1) + "}{" + q + "}");
    different(plain, "\\frac{" + p * k + "+1}{" + q * k + "}");
  }

  @Property(tries = 200)
  void mixedNumbers(
      @ForAll @IntRange(min = 1, max = 99) int whole,
      @ForAll @IntRange(min = 2, max = 30) int q,
      @ForAll @IntRange(min = 1, max = 29) int p) {
    Assume.that(p < q);
    String mixed = whole + "\\frac{" + p + "}{" + q + "}";
    same(mixed, "\\frac{" + (whole * q + p) + "}{" + q + "}");
    same(mixed, whole + " " + p + "/" + q);
    same("-" + mixed, "-\\frac{" + (whole * q + p) + "}{" + q + "}");
    different(mixed, "\\frac{" + whole * p + "}{" + q + "}");
  }

  @Property(tries = 300)
  void integersWithSeparators(@ForAll long n) {
    String grouped = String.format(java.util.Locale.ROOT, "%,d", n);
    same(String.valueOf(n), grouped);
    same(grouped, grouped.replace(",", "{,}"));
    same(grouped, grouped.replace(",", "\\,"));
    same(String.valueOf(n), n + ".0");
    different(String.valueOf(n), BigInteger.valueOf(n).add(BigInteger.ONE).toString());
  }

  @Property(tries = 300)
  void decimalsAsFractionsPercentagesAndPowersOfTen(
      @ForAll @IntRange(min = -99_999, max = 99_999) int digits,
      @ForAll @IntRange(min = 1, max = 4) int places) {
    String decimal = BigDecimal.valueOf(digits, places).toPlainString();
    same(decimal, digits + "/1" + "0".repeat(places));
    same(decimal, digits + "\\times 10^{-" + places + "}");
    same(decimal, digits + "e-" + places);
    same(decimal, BigDecimal.valueOf(digits, places - 2).toPlainString() + "\\%");
    different(decimal, BigDecimal.valueOf(digits + 1, places).toPlainString());
    if (digits != 0) {
      different(decimal, BigDecimal.valueOf(digits, places + 1).toPlainString());
      different(decimal, BigDecimal.valueOf(-digits, places).toPlainString());
    }
  }

  /** Coefficients of Π (x − rᵢ), lowest first. */
  private static List<Long> expanded(List<Integer> roots) {
    List<Long> c = new ArrayList<>(List.of(1L));
    for (int r : roots) {
      List<Long> next = new ArrayList<>(Collections.nCopies(c.size() + 1, 0L));
      for (int k = 0; k < c.size(); k++) {
        next.set(k + 1, next.get(k + 1) + c.get(k));
        next.set(k, next.get(k) - r * c.get(k));
      }
      c = next;
    }
    return c;
  }

  private static String sum(List<Long> coefficients, Random order) {
    List<String> terms = new ArrayList<>();
    for (int k = 0; k < coefficients.size(); k++) {
      terms.add("(" + coefficients.get(k) + ")x^{" + k + "}");
    }
    Collections.shuffle(terms, order);
    return String.join("+", terms);
  }

  @Property(tries = 200)
  void polynomialsExpandedAndFactored(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = -9, max = 9) Integer> roots,
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int at) {
    String factored = roots.stream().map(r -> "(x-(" + r + "))").collect(Collectors.joining());
    List<Long> coefficients = expanded(roots);
    same(factored, sum(coefficients, new Random(seed)));
    same(sum(coefficients, new Random(seed)), factored.replace(")(", ")\\cdot("));
    List<Long> off = new ArrayList<>(coefficients);
    off.set(at % off.size(), off.get(at % off.size()) + 1);
    different(factored, sum(off, new Random(seed)));
    same(factored + "=0", sum(coefficients, new Random(seed)).replace("x", " x ") + "=0");
    if (roots.stream().anyMatch(r -> r != 0)) { // else x^n = 0 and 2x^n = 0
      different(factored + "=0", sum(off, new Random(seed)) + "=0");
    }
  }

  @Property(tries = 200)
  void sumsOfSquareRoots(
      @ForAll @IntRange(min = 1, max = 200) int a,
      @ForAll @IntRange(min = 2, max = 60) int b,
      @ForAll @IntRange(min = 1, max = 12) int k) {
    same("\\sqrt{" + a * k * k + "}+" + b, b + "+" + k + "\\sqrt{" + a + "}");
    same("\\frac{" + k + "}{\\sqrt{" + a + "}}", "\\frac{" + k + "\\sqrt{" + a + "}}{" + a + "}");
    // (√a + √b)² = a + b + 2√(ab)
    same("\\sqrt{" + a + "}+\\sqrt{" + b + "}", "\\sqrt{" + (a + b) + "+2\\sqrt{" + a * b + "}}");
    different("\\sqrt{" + a + "}+\\sqrt{" + b + "}", "\\sqrt{" + (a + b) + "}");
    different(
        "\\sqrt{" + a + "}+\\sqrt{" + b + "}",
        "\\sqrt{" + (a + b) + "+2\\sqrt{" + (a * b + 1) + "}}");
  }

  @Property(tries = 200)
  void complexProducts(
      @ForAll @IntRange(min = -9, max = 9) int a,
      @ForAll @IntRange(min = -9, max = 9) int b,
      @ForAll @IntRange(min = -9, max = 9) int c,
      @ForAll @IntRange(min = -9, max = 9) int d) {
    String product = "(" + a + "+(" + b + ")i)(" + c + "+(" + d + ")i)";
    same(product, (a * c - b * d) + "+(" + (a * d + b * c) + ")i");
    different(product, (a * c - b * d) + "+(" + (a * d + b * c + 1) + ")i");
    Assume.that(c != 0 || d != 0);
    same(
        "\\frac{" + a + "+(" + b + ")i}{" + c + "+(" + d + ")i}",
        "\\frac{(" + a + "+(" + b + ")i)(" + c + "-(" + d + ")i)}{" + (c * c + d * d) + "}");
  }

  @Property(tries = 200)
  void setsInAnyOrderTuplesInTheirs(
      @ForAll @Size(min = 2, max = 7) List<@IntRange(min = -50, max = 50) Integer> elements,
      @ForAll long seed) {
    List<Integer> distinct = elements.stream().distinct().toList();
    Assume.that(distinct.size() > 1);
    List<Integer> shuffled = new ArrayList<>(distinct);
    Collections.shuffle(shuffled, new Random(seed));
    String listed = joined(distinct);
    same("\\{" + listed + "\\}", "\\{" + joined(shuffled) + "\\}");
    same("\\{" + listed + "\\}", joined(shuffled));
    same("(" + listed + ")", "\\left(" + listed + "\\right)");
    if (!shuffled.equals(distinct)) {
      different("(" + listed + ")", "(" + joined(shuffled) + ")");
    }
    different("\\{" + listed + "\\}", "\\{" + listed + ", 51\\}");
    different("\\{" + listed + "\\}", "\\{" + joined(distinct.subList(1, distinct.size())) + "\\}");
    different("(" + listed + ")", "\\{" + listed + "\\}");
  }

  private static String joined(List<Integer> elements) {
    return elements.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  @Property(tries = 200)
  void intervalsAndInequalities(
      @ForAll @IntRange(min = -50, max = 50) int a,
      @ForAll @IntRange(min = 1, max = 50) int width,
      @ForAll boolean left,
      @ForAll boolean right) {
    int b = a + width;
    String interval = (left ? "[" : "(") + a + "," + b + (right ? "]" : ")");
    String inequality = a + (left ? "\\le" : "<") + " x " + (right ? "\\leq " : "<") + b;
    String mirrored = b + (right ? "\\ge" : ">") + " x " + (left ? "\\geq " : ">") + a;
    same(inequality, interval);
    same(inequality, mirrored);
    same(interval, "x\\in" + interval);
    different(interval, inequality);
    different(interval, (left ? "(" : "[") + a + "," + b + (right ? "]" : ")"));
    different(inequality, (left ? "[" : "(") + a + "," + (b + 1) + (right ? "]" : ")"));
    String outside =
        "(-\\infty," + a + (left ? ")" : "]") + "\\cup" + (right ? "(" : "[") + b + ",\\infty)";
    same("\\mathbb{R}\\setminus" + interval, outside);
    different(interval, outside);
  }

  @Property(tries = 150)
  void linesInManyForms(
      @ForAll @IntRange(min = -9, max = 9) int m,
      @ForAll @IntRange(min = -9, max = 9) int c,
      @ForAll @IntRange(min = 2, max = 9) int k) {
    Assume.that(m != 0);
    String line = "y=" + m + "x+(" + c + ")";
    same(line, k + "y=" + k * m + "x+(" + k * c + ")");
    same(line, -m + "x+y-(" + c + ")=0");
    same(line, m + "x+(" + c + ")");
    different(line, "y=" + m + "x+(" + (c + 1) + ")");
    different(line, "y=" + (m + 10) + "x+(" + c + ")");
  }

  @Property(tries = 150)
  void assignmentsAnswerForTheirValueRelationsDoNot(
      @ForAll @IntRange(min = -99, max = 99) int v, @ForAll @IntRange(min = 1, max = 9) int k) {
    same("x=" + v, String.valueOf(v));
    same(String.valueOf(v), "x=" + v);
    different("x+y=" + v, String.valueOf(v));
    different(String.valueOf(v), "x+y=" + v);
    different(String.valueOf(v), "x+" + k + "=" + v);
    different(String.valueOf(v), "x<" + v);
    different("x=" + v, "y=" + v);
  }

  @Property(tries = 100)
  void matricesTransposedAndScaled(
      @ForAll @Size(value = 6) List<@IntRange(min = -9, max = 9) Integer> e,
      @ForAll @IntRange(min = 2, max = 9) int k) {
    String matrix = grid(e, 1);
    same(matrix, matrix.replace("pmatrix", "bmatrix"));
    same(grid(e, k), k + matrix);
    same(
        "\\begin{pmatrix}%d&%d\\\\%d&%d\\\\%d&%d\\end{pmatrix}"
            .formatted(e.get(0), e.get(3), e.get(1), e.get(4), e.get(2), e.get(5)),
        matrix + "^T");
    List<Integer> off = new ArrayList<>(e);
    off.set(k % 6, off.get(k % 6) + 1);
    different(matrix, grid(off, 1));
  }

  private static String grid(List<Integer> e, int k) {
    return "\\begin{pmatrix}%d&%d&%d\\\\%d&%d&%d\\end{pmatrix}"
        .formatted(e.stream().map(x -> (Object) (x * k)).toArray());
  }

  @Property(tries = 150)
  void logarithmsOfProducts(
      @ForAll @IntRange(min = 2, max = 500) int a, @ForAll @IntRange(min = 2, max = 500) int b) {
    same("\\ln " + a * b, "\\ln " + a + "+\\ln " + b);
    same("\\log_{" + a + "}" + b, "\\frac{\\ln " + b + "}{\\ln " + a + "}");
    different("\\ln " + a * b, "\\ln(" + (a + b) + "+" + a * b + ")");
  }

  @Property(tries = 150)
  void anglesAndTheirFunctions(@ForAll @IntRange(min = -24, max = 24) int k) {
    String angle = "\\frac{" + k + "\\pi}{12}";
    same("\\sin^2(" + angle + ")+\\cos^2(" + angle + ")", "1");
    same("\\sin(2\\cdot" + angle + ")", "2\\sin(" + angle + ")\\cos(" + angle + ")");
    same("\\cos(" + angle + ")", "\\sin(\\frac{\\pi}{2}-" + angle + ")");
    same("\\cos(" + 15 * k + "^\\circ)", "\\cos(" + angle + ")");
    different("\\sin(" + angle + ")+2", "\\cos(" + angle + ")-2");
  }

  @Property(tries = 150)
  void quantitiesConvert(@ForAll @IntRange(min = 1, max = 9_999) int n) {
    same(n + "\\text{ km}", n * 1_000 + "\\text{ m}");
    same(n + "\\text{ hours}", n * 60 + "\\text{ minutes}");
    same(n + "\\text{ m}^2", n * 10_000 + "\\text{ cm}^2");
    same(n + "\\text{ cm}", String.valueOf(n));
    different(n + "\\text{ km}", n + "\\text{ m}");
    different(n + "\\text{ cm}", n + "\\text{ cm}^2");
  }
}
