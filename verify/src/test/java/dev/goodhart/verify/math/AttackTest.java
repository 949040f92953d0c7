package dev.goodhart.verify.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the answer is, there is a verdict soon, and it is not "right". */
class AttackTest {
  private static final List<String> REFERENCES =
      List.of(
          "7",
          "x^2+1",
          "\\{1,2,3\\}",
          "(1,2)",
          "\\sqrt{2}+\\sqrt{3}",
          "\\frac{\\pi}{4}+k\\pi",
          "no solution",
          "x<7",
          "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}");

  /** Milliseconds are normal; this is for a loaded machine. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  static Map<String, String> attacks() {
    Map<String, String> attacks = new TreeMap<>();
    attacks.put("a tower of powers", "9^{9^{9^9}}");
    attacks.put("a power of a sum", "(x+1)^{1000000}");
    attacks.put("a power of many variables", "(a+b+c+d+e+f)^{30}-1");
    attacks.put("nested powers of sums", "((((x+1)^{20}+1)^{20}+1)^{20}+1)^{20}");
    attacks.put("a huge factorial", "(10^{1000})!");
    attacks.put("factorials of factorials", "9!!!!!!!!");
    attacks.put("a huge binomial", "\\binom{10^9}{10^8}");
    attacks.put("an endless product", "\\prod_{k=1}^{100000000} k");
    attacks.put("a double sum", "\\sum_{k=1}^{1000000}\\sum_{j=1}^{1000000}kj");
    attacks.put("a wild integral", "\\int_0^1\\sin(1/x)dx");
    attacks.put("integrals of integrals", "\\int_0^1\\int_0^1\\int_0^1\\int_0^1 xyzt dx dy dz dt");
    attacks.put("braces", "{".repeat(50_000));
    attacks.put("balanced braces", "{".repeat(50_000) + "7" + "}".repeat(50_000));
    attacks.put("brackets", "(".repeat(100_000));
    attacks.put("boxes", "\\boxed{".repeat(14_000));
    attacks.put("bars", "|".repeat(20_000));
    attacks.put("fractions without arguments", "\\frac".repeat(20_000));
    attacks.put("a continued fraction", "\\frac{1}{1+".repeat(90) + "1" + "}".repeat(90));
    attacks.put("nested roots", "\\sqrt{".repeat(90) + "2" + "}".repeat(90));
    attacks.put("nested text", "\\text{".repeat(15_000));
    attacks.put("formulas in text", "\\text{$".repeat(5_000));
    attacks.put("a long sum", "1+".repeat(50_000) + "1");
    attacks.put("a sum of variables", "x+y+".repeat(2_000) + "z");
    attacks.put("a long list", "1,".repeat(9_000) + "1");
    attacks.put("a long set", "\\{" + "x,".repeat(399) + "y\\}");
    attacks.put("a long chain", "1=".repeat(5_000) + "2");
    attacks.put("a chain of inequalities", "x<".repeat(5_000) + "1");
    attacks.put("signs", "-".repeat(19_001) + "7");
    attacks.put("many signs of two kinds", "\\pm 1".repeat(300));
    attacks.put("a number of 100,000 digits", "1" + "0".repeat(100_000));
    attacks.put("a decimal of 100,000 places", "0." + "3".repeat(100_000));
    attacks.put("a huge exponent", "1e999999999");
    attacks.put("a huge power of ten", "10^{10^{10}}-10^{10^{10}}");
    attacks.put("one over a tower", "\\frac{1}{9^{9^9}}");
    attacks.put("a power tower of variables", "x^".repeat(9_000) + "x");
    attacks.put("indices of indices", "x_".repeat(9_000) + "x");
    attacks.put("primes", "x" + "'".repeat(10_000));
    attacks.put("functions of functions", "\\sin ".repeat(2_000) + "x");
    attacks.put("a root of many digits", "\\sqrt{" + "7".repeat(3_000) + "}");
    attacks.put("a wide matrix", "\\begin{pmatrix}" + "1&".repeat(3_000) + "1\\end{pmatrix}");
    attacks.put(
        "a determinant",
        "\\begin{vmatrix}" + ("1&".repeat(19) + "1\\\\").repeat(20) + "\\end{vmatrix}");
    attacks.put("open environments", "\\begin{cases}".repeat(5_000));
    attacks.put("unions", "(1,2)\\cup".repeat(1_500) + "(3,4)");
    attacks.put("dollar signs", "$".repeat(100_000));
    attacks.put("open formulas", "\\( 5 ".repeat(20_000));
    attacks.put("cues", "the answer is ".repeat(8_000));
    attacks.put("tags", "<answer>".repeat(12_000));
    attacks.put("hashes", "#### ".repeat(20_000));
    attacks.put("words", "word ".repeat(20_000));
    attacks.put("options", "the option is ".repeat(8_000));
    attacks.put("answers", "answer".repeat(20_000));
    attacks.put("lists in words", "they are " + "1, ".repeat(20_000) + "1 and 8");
    attacks.put("a million backslashes", "\\".repeat(1_000_000));
    attacks.put("a million digits", "8".repeat(1_000_000));
    attacks.put("nested braces of sets", "\\{".repeat(30_000));
    attacks.put("norms", "\\|".repeat(20_000));
    attacks.put("a chain of names", "x=".repeat(5_000) + "8");
    attacks.put("superscripts", "x" + "²".repeat(10_000));
    attacks.put("control characters", "\u0000\uFFFF\uD800".repeat(1_000));
    attacks.put("an undefined value", "\\tan(\\pi/2)+1/0");
    attacks.put("tangents of large numbers", "\\arctan(\\tan(10^{300}))");
    return attacks;
  }

  static java.util.stream.Stream<String> names() {
    return attacks().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void isAnsweredWithinTheLimit(String name) {
    MathVerifier verifier = new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 0, true, false, 0.5);
    String attack = attacks().getOrDefault(name, "");
    for (String response : List.of(attack, "\\boxed{" + attack + "}")) {
      for (String reference : REFERENCES) {
        Reward reward =
            assertTimeoutPreemptively(LIMIT, () -> verifier.of(Sample.of("", response, reference)));
        assertFalse(reward instanceof Scored s && s.value() == 1, () -> "right for " + reference);
      }
    }
  }

  @Test
  void howeverLittleStackThereIsTheAnswerIsAReward() throws InterruptedException {
    MathVerifier verifier = new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 0, true, false, 0);
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    for (String attack : attacks().values()) {
      Thread small =
          new Thread(null, () -> verifier.of(Sample.of("", attack, "7")), "small", 192 << 10);
      small.setUncaughtExceptionHandler((t, e) -> thrown.add(e));
      small.start();
      small.join(20_000);
    }
    assertEquals(List.of(), thrown);
  }

  @ParameterizedTest
  @MethodSource("names")
  void asAReferenceItIsAnsweredToo(String name) {
    MathVerifier verifier = new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 0, true, false, 0);
    String attack = attacks().getOrDefault(name, "");
    Reward reward =
        assertTimeoutPreemptively(
            LIMIT, () -> verifier.of(Sample.of("", "\\boxed{123456}", attack)));
    assertFalse(reward instanceof Scored s && s.value() == 1);
  }

  @Property(tries = 3_000)
  void anyTextIsAnswered(
      @ForAll @StringLength(max = 60) String response,
      @ForAll @StringLength(max = 30) String reference) {
    new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 0, true, false, 0)
        .of(Sample.of("", response, reference));
  }

  @Property(tries = 2_000)
  void aReadableTextAnswersItself(@ForAll @StringLength(max = 40) String text) {
    if (!Reading.of(text).meanings().isEmpty()) {
      assertEquals(
          new Verdict.Equal(),
          new MathEquality(MathOptions.DEFAULT, Algebra.NONE).compare(text, text));
    }
  }
}
